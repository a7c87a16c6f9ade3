"""The whole way through the real local Cognito: login, page, callback, me, refresh, logout."""

import base64
import hashlib
from urllib.parse import urlsplit

import jwt
import pytest

from session.login import login_cookie
from tests.integration.cognito.conftest import Cognito
from tests.integration.cognito.http_client import Browser
from tests.integration.session.person import (
    APP_URL,
    CALLBACK_URL,
    SCOPES,
    Backend,
    Person,
    refresh_as_backend,
)

ACCESS, SESSION, LOGIN = "__Host-Http-access", "__Host-Http-session", "__Host-Http-login-"


def csrf_of(access_token: str) -> str:
    """As the Lambda authorizer computes it, with code of its own."""
    digest = hashlib.sha256(b"csrf:" + access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def test_login_sends_the_browser_to_the_issuer_with_pkce(person: Person, pool: Cognito) -> None:
    answer = person.login()
    assert answer.status == 302
    assert answer.headers["location"].startswith(f"{pool.server.url}/oauth2/authorize?")
    asked = answer.asked
    assert (asked["response_type"], asked["redirect_uri"]) == ("code", CALLBACK_URL)
    assert (asked["scope"], asked["code_challenge_method"]) == (SCOPES, "S256")
    drawn = {asked["state"], asked["nonce"], asked["code_challenge"]}
    assert {len(value) for value in drawn} == {43}
    again = person.login().asked
    assert drawn.isdisjoint({again["state"], again["nonce"], again["code_challenge"]})


def test_the_login_cookie_is_lax_lives_ten_minutes_and_tells_nothing(person: Person) -> None:
    answer = person.login()
    [line] = answer.set_cookies
    name, _, rest = line.partition("=")
    value, _, attributes = rest.partition("; ")
    assert name == login_cookie(answer.asked["state"])
    assert attributes == "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600"
    raw = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    for hidden in (answer.asked["state"], answer.asked["nonce"]):
        assert hidden not in value
        assert hidden.encode() not in raw


def test_a_sign_in_ends_on_the_page_with_both_cookies_strict(person: Person, pool: Cognito) -> None:
    answer = person.sign_in(pool)
    assert (answer.status, answer.headers["location"]) == (303, APP_URL)
    assert person.jar.keys() == {ACCESS, SESSION}
    assert {person.same_site[name] for name in person.jar} == {"Strict"}
    [access] = [line for line in answer.set_cookies if line.startswith(f"{ACCESS}=")]
    assert access.endswith("; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=600")


def test_the_access_cookie_is_the_access_token_as_it_is(signed_in: Person, pool: Cognito) -> None:
    claims = jwt.decode(signed_in.jar[ACCESS], options={"verify_signature": False})
    assert (claims["token_use"], claims["client_id"]) == ("access", "browser")
    assert claims["iss"] == pool.pool.issuer


def test_me_tells_claims_and_anti_csrf_tokens(signed_in: Person, pool: Cognito) -> None:
    answer = signed_in.me()
    told = answer.json
    access = signed_in.jar[ACCESS]
    assert told["signed_in"] is True
    assert told["claims"]["id"]["email"] == pool.users["admin"].username
    assert told["claims"]["access"] == jwt.decode(access, options={"verify_signature": False})
    assert told["csrf_token"] == csrf_of(access)
    assert told["expires_at"] == told["claims"]["access"]["exp"] == int(pool.clock.now) + 600
    assert len(told["session_csrf_token"]) == 43
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["vary"] == "Cookie"


def test_whoever_has_not_signed_in_is_told_so(person: Person) -> None:
    answer = person.me()
    assert (answer.status, answer.json, answer.set_cookies) == (200, {"signed_in": False}, ())


def test_two_people_are_told_apart(backend: Backend, pool: Cognito) -> None:
    told = []
    for who in ("admin", "user"):
        person = Person(backend)
        person.sign_in(pool, who)
        told.append(person.me().json)
    assert told[0]["claims"]["id"]["email"] == pool.users["admin"].username
    assert told[1]["claims"]["id"]["email"] == pool.users["user"].username
    assert told[0]["csrf_token"] != told[1]["csrf_token"]
    assert told[0]["session_csrf_token"] != told[1]["session_csrf_token"]


def test_a_second_sign_in_leaves_nothing_of_the_first(signed_in: Person, pool: Cognito) -> None:
    before = signed_in.me().json
    # Parts of an earlier, longer value, which do not come along with the callback.
    for name in (f"{ACCESS}-1", f"{ACCESS}-2", f"{SESSION}-1", f"{SESSION}-2"):
        signed_in.jar[name], signed_in.same_site[name] = "stale", "Strict"
    signed_in.sign_in(pool, "user")
    after = signed_in.me().json
    assert signed_in.jar.keys() == {ACCESS, SESSION}
    assert after["claims"]["id"]["sub"] != before["claims"]["id"]["sub"]
    assert after["session_csrf_token"] != before["session_csrf_token"]


def test_no_body_and_no_log_line_ever_holds_a_part_of_a_token(
    person: Person, backend: Backend, pool: Cognito, capsys: pytest.CaptureFixture[str]
) -> None:
    """Seen through everything that happens: each secret, and each segment of each token."""
    asked = person.login().asked
    hidden = {asked["state"], *person.jar.values()}
    admin = pool.users["admin"]
    back = Browser(pool).sign_in(asked, admin.username, admin.password)
    hidden.add(back.redirected["code"])
    person.callback(urlsplit(back.headers["location"]).query)
    for _ in range(2):
        hidden |= {*person.joined(ACCESS).split("."), person.joined(SESSION)}
        hidden.add(person.content()["refresh_token"])
        person.me()
        pool.clock.advance(30)
        person.refresh()
    person.callback(urlsplit(back.headers["location"]).query)
    person.logout(x_csrf_token="wrong")
    person.logout()
    person.me()
    said = "".join(backend.bodies) + capsys.readouterr().out
    assert said.count("session_request") >= 10
    # What is short would be found by chance.
    assert [text for text in hidden if len(text) < 20] == []
    assert [text for text in hidden if text in said] == []


def test_a_refresh_token_reaches_nobody_but_the_issuer(signed_in: Person, pool: Cognito) -> None:
    for value in signed_in.jar.values():
        assert refresh_as_backend(pool, value).json["error"] == "invalid_grant"


def test_a_route_that_is_not_ours_is_not_found(person: Person) -> None:
    assert person.ask("GET /session/other").status == 404
