"""Who may ask: pages of this origin, and to change something only with the session's token."""

from urllib.parse import urlencode

import pytest

from tests.integration.session.person import OWN_PAGE, PUBLIC_URL, Answer, Person

FOREIGN_ORIGINS = [
    "https://evil.example",
    "null",
    "",
    PUBLIC_URL.upper(),
    PUBLIC_URL + "/",
    PUBLIC_URL + ".evil.example",
    PUBLIC_URL.replace("https", "http"),
    PUBLIC_URL + ":443",
    f"{PUBLIC_URL},{PUBLIC_URL}",
    f"https://evil.example,{PUBLIC_URL}",
]


def is_refused(answer: Answer) -> bool:
    assert (answer.status, answer.json) == (403, {"error": "forbidden"})
    assert answer.headers["cache-control"] == "no-store"
    return answer.set_cookies == ()


def is_unharmed(person: Person, before: dict[str, str]) -> bool:
    """Nothing has changed, here and at the issuer."""
    return person.jar == before and person.refresh().status == 200


@pytest.mark.parametrize("path", ["/session/refresh", "/session/logout"])
@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_another_origin_changes_nothing(signed_in: Person, path: str, origin: str) -> None:
    before = dict(signed_in.jar)
    told = signed_in.me().json["session_csrf_token"]
    headers = {"origin": origin, "x-csrf-token": told}
    assert is_refused(signed_in.ask(f"POST {path}", "", headers))
    assert is_unharmed(signed_in, before)


@pytest.mark.parametrize("path", ["/session/refresh", "/session/logout"])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": ""},  # no Origin at all
        {"origin": "", "sec_fetch_site": "same-origin"},  # enough to read, not to write
        {"x_csrf_token": ""},
        {"x_csrf_token": "wrong"},
        {"x_csrf_token": "ü"},
        {"x_csrf_token": "A" * 43},
    ],
)
def test_without_both_proofs_nothing_changes(
    signed_in: Person, path: str, headers: dict[str, str]
) -> None:
    before = dict(signed_in.jar)
    assert is_refused(signed_in.post(path, **headers))
    assert is_unharmed(signed_in, before)


def test_a_form_of_another_site_changes_nothing(signed_in: Person) -> None:
    """As a browser sends it if SameSite did not hold: with all cookies, without our header."""
    before = dict(signed_in.jar)
    for path in ("/session/refresh", "/session/logout"):
        answer = signed_in.ask(
            f"POST {path}",
            urlencode({"x-csrf-token": signed_in.me().json["session_csrf_token"]}),
            {
                "origin": "https://evil.example",
                "sec-fetch-site": "cross-site",
                "content-type": "application/x-www-form-urlencoded",
            },
        )
        assert is_refused(answer)
    assert is_unharmed(signed_in, before)


def test_the_token_of_the_api_is_not_that_of_the_session(signed_in: Person) -> None:
    assert is_refused(signed_in.refresh(x_csrf_token=signed_in.me().json["csrf_token"]))


def test_a_token_of_another_session_changes_nothing(signed_in: Person, person: Person) -> None:
    other = Person(person.backend)
    other.jar, other.same_site = dict(signed_in.jar), dict(signed_in.same_site)
    content = other.content()
    other.put({**content, "csrf_token": "another-session-has-this-one"})
    assert is_refused(signed_in.logout(x_csrf_token=other.me().json["session_csrf_token"]))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "null", **OWN_PAGE},
        {"origin": "https://evil.example", **OWN_PAGE},
    ],
)
def test_another_page_is_told_nothing(signed_in: Person, headers: dict[str, str]) -> None:
    assert is_refused(signed_in.ask("GET /session/me", "", headers))


def test_a_page_of_this_origin_is_told(signed_in: Person) -> None:
    answer = signed_in.ask("GET /session/me", "", {"origin": PUBLIC_URL})
    assert answer.json["signed_in"] is True


def test_without_a_session_the_same_callers_are_refused(person: Person) -> None:
    for headers in ({}, {"origin": "null", "x-csrf-token": "x"}, {"origin": PUBLIC_URL}):
        for path in ("/session/refresh", "/session/logout"):
            assert is_refused(person.ask(f"POST {path}", "", headers))
