"""A token's text -> its header, claims and signature, read strictly; nothing of it is verified.

Where nobody has measured what AWS takes, the stricter is chosen (`local/behaviour.toml`):
what two readers could read differently is not a token.
"""

import base64
import binascii
import json
import math
from dataclasses import dataclass
from typing import Never

from local.json_value import JsonObject, JsonValue

_SEGMENTS = 3
_MOST_LEVELS = 64
"""Of lists and objects in one another."""


class TokenMalformed(Exception):
    """It is not a token; the message is the gateway's own text."""


@dataclass(frozen=True, slots=True)
class CompactToken:
    """A JSON Web Signature in compact form (RFC 7515, 7.1)."""

    header: JsonObject
    claims: JsonObject
    signing_input: bytes
    signature: bytes


def read_token(text: str) -> CompactToken:
    """Take a token apart.

    Raises:
        TokenMalformed: It has another number of segments, or one of them is not base64url in its
            one spelling, or not a JSON object in UTF-8 of unique members and finite numbers.
    """
    segments = text.split(".")
    if len(segments) != _SEGMENTS:
        raise TokenMalformed("token contains an invalid number of segments")
    header, claims, signature = (_bytes(segment) for segment in segments)
    return CompactToken(
        _object(header, "token is malformed"),
        _object(claims, "the claims are not JSON"),
        text.rpartition(".")[0].encode("ascii"),
        signature,
    )


def _bytes(segment: str) -> bytes:
    try:
        padding = "=" * (-len(segment) % 4)
        decoded = base64.b64decode(segment + padding, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise TokenMalformed("token is malformed") from None
    # Padding, spare bits and the alphabet of plain base64 do not come back.
    if base64.urlsafe_b64encode(decoded).rstrip(b"=") != segment.encode("ascii", "replace"):
        raise TokenMalformed("token is malformed")
    return decoded


def _object(raw: bytes, problem: str) -> JsonObject:
    try:
        value: JsonValue = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_not_a_number,
            parse_float=_finite,
        )
    except (ValueError, RecursionError):
        raise TokenMalformed(problem) from None
    if not isinstance(value, dict) or not _is_shallow(value):
        raise TokenMalformed(problem)
    return value


def _unique(members: list[tuple[str, JsonValue]]) -> JsonObject:
    found = dict(members)
    if len(found) < len(members):
        raise ValueError("duplicate member")
    return found


def _not_a_number(name: str) -> Never:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is out of range")
    return number


def _is_shallow(value: JsonValue) -> bool:
    level = [value]
    for _ in range(_MOST_LEVELS):
        level = [inner for outer in level for inner in _inside(outer)]
    return not level


def _inside(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
