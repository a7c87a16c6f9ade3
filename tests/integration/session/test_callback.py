"""The issuer's answer, and every answer that is not: a page in words, and nobody signed in."""

import re
from urllib.parse import urlencode, urlsplit

import pytest

from session.cookies import LOGIN_PREFIX
from session.login import login_cookie
from tests.integration.cognito.conftest import Cognito
from tests.integration.cognito.http_client import Browser
from tests.integration.session.person import Answer, Backend, Person

NO_SUCH = "This browser did not begin this sign-in, or has finished it."
HOSTILE = "<script>alert(1)</script>\"'&"


def is_refusal_in_words(answer: Answer, *words: str, status: int = 400) -> bool:
    assert answer.status == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(policy)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["strict-transport-security"] == "max-age=63072000"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "webrtc 'block'" in policy
    assert '<a href="/session/login">' in answer.body
    assert not re.search(r"<script|<style|style=|\son\w+=", answer.body)
    return all(word in answer.body for word in words)


def answered(person: Person, **changes: str | None) -> Answer:
    """An answer to a sign-in that has begun, with changes."""
    query = {"code": "a-code", "state": person.login().asked["state"], **changes}
    return person.callback(urlencode({k: v for k, v in query.items() if v is not None}))


def test_without_a_login_cookie_nobody_is_signed_in(person: Person, pool: Cognito) -> None:
    admin = pool.users["admin"]
    asked = person.login().asked
    back = Browser(pool).sign_in(asked, admin.username, admin.password)
    person.jar.clear()
    answer = person.callback(urlsplit(back.headers["location"]).query)
    assert is_refusal_in_words(answer, NO_SUCH)
    assert person.jar == {}


def test_a_code_of_another_browser_signs_nobody_in(
    person: Person, backend: Backend, pool: Cognito
) -> None:
    """Login CSRF: an attacker's own good answer, opened in somebody's browser."""
    attacker, user = Person(backend), pool.users["user"]
    back = Browser(pool).sign_in(attacker.login().asked, user.username, user.password)
    begun = person.login().set_cookies
    answer = person.callback(urlsplit(back.headers["location"]).query)
    assert is_refusal_in_words(answer, NO_SUCH)
    assert answer.set_cookies == ()
    assert list(person.jar) == [line.partition("=")[0] for line in begun]
    assert person.me().json == {"signed_in": False}


@pytest.mark.parametrize("state", [None, "", "foreign", "ü", "A" * 43])
def test_an_answer_without_or_with_a_foreign_state_is_refused(
    person: Person, state: str | None
) -> None:
    assert is_refusal_in_words(answered(person, state=state), NO_SUCH)


def test_two_sign_ins_at_once_both_work(person: Person, pool: Cognito) -> None:
    """A browser that restores two tabs begins two, and each comes back."""
    admin = pool.users["admin"]
    asked = [person.login().asked for _ in range(2)]
    queries = [
        urlsplit(Browser(pool).sign_in(one, admin.username, admin.password).headers["location"])
        for one in asked
    ]
    for query in queries:
        assert person.callback(query.query).status == 303
        assert person.me().json["signed_in"] is True
    assert not any(name.startswith(LOGIN_PREFIX) for name in person.jar)


def test_a_fourth_sign_in_drops_the_oldest(person: Person) -> None:
    begun = []
    for _ in range(5):
        begun.append(person.login().asked["state"])
        person.backend.clock.advance(1)
    person.backend.clock.advance(-5)
    assert set(person.jar) == {login_cookie(state) for state in begun[2:]}


def test_an_answer_that_was_not_asked_for_disturbs_no_sign_in(
    person: Person, pool: Cognito
) -> None:
    """Any site may lead a browser to /session/callback."""
    admin = pool.users["admin"]
    asked = person.login().asked
    for query in ("", "code=x", "state=foreign&code=x", "state=a&state=b"):
        answer = person.callback(query)
        assert answer.status == 400
        assert answer.set_cookies == ()
    back = Browser(pool).sign_in(asked, admin.username, admin.password)
    assert person.callback(urlsplit(back.headers["location"]).query).status == 303


def test_an_answer_is_good_once(person: Person, pool: Cognito) -> None:
    admin = pool.users["admin"]
    back = Browser(pool).sign_in(person.login().asked, admin.username, admin.password)
    query = urlsplit(back.headers["location"]).query
    [(name, login)] = person.jar.items()
    assert person.callback(query).status == 303
    person.jar[name], person.same_site[name] = login, "Lax"
    answer = person.callback(query)
    assert is_refusal_in_words(answer, "finished once already")
    assert answer.set_names == {LOGIN_PREFIX}


