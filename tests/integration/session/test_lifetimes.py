"""A session has an end: unused, and at most; then nothing of it is told any longer."""

import pytest

from tests.integration.cognito.conftest import Cognito
from tests.integration.session.faulty_issuer import FaultyIssuer
from tests.integration.session.person import (
    IDLE_SECONDS,
    PUBLIC_URL,
    SESSION_SECONDS,
    Answer,
    Person,
)

SESSION = "__Host-Http-session"
TEN_YEARS = 315_360_000


def max_age(answer: Answer, name: str) -> int:
    [line] = [line for line in answer.set_cookies if line.startswith(f"{name}=")]
    return int(line.rpartition("Max-Age=")[2])


def is_over(person: Person, copied: dict[str, str]) -> bool:
    """Whether a copy of the cookies tells and renews nothing."""
    person.jar.clear()
    person.ends_at.clear()
    person.jar.update(copied)
    assert (person.me().json, person.jar) == ({"signed_in": False}, {})
    person.jar.update(copied)
    headers = {"origin": PUBLIC_URL, "x-csrf-token": "any"}
    renewed = person.ask("POST /session/refresh", "", headers)
    return (renewed.status, person.jar) == (401, {})


@pytest.mark.parametrize("seconds", [IDLE_SECONDS, SESSION_SECONDS, TEN_YEARS])
def test_a_session_that_nobody_renews_is_over(
    signed_in: Person, pool: Cognito, seconds: int
) -> None:
    copied = dict(signed_in.jar)
    pool.clock.advance(seconds)
    assert is_over(signed_in, copied)
    pool.clock.advance(-seconds)


def test_a_renewal_keeps_it_for_another_while(faulty: FaultyIssuer) -> None:
    person = Person(faulty.backend)
    faulty.sign_in(person)
    for _ in range(3):
        faulty.backend.clock.advance(IDLE_SECONDS - 1)
        answer = person.refresh()
        assert answer.status == 200
        assert max_age(answer, SESSION) == IDLE_SECONDS


def test_however_much_it_is_used_it_is_over_in_the_end(faulty: FaultyIssuer) -> None:
    person = Person(faulty.backend)
    faulty.sign_in(person)
    ends_at = person.me().json["session_ends_at"]
    steps = SESSION_SECONDS // (IDLE_SECONDS - 1)
    for _ in range(steps):
        faulty.backend.clock.advance(IDLE_SECONDS - 1)
        answer = person.refresh()
        assert answer.status == 200
        assert answer.json["session_ends_at"] == ends_at
    left = int(ends_at - faulty.clock())
    assert 0 < max_age(answer, SESSION) <= left + 1 < IDLE_SECONDS
    copied = dict(person.jar)
    faulty.backend.clock.advance(left + 1)
    assert is_over(person, copied)


def test_a_session_without_a_refresh_token_is_over_with_its_access_token(
    faulty: FaultyIssuer,
) -> None:
    faulty.tokens["refresh_token"] = None
    person = Person(faulty.backend)
    answer = faulty.sign_in(person)
    assert max_age(answer, SESSION) == 300
    copied = dict(person.jar)
    faulty.backend.clock.advance(301)
    assert is_over(person, copied)


def test_the_access_cookie_goes_with_the_session(faulty: FaultyIssuer) -> None:
    faulty.tokens["expires_in"] = 10**9
    answer = faulty.sign_in(Person(faulty.backend))
    assert max_age(answer, "__Host-Http-access") <= IDLE_SECONDS


@pytest.mark.parametrize("when", ["at the sign-in", "at a renewal", "at one without an ID token"])
def test_an_access_token_of_another_person_is_not_taken(faulty: FaultyIssuer, when: str) -> None:
    person = Person(faulty.backend)
    if when != "at the sign-in":
        faulty.sign_in(person)
    if when == "at one without an ID token":
        faulty.tokens["id_token"] = None
    faulty.access_claims["sub"] = "somebody-else"
    answer = faulty.sign_in(person) if when == "at the sign-in" else person.refresh()
    assert answer.status == 502
    assert not any("access" in line for line in answer.set_cookies)


def test_an_issuer_that_promises_its_name_in_each_answer_is_held_to_it(
    faulty: FaultyIssuer,
) -> None:
    faulty.discovery["authorization_response_iss_parameter_supported"] = True
    person = Person(faulty.backend)
    query = faulty.begun(person)
    assert person.callback(query).status == 400
    query = faulty.begun(person)
    assert person.callback(f"{query}&iss={faulty.url}").status == 303


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("", "/app"),
        ("return_to=%2Forders%3Fpage%3D2", "/orders?page=2"),
        ("return_to=%2Fapp%23routes", "/app#routes"),
    ],
)
def test_a_sign_in_leads_back_to_where_it_was_asked_for(
    faulty: FaultyIssuer, asked: str, leads_to: str
) -> None:
    person = Person(faulty.backend)
    begun = person.login(asked).asked
    faulty.nonce = begun["nonce"]
    answer = person.callback(f"code=a-code&state={begun['state']}")
    assert (answer.status, answer.headers["location"]) == (303, f"{PUBLIC_URL}{leads_to}")


@pytest.mark.parametrize(
    "path",
    [
        *("https://evil.example", "//evil.example", "/%5Cevil.example", "%5C%5Cevil.example"),
        *("", "app", "/a%20b", "/a%0d%0ab", "/a%00", "/%C3%BC", "/session/login", "/" + "a" * 513),
        *("javascript:alert(1)", "/%2Fevil.example", "@evil.example", ".evil.example"),
    ],
)
def test_no_sign_in_leads_to_another_place(faulty: FaultyIssuer, path: str) -> None:
    answer = Person(faulty.backend).login(f"return_to={path}")
    assert (answer.status, answer.set_cookies) == (400, ())
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
        {"sec-fetch-mode": "cors", "sec-fetch-dest": "empty"},
        {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
    ],
)
def test_only_a_browser_as_a_whole_begins_a_sign_in(
    faulty: FaultyIssuer, headers: dict[str, str]
) -> None:
    person = Person(faulty.backend)
    answer = person.ask("GET /session/login", "", headers)
    assert (answer.status, answer.set_cookies) == (403, ())
    top = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert person.ask("GET /session/login", "", top).status == 302


def test_the_log_names_the_person_and_the_session_and_no_secret(
    signed_in: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    session_id, subject = signed_in.content()["id"], signed_in.content()["id_claims"]["sub"]
    signed_in.me()
    signed_in.refresh()
    signed_in.logout()
    said = capsys.readouterr().out
    assert said.count(f'"subject":"{subject}"') >= 3
    assert session_id not in said
    for metric in ("SessionRenewed", "SessionSignedOut"):
        assert metric in said
