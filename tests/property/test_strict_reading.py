"""The quick readings of a token's text against slower ones that look at every part."""

import base64
import binascii
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jwt_verifier import base64url, strict_json
from tests.property.json_values import json_values, scalars, texts

NAMES = st.sampled_from(("a", "b", "exp", 'q"', "\\", "é"))
VALUES = scalars | st.lists(texts, max_size=3) | json_values(NAMES, leaves=4)
ODD_NUMBERS = st.sampled_from(("NaN", "-Infinity", "1e999", "9" * 309, "9" * 4301, "-0", "1E5"))
SPACES = st.sampled_from(("", " ", "\n", "\t"))


@st.composite
def objects(draw: st.DrawFn) -> str:
    """Draw the text of an object whose names may repeat."""
    members = draw(st.lists(st.tuples(NAMES, VALUES.map(json.dumps) | ODD_NUMBERS), max_size=5))
    ascii_only, space = draw(st.booleans()), draw(SPACES)
    written = (
        f"{json.dumps(name, ensure_ascii=ascii_only)}{space}:{space}{value}"
        for name, value in members
    )
    return f"{draw(SPACES)}{{{','.join(written)}}}{draw(SPACES)}"


def _outcome(read: Any, argument: Any, invalid: type[Exception]) -> tuple[str, object]:
    try:
        return "read", repr(read(argument))
    except invalid as problem:
        return "refused", str(problem)


@given(objects())
def test_an_object_is_read_as_the_decoder_that_asks_of_each_member_reads_it(text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    quick = _outcome(strict_json.parse_object, raw, strict_json.JsonInvalid)
    assert quick == _outcome(strict_json.parse, raw, strict_json.JsonInvalid)


def _decode_and_encode_again(text: str) -> bytes:
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(raw).rstrip(b"=") != text.encode():
        raise binascii.Error
    return raw


@given(
    st.text(st.sampled_from("ABQgw048_-+/= \né"), max_size=9)
    | st.binary(max_size=40).map(lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("="))
)
def test_base64url_has_the_one_spelling_that_encoding_gives(text: str) -> None:
    try:
        expected = _decode_and_encode_again(text)
    except ValueError:
        assert _outcome(base64url.decode, text, base64url.Base64urlInvalid)[0] == "refused"
    else:
        assert base64url.decode(text) == expected