def test_a_sign_in_that_takes_more_than_ten_minutes_begins_again(person: Person) -> None:
    state = person.login().asked["state"]
    [(name, login)] = person.jar.items()
    person.backend.clock.advance(600)
    person.forget_old()
    person.jar[name] = login  # a browser that keeps it longer than it may
    answer = person.callback(urlencode({"state": state, "code": "x"}))
    assert is_refusal_in_words(answer, "The sign-in took too long.")


@pytest.mark.parametrize("skew_seconds", [-60, 599])
def test_a_clock_that_differs_a_little_is_forgiven(person: Person, skew_seconds: int) -> None:
    """Two environments may differ: the sign-in begins in one and ends in the other."""
    state = person.login().asked["state"]
    person.backend.clock.advance(skew_seconds)
    answer = person.callback(urlencode({"state": state, "error": "access_denied"}))
    person.backend.clock.advance(-skew_seconds)
    assert is_refusal_in_words(answer, "refused or given up")


def test_a_login_cookie_of_the_future_is_refused(person: Person) -> None:
    state = person.login().asked["state"]
    person.backend.clock.advance(-61)
    answer = person.callback(urlencode({"state": state, "error": "access_denied"}))
    person.backend.clock.advance(61)
    assert is_refusal_in_words(answer, "The sign-in took too long.")


@pytest.mark.parametrize("change", [lambda v: v[:-1], lambda v: v + "A", lambda v: "B" + v[1:]])
def test_a_damaged_login_cookie_is_refused(person: Person, change: object) -> None:
    state = person.login().asked["state"]
    [(name, login)] = person.jar.items()
    person.jar[name] = change(login)  # type: ignore[operator]  # a lambda
    answer = person.callback(urlencode({"state": state, "code": "x"}))
    assert is_refusal_in_words(answer, "damaged")


def test_an_error_of_the_issuer_is_told_in_words_escaped_and_cut(person: Person) -> None:
    answer = answered(
        person, code=None, error="access_denied", error_description=HOSTILE + "\n" + "x" * 999
    )
    assert is_refusal_in_words(
        answer,
        "The sign-in was refused or given up.",
        "access_denied",
        "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp; xxx",
    )
    assert "x" * 200 not in answer.body
    assert "…" in answer.body


def test_an_unknown_error_is_told_too(person: Person) -> None:
    answer = answered(person, code=None, error="something_else")
    assert is_refusal_in_words(answer, "The issuer reports an error.", "something_else")


def test_an_error_for_another_state_is_not_shown(person: Person) -> None:
    """Anybody can link here: what a link says must not stand on our page."""
    answer = answered(person, state="foreign", error="visit", error_description="evil.example")
    assert is_refusal_in_words(answer)
    assert "evil.example" not in answer.body
    assert "visit" not in answer.body


def test_a_refusal_at_the_issuer_comes_back_in_words(person: Person, pool: Cognito) -> None:
    """The real Cognito's own error, for a sign-in that is asked for what it may not have."""
    asked = {**person.login().asked, "scope": "orders/delete"}
    back = Browser(pool).get("/oauth2/authorize", asked)
    answer = person.callback(urlsplit(back.headers["location"]).query)
    assert is_refusal_in_words(answer, "invalid_scope")


@pytest.mark.parametrize("code", [None, "", "x" * 4097, "a\x00b", "ü"])
def test_an_answer_without_a_legal_code_is_refused(person: Person, code: str | None) -> None:
    assert is_refusal_in_words(answered(person, code=code), "without a code")


def test_a_made_up_code_is_refused(person: Person) -> None:
    assert is_refusal_in_words(answered(person), "took too long, or was finished once already")


def test_an_answer_that_names_another_issuer_is_refused(person: Person, pool: Cognito) -> None:
    foreign = answered(person, iss="https://evil.example")
    assert is_refusal_in_words(foreign, "The answer comes from another issuer")
    own = answered(person, iss=pool.pool.issuer)
    assert is_refusal_in_words(own, "took too long, or was finished once already")


@pytest.mark.parametrize(
    "query", ["state=a&state=b", "&".join(f"p{n}=1" for n in range(30)), "state=%FF"]
)
def test_an_answer_that_cannot_be_read_is_refused(person: Person, query: str) -> None:
    person.login()
    assert is_refusal_in_words(person.callback(query), "This address")
