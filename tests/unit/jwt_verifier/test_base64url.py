import pytest

from jwt_verifier.base64url import Base64urlInvalid, decode


@pytest.mark.parametrize(
    ("text", "raw"), [("", b""), ("AA", b"\0"), ("_-8", b"\xff\xef"), ("AAAA", b"\0\0\0")]
)
def test_canonical_text_is_decoded(text: str, raw: bytes) -> None:
    assert decode(text) == raw


@pytest.mark.parametrize(
    "text",
    ["A", "AA=", "AA==", "AB", "AAB", "A A", "AA\n", "+/8", "ä", "\ud800", "AA.A", "AAAAA"],
)
def test_any_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(Base64urlInvalid):
        decode(text)
