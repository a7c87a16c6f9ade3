import base64
import json

import pytest

from jwt_verifier import compact
from jwt_verifier.errors import TokenMalformed, TokenOversized, VerifierError
from jwt_verifier.tokens import UnverifiedToken


def test_a_token_is_split_into_its_three_segments() -> None:
    jws = compact.split(UnverifiedToken("e30.e30.AA"))
    assert (jws.header, jws.payload, jws.signature) == ("e30", "e30", "AA")
    assert jws.signing_input == b"e30.e30"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a",
        "a.b",
        "a.b.c.d",
        "a.b.c.d.e",
        "a..c",
        ".b.c",
        "a.b.",
        "a.b.c=",
        "a.b.c ",
        "a.b.c\n",
        "a.b.ä",
        "." * 1000,
    ],
)
def test_anything_but_three_base64url_segments_is_malformed(token: str) -> None:
    with pytest.raises(TokenMalformed):
        compact.split(UnverifiedToken(token))


def test_the_gateways_own_limit_is_the_longest_token() -> None:
    longest = "a.b." + "c" * (10_240 - 4)
    assert compact.split(UnverifiedToken(longest)).signature == longest[4:]
    with pytest.raises(TokenOversized):
        compact.split(UnverifiedToken(longest + "c"))


def test_a_segment_is_decoded_to_an_object() -> None:
    assert compact.decode_object("eyJhIjoxfQ") == {"a": 1}


@pytest.mark.parametrize("segment", ["AB", "eA", "W10"], ids=["spare bits", "no JSON", "no object"])
def test_a_segment_of_anything_else_is_malformed(segment: str) -> None:
    with pytest.raises(TokenMalformed):
        compact.decode_object(segment)


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("a.b", "not three base64url segments"),
        ("a.b.ä", "not three base64url segments"),
        ("x" * 10_241, "10241 bytes"),
    ],
    ids=["segments", "characters", "size"],
)
def test_a_token_is_refused_with_the_reason(token: str, message: str) -> None:
    with pytest.raises(VerifierError) as refused:
        compact.split(UnverifiedToken(token))
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("segment", "message"),
    [
        ("eB", "not canonical base64url"),
        ("eyJ+", "not base64url"),
        ("eA", "not JSON"),
        ("W10", "not a JSON object"),
    ],
)
def test_a_segment_is_refused_with_the_reason(segment: str, message: str) -> None:
    with pytest.raises(TokenMalformed) as refused:
        compact.decode_object(segment)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("segment", "message"), [("AB", "not canonical base64url"), ("A+", "not base64url")]
)
def test_bytes_are_refused_with_the_reason(segment: str, message: str) -> None:
    with pytest.raises(TokenMalformed) as refused:
        compact.decode_bytes(segment)
    assert str(refused.value) == message


@pytest.mark.parametrize("white", ["", " ", "\t", "\n", "\r", " \r\n\t "])
@pytest.mark.parametrize("text", ["{}", '{"a":1}', '{"a":"\u00e9"}'])
def test_an_object_may_begin_with_the_white_space_of_json(white: str, text: str) -> None:
    segment = base64.urlsafe_b64encode(f"{white}{text}".encode()).decode().rstrip("=")
    assert compact.decode_object(segment) == json.loads(text)


@pytest.mark.parametrize(
    "first", [chr(number) for number in range(128) if chr(number) not in "{ \t\n\r"]
)
def test_a_segment_that_begins_otherwise_is_no_object(first: str) -> None:
    segment = base64.urlsafe_b64encode(f"{first}{{}}".encode()).decode().rstrip("=")
    with pytest.raises(TokenMalformed):
        compact.decode_object(segment)
