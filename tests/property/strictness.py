"""Where ours refuses what PyJWT takes: every rule, by name, with the standard that it keeps.

A token on which the two differ must be one of these; PyJWT never refuses what ours takes.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.attacks.forge import unb64


@dataclass(frozen=True, slots=True)
class SeenToken:
    """A token as a lenient reader sees it."""

    text: str
    header_bytes: bytes
    payload_bytes: bytes
    signature: bytes

    @classmethod
    def read(cls, text: str) -> "SeenToken":
        """Split a token that PyJWT has taken."""
        segments = (unb64(segment.rstrip("=")) for segment in text.split("."))
        return cls(text, *segments)

    @property
    def header(self) -> dict[str, Any]:
        """The header by Python's own parser."""
        header: dict[str, Any] = json.loads(self.header_bytes)
        return header

    @property
    def claims(self) -> dict[str, Any]:
        """The claims by Python's own parser."""
        claims: dict[str, Any] = json.loads(self.payload_bytes)
        return claims


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of ours that PyJWT does not have."""

    reason: str
    source: str
    applies: Callable[[SeenToken], bool]


def _not_canonical(token: SeenToken) -> bool:
    return re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", token.text, re.ASCII) is None


def _repeats(raw: bytes) -> bool:
    repeated = False

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal repeated
        repeated = repeated or len(dict(pairs)) != len(pairs)
        return dict(pairs)

    json.loads(raw, object_pairs_hook=members)
    return repeated


def _any_constant(raw: bytes) -> bool:
    found: list[str] = []
    json.loads(raw, parse_constant=found.append)
    return bool(found)


def _any_overflow(raw: bytes) -> bool:
    """Whether a number is none that a double holds."""
    found: list[float] = []
    json.loads(raw, parse_float=lambda digits: found.append(float(digits)))
    return any(abs(number) == float("inf") for number in found)


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


def _is_utf8(raw: bytes) -> bool:
    try:
        return b"\x00" not in raw and not raw.decode("utf-8").startswith("\ufeff")
    except UnicodeDecodeError:
        return False


def _either(check: Callable[[bytes], bool]) -> Callable[[SeenToken], bool]:
    return lambda token: check(token.header_bytes) or check(token.payload_bytes)


def _date_is_no_number(token: SeenToken) -> bool:
    dates = (token.claims[name] for name in ("exp", "nbf", "iat") if name in token.claims)
    return any(type(date) not in (int, float) for date in dates)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _scopes_are_of_another_type(token: SeenToken) -> bool:
    values = (token.claims[name] for name in ("scope", "scp", "scopes") if name in token.claims)
    return any(not isinstance(value, str) and not _are_texts(value) for value in values)


def _type_is_another(token: SeenToken) -> bool:
    typ = token.header.get("typ", "JWT")
    known = ("jwt", "at+jwt", "application/jwt", "application/at+jwt")
    return not isinstance(typ, str) or typ.lower() not in known


def _signature_is_short(token: SeenToken) -> bool:
    return token.header.get("alg") in ("PS256", "PS384", "PS512") and len(token.signature) != 256


RULES: Final[Mapping[str, Rule]] = {
    "10,240 bytes": Rule(
        "token_oversized", "API Gateway quotas", lambda token: len(token.text) > 10_240
    ),
    "an RSA signature as long as its key": Rule(
        "signature_invalid", "RFC 8017 section 8.1.2", _signature_is_short
    ),
    "one spelling": Rule("token_malformed", "RFC 7515 section 2", _not_canonical),
    "no duplicate members": Rule("token_malformed", "RFC 7519 section 4", _either(_repeats)),
    "no NaN and no infinity": Rule("token_malformed", "RFC 8259 section 6", _either(_any_constant)),
    "finite numbers": Rule("token_malformed", "RFC 7493 section 2.2", _either(_any_overflow)),
    "at most 64 levels": Rule(
        "token_malformed",
        "RFC 8259 section 9",
        lambda token: max(_depth(token.header), _depth(token.claims)) > 64,
    ),
    "UTF-8 without a mark": Rule(
        "token_malformed",
        "RFC 7519 section 7.2",
        lambda token: not (_is_utf8(token.header_bytes) and _is_utf8(token.payload_bytes)),
    ),
    "no extension": Rule(
        "header_not_allowed",
        "RFC 7515 section 4.1.11",
        lambda token: bool({"crit", "zip", "enc", "b64"} & token.header.keys()),
    ),
    "kinds of tokens": Rule("type_not_allowed", "RFC 8725 section 3.11", _type_is_another),
    "dates are numbers": Rule("claim_rejected", "RFC 7519 section 2", _date_is_no_number),
    "no token bound to a key": Rule(
        "binding_not_verified",
        "RFC 9449 section 7.2",
        lambda token: isinstance(token.claims.get("cnf"), dict),
    ),
    "a confirmation is an object": Rule(
        "claim_rejected",
        "RFC 7800 section 3.1",
        lambda token: not isinstance(token.claims.get("cnf", {}), dict),
    ),
    "scopes are strings": Rule(
        "claim_rejected", "RFC 8693 section 4.2", _scopes_are_of_another_type
    ),
    "groups are strings": Rule(
        "claim_rejected",
        "RFC 9068 section 2.2.3.1",
        lambda token: not _are_texts(token.claims.get("groups", [])),
    ),
    "token_use": Rule(
        "token_use_mismatch",
        "RFC 8725 section 3.12",
        lambda token: token.claims.get("token_use") != "access",
    ),
}
