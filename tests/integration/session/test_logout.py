"""Sign-out: here at once, at the issuer if it answers, and where its own session ends."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from function_kit.revocation.table_keys import ended_session_key
from session.browser_session import session_hash
from tests.alarms import rings
from tests.integration.cognito.conftest import Cognito
from tests.integration.cognito.http_client import Browser
from tests.integration.session.conftest import MakeClient
from tests.integration.session.faulty_issuer import FaultyIssuer, Said
from tests.integration.session.person import APP_URL, PUBLIC_URL, Person, refresh_as_backend
from tests.saved_queries import wrong_in


def query_of(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def test_a_sign_out_deletes_every_cookie_and_revokes_the_refresh_token(
    signed_in: Person, pool: Cognito
) -> None:
    refresh_token = signed_in.content()["refresh_token"]
    signed_in.login()  # a sign-in that was begun and left
    assert signed_in.logout().status == 200
    assert signed_in.jar == {}
    assert signed_in.me().json == {"signed_in": False}
    assert refresh_as_backend(pool, refresh_token).json["error"] == "invalid_grant"


def test_the_sessions_own_cookies_are_of_no_use_after_a_sign_out(signed_in: Person) -> None:
    kept = dict(signed_in.jar)
    signed_in.logout()
    signed_in.jar.update(kept)
    told = signed_in.me()
    assert (told.json, signed_in.jar) == ({"signed_in": False}, {})
    signed_in.jar.update(kept)
    headers = {"origin": PUBLIC_URL, "x-csrf-token": "any"}
    assert signed_in.ask("POST /session/refresh", "", headers).status == 401
    assert signed_in.jar == {}


def test_the_address_ends_the_browsers_session_at_cognito(person: Person, pool: Cognito) -> None:
    admin, at_cognito = pool.users["admin"], Browser(pool)
    back = at_cognito.sign_in(person.login().asked, admin.username, admin.password)
    person.callback(urlsplit(back.headers["location"]).query)
    url = person.logout().json["logout_url"]
    assert url.startswith(f"{pool.server.url}/logout?")
    asked = {name: values[0] for name, values in query_of(url).items()}
    assert asked == {"client_id": "browser", "logout_uri": APP_URL}
    ended = at_cognito.get("/logout", asked)
    assert (ended.status, ended.headers["location"]) == (302, APP_URL)
    again = at_cognito.get("/oauth2/authorize", person.login().asked)
    assert urlsplit(again.headers["location"]).path == "/login"


def test_another_issuer_is_told_in_the_standards_words_and_without_a_token(
    faulty: FaultyIssuer,
) -> None:
    person = Person(faulty.backend)
    faulty.sign_in(person)
    url = person.logout().json["logout_url"]
    assert url.startswith(f"{faulty.url}/end?")
    assert query_of(url) == {"client_id": ["browser"], "post_logout_redirect_uri": [APP_URL]}


def test_an_issuer_without_an_address_for_it_leads_back_to_the_page(faulty: FaultyIssuer) -> None:
    faulty.discovery |= {"end_session_endpoint": None, "revocation_endpoint": None}
    person = Person(faulty.backend)
    faulty.sign_in(person)
    assert person.logout().json == {"logout_url": APP_URL, "ended": True, "revoked": False}
    assert person.jar == {}
    assert "/revoke" not in faulty.paths()


def test_the_issuer_is_told_which_refresh_token_and_whose(faulty: FaultyIssuer) -> None:
    faulty.says["/revoke"] = (200, b"")
    person = Person(faulty.backend)
    faulty.sign_in(person)
    person.logout()
    assert faulty.asked[-1] == (
        "/revoke",
        {
            "token": "refresh-token-number-0",
            "token_type_hint": "refresh_token",
        },
    )


@pytest.mark.parametrize(
    ("says", "logged"), [((500, b""), "answered_500"), ((400, {"error": "x"}), "answered_400")]
)
def test_a_revocation_that_fails_is_logged_and_stops_nothing(
    faulty: FaultyIssuer, says: Said, logged: str, capsys: pytest.CaptureFixture[str]
) -> None:
    person = Person(faulty.backend)
    faulty.sign_in(person)
    faulty.says["/revoke"] = says
    told = person.logout()
    assert (told.status, told.json["ended"], told.json["revoked"]) == (200, True, False)
    assert person.jar == {}
    assert f'"revocation":"{logged}"' in capsys.readouterr().out


def test_a_session_without_a_refresh_token_has_nothing_to_revoke(faulty: FaultyIssuer) -> None:
    faulty.tokens["refresh_token"] = None
    person = Person(faulty.backend)
    faulty.sign_in(person)
    assert person.logout().status == 200
    assert person.jar == {}
    assert "/revoke" not in faulty.paths()


def test_an_issuer_that_is_silent_stops_no_sign_out(
    faulty: FaultyIssuer, capsys: pytest.CaptureFixture[str]
) -> None:
    person = Person(faulty.backend)
    faulty.sign_in(person)
    faulty.silent.set()
    assert person.logout().status == 200
    faulty.silent.clear()
    assert person.jar == {}
    assert '"revocation":"issuer_timeout"' in capsys.readouterr().out


def test_whoever_is_signed_out_already_is_told_the_same(person: Person, pool: Cognito) -> None:
    answer = person.logout(x_csrf_token="any")
    assert answer.status == 200
    assert answer.json["logout_url"].startswith(f"{pool.server.url}/logout?")


def test_without_a_discovery_document_the_page_is_where_a_sign_out_leads(
    faulty: FaultyIssuer,
) -> None:
    faulty.says["/.well-known/openid-configuration"] = (500, b"")
    headers = {"origin": PUBLIC_URL, "x-csrf-token": "any"}
    answer = Person(faulty.backend).ask("POST /session/logout", "", headers)
    assert answer.json == {"logout_url": APP_URL, "ended": True, "revoked": True}


def test_a_sign_out_has_the_browser_throw_away_what_it_keeps(signed_in: Person) -> None:
    answer = signed_in.logout()
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert answer.json["ended"] is True
    assert answer.json["revoked"] is True


def test_a_copy_of_the_cookies_is_ended_in_every_environment(signed_in: Person) -> None:
    kept = dict(signed_in.jar)
    signed_in.logout()
    elsewhere = Person(signed_in.backend.beside(), kept)
    assert elsewhere.me().json == {"signed_in": False}
    assert elsewhere.jar == {}


def test_the_table_forgets_a_session_when_it_would_be_over(signed_in: Person) -> None:
    content = signed_in.content()
    signed_in.logout()
    aws = signed_in.backend.aws
    items = aws.dynamodb.scan(TableName=aws.table, ConsistentRead=True)["Items"]
    key = ended_session_key(session_hash(content["id"]))
    [item] = [item for item in items if key.items() <= item.items()]
    assert item["expires_at"]["N"] == str(content["ends_at"])
    assert content["id"] not in json.dumps(items)


def test_a_table_that_does_not_answer_is_told_and_the_cookies_go_all_the_same(
    signed_in: Person, make_client: MakeClient, capsys: pytest.CaptureFixture[str]
) -> None:
    told = signed_in.me().json["session_csrf_token"]
    signed_in.backend = signed_in.backend.beside(
        dynamodb=make_client("http://127.0.0.1:9", "dynamodb")
    )
    headers = {"origin": PUBLIC_URL, "x-csrf-token": told}
    for answer in (signed_in.me(), signed_in.ask("POST /session/refresh", "", headers)):
        assert (answer.status, answer.set_cookies) == (503, ())
        assert int(answer.headers["retry-after"]) > 0
    answer = signed_in.ask("POST /session/logout", "", headers)
    assert (answer.json["ended"], answer.json["revoked"]) == (False, True)
    assert signed_in.jar == {}
    printed = capsys.readouterr().out
    assert rings("sign-out-incomplete", printed)
    assert wrong_in("sessions-refused", printed) == []


def test_a_sign_out_wins_over_a_renewal_that_is_under_way(faulty: FaultyIssuer) -> None:
    """The issuer revokes one token only, and has given out the next one meanwhile."""
    faulty.says["/revoke"] = (200, b"")
    person = Person(faulty.backend)
    faulty.sign_in(person)
    told = person.me().json["session_csrf_token"]
    headers = {"origin": PUBLIC_URL, "x-csrf-token": told}
    other_tab = Person(faulty.backend, dict(person.jar), dict(person.same_site))

    def sign_out_meanwhile() -> None:
        assert person.ask("POST /session/logout", "", headers).status == 200

    faulty.before_tokens = sign_out_meanwhile
    renewed = other_tab.ask("POST /session/refresh", "", headers)
    assert (renewed.status, other_tab.jar) == (401, {})
    revoked = [form["token"] for path, form in faulty.asked if path == "/revoke"]
    assert revoked == ["refresh-token-number-0", "refresh-token-number-1"]
