"""UnverifiedToken -> its parts, still unverified. Knows the wire format, not its meaning."""

import string
from typing import Final, NamedTuple

from jwt_verifier import base64url, strict_json
from jwt_verifier.errors import TokenMalformed, TokenOversized
from jwt_verifier.tokens import UnverifiedToken

MAX_TOKEN_BYTES = 10_240
"""API Gateway's limit for a request line and all headers together: no longer token is real."""

_OBJECT_STARTS: Final = frozenset("eICD")
"""How base64url text of an object begins: with `{`, or with white space before it (RFC 8259)."""

_ALPHABET: Final = (string.ascii_letters + string.digits + "-_").encode()


class UnverifiedJws(NamedTuple):
    """A JWS in compact serialisation (RFC 7515 section 7.1), and the bytes that it signs (5.2)."""

    header: str
    payload: str
    signature: str
    signing_input: bytes


def split(token: UnverifiedToken) -> UnverifiedJws:
    """Split a token into three non-empty segments of base64url characters.

    Raises:
        TokenOversized: longer than 10,240 bytes; nothing else of it has been looked at.
        TokenMalformed: another number of segments (a JWE has five) or other characters.
    """
    if len(token) > MAX_TOKEN_BYTES:
        raise TokenOversized(f"{len(token)} bytes")
    if not token.isascii():
        raise TokenMalformed("not three base64url segments")
    raw = token.encode("ascii")
    segments = token.split(".")
    if raw.translate(None, _ALPHABET) != b".." or not all(segments):
        raise TokenMalformed("not three base64url segments")
    header, payload, signature = segments
    return UnverifiedJws(header, payload, signature, raw[: -1 - len(signature)])


def decode_bytes(segment: str) -> bytes:
    """Decode a segment. Raises TokenMalformed unless it is canonical base64url."""
    try:
        return base64url.decode(segment)
    except base64url.Base64urlInvalid as invalid:
        raise TokenMalformed(str(invalid)) from None


def decode_object(segment: str) -> dict[str, object]:
    """Decode a segment that holds a JSON object. Raises TokenMalformed unless it is strict JSON."""
    if segment[:1] not in _OBJECT_STARTS:
        raise TokenMalformed("not a JSON object")  # before long junk is decoded
    try:
        return strict_json.parse_object(base64url.decode(segment))
    except (base64url.Base64urlInvalid, strict_json.JsonInvalid) as invalid:
        raise TokenMalformed(str(invalid)) from None
