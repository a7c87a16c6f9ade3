"""Tokens of any size: split over several cookies, or refused before anything is half set."""

import jwt
import pytest

from tests.integration.session.faulty_issuer import FaultyIssuer
from tests.integration.session.person import Person
from tests.integration.session.test_callback import is_refusal_in_words

ACCESS, SESSION, LOGIN = "__Host-Http-access", "__Host-Http-session", "__Host-Http-login-"
LARGEST_HEADER_BYTES = 8_192


def header_bytes(person: Person) -> int:
    return len("; ".join(f"{name}={value}" for name, value in person.jar.items()))


def groups(characters: int) -> list[str]:
    return ["g" * 64] * (characters // 64)


def test_a_long_access_token_is_split_and_read_again(faulty: FaultyIssuer) -> None:
    faulty.access_claims["groups"] = groups(3_600)
    person = Person(faulty.backend)
    faulty.sign_in(person)
    assert person.jar.keys() == {ACCESS, f"{ACCESS}-1", SESSION}
    assert max(map(len, person.jar.values())) == len(person.jar[ACCESS]) == 3_800
    claims = jwt.decode(person.joined(ACCESS), options={"verify_signature": False})
    assert person.me().json["claims"]["access"] == claims


def test_a_long_session_is_split_and_read_again(faulty: FaultyIssuer) -> None:
    faulty.tokens["refresh_token"] = "r" * 4_000
    person = Person(faulty.backend)
    faulty.sign_in(person)
    assert person.jar.keys() == {ACCESS, SESSION, f"{SESSION}-1"}
    assert person.refresh().status == 200
    assert faulty.asked[-1][1]["refresh_token"] == "r" * 4_000


def test_a_value_that_becomes_shorter_leaves_no_part_behind(faulty: FaultyIssuer) -> None:
    faulty.access_claims["groups"] = groups(3_600)
    person = Person(faulty.backend)
    faulty.sign_in(person)
    del faulty.access_claims["groups"]
    assert person.refresh().status == 200
    assert person.jar.keys() == {ACCESS, SESSION}
    assert person.me().json["csrf_token"]


def test_what_nearly_fills_the_header_is_set(faulty: FaultyIssuer) -> None:
    faulty.access_claims["groups"] = groups(4_480)
    person = Person(faulty.backend)
    assert faulty.sign_in(person).status == 303
    assert LARGEST_HEADER_BYTES - 1_000 < header_bytes(person) <= LARGEST_HEADER_BYTES
    assert person.me().json["csrf_token"]


def test_what_does_not_fit_is_refused_in_words_and_nothing_is_half_set(
    faulty: FaultyIssuer, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty.access_claims["groups"] = groups(6_400)
    person = Person(faulty.backend)
    answer = faulty.sign_in(person)
    assert is_refusal_in_words(answer, "too large for a browser&#x27;s cookies", "fewer groups")
    assert answer.set_names == {LOGIN}
    assert person.jar == {}
    assert faulty.asked[-1][0] == "/revoke"
    assert '"reason":"cookies_too_large"' in capsys.readouterr().out


def test_an_id_token_longer_than_any_verifier_reads_is_too_large_too(
    faulty: FaultyIssuer, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty.id_claims["groups"] = groups(8_000)
    person = Person(faulty.backend)
    answer = faulty.sign_in(person)
    assert is_refusal_in_words(answer, "too large for a browser&#x27;s cookies", "fewer groups")
    assert person.jar == {}
    assert faulty.asked[-1][0] == "/revoke"
    assert '"reason":"cookies_too_large"' in capsys.readouterr().out


def test_an_id_token_that_grows_too_large_ends_the_session_whole(faulty: FaultyIssuer) -> None:
    person = Person(faulty.backend)
    faulty.sign_in(person)
    faulty.id_claims["groups"] = groups(8_000)
    answer = person.refresh()
    assert (answer.status, answer.json) == (401, {"error": "signed_out"})
    assert person.jar == {}
    assert faulty.asked[-1][1]["token"] == "refresh-token-number-1"


def test_tokens_that_grow_too_large_end_the_session_whole(faulty: FaultyIssuer) -> None:
    person = Person(faulty.backend)
    faulty.sign_in(person)
    faulty.access_claims["groups"] = groups(6_400)
    answer = person.refresh()
    assert (answer.status, answer.json) == (401, {"error": "signed_out"})
    assert person.jar == {}
    assert faulty.asked[-1] == (
        "/revoke",
        {
            "token": "refresh-token-number-1",
            "token_type_hint": "refresh_token",
        },
    )
