import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from jwt_verifier.errors import (
    AlgorithmNotAllowed,
    HeaderNotAllowed,
    KeyIdInvalid,
    TypeNotAllowed,
    VerifierError,
)
from jwt_verifier.jose_header import UnverifiedHeader, parse_header


def parsed(**header: Any) -> UnverifiedHeader:
    members = {
        name: value
        for name, value in {"alg": "RS256", "kid": "k", **header}.items()
        if value is not ...
    }
    return parse_header(urlsafe_b64encode(json.dumps(members).encode()).rstrip(b"=").decode())


def test_a_header_names_its_algorithm_and_key() -> None:
    assert parsed() == UnverifiedHeader("RS256", "k", None)


@pytest.mark.parametrize(
    ("typ", "canonical"),
    [
        ("JWT", "jwt"),
        ("jwt", "jwt"),
        ("at+jwt", "at+jwt"),
        ("application/at+jwt", "at+jwt"),
        ("AT+JWT", "at+jwt"),
    ],
)
def test_the_types_of_a_jwt_are_media_types_and_so_have_no_case(typ: str, canonical: str) -> None:
    assert parsed(typ=typ).typ == canonical


@pytest.mark.parametrize(
    "typ",
    ["", "dpop+jwt", "JWT ", "logout+jwt", "JWŤ", "application/application/jwt", 1, None, ["JWT"]],
)
def test_another_type_is_refused(typ: object) -> None:
    with pytest.raises(TypeNotAllowed):
        parsed(typ=typ)


@pytest.mark.parametrize(
    "member",
    [
        {"crit": []},
        {"crit": None},
        {"zip": "DEF"},
        {"enc": "A128GCM"},
        {"b64": False},
        {"b64": 1},
        {"b64": None},
    ],
    ids=str,
)
def test_a_header_that_asks_for_more_is_refused(member: dict[str, object]) -> None:
    with pytest.raises(HeaderNotAllowed):
        parsed(**member)


def test_members_that_bring_a_key_along_change_nothing() -> None:
    assert (
        parsed(jwk={"kty": "oct"}, jku="https://evil.example", x5u="x", x5c=["x"], b64=True)
        == parsed()
    )


@pytest.mark.parametrize("algorithm", [..., None, 1, ["RS256"], {}])
def test_an_algorithm_that_is_no_string_is_refused(algorithm: object) -> None:
    with pytest.raises(AlgorithmNotAllowed):
        parsed(alg=algorithm)


@pytest.mark.parametrize("kid", [..., None, "", 1, ["k"], "k" * 257])
def test_a_kid_that_could_be_no_published_one_is_refused(kid: object) -> None:
    with pytest.raises(KeyIdInvalid):
        parsed(kid=kid)


def test_the_longest_kid_is_accepted() -> None:
    assert parsed(kid="k" * 256).kid == "k" * 256


def test_a_header_of_rubbish_is_a_rejection_too() -> None:
    with pytest.raises(VerifierError):
        parse_header("AB")


@pytest.mark.parametrize(
    ("member", "message"),
    [
        ({"crit": []}, "crit, zip, enc or b64"),
        ({"alg": 1}, "alg is not a string"),
        ({"kid": 1}, "kid is missing, empty, too long or not a string"),
        ({"typ": "x"}, "typ is neither JWT nor at+jwt"),
    ],
    ids=str,
)
def test_a_header_is_refused_with_the_reason(member: dict[str, object], message: str) -> None:
    with pytest.raises(VerifierError) as refused:
        parsed(**member)
    assert str(refused.value) == message
