"""HEAD is where GET is (RFC 9110 section 9.1), and uses nothing up."""

import pytest

from tests.integration.session.faulty_issuer import FaultyIssuer
from tests.integration.session.person import OWN_PAGE, Person


@pytest.mark.parametrize(("path", "headers"), [("/session/login", {}), ("/session/me", OWN_PAGE)])
def test_head_is_answered_as_get_without_a_body(
    faulty: FaultyIssuer, path: str, headers: dict[str, str]
) -> None:
    person = Person(faulty.backend)
    got, asked = (person.ask(f"{method} {path}", "", headers) for method in ("GET", "HEAD"))
    assert (asked.status, asked.body) == (got.status, "")
    assert asked.headers.keys() == got.headers.keys()


def test_looking_at_an_answer_does_not_use_up_its_code(faulty: FaultyIssuer) -> None:
    person = Person(faulty.backend)
    query = faulty.begun(person)
    looked = person.ask("HEAD /session/callback", query, from_issuer=True)
    assert (looked.status, looked.headers["allow"], looked.set_cookies) == (405, "GET", ())
    assert "/token" not in faulty.paths()
    assert person.callback(query).status == 303
