"""JWKS document -> the keys whose private half it gives away.

A private key that its issuer has published is everybody's, and so is the public key beside it.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jwt_verifier.strict_json import RepeatedMembers

PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth"})
"""Members that only a private JWK has (RFC 7518 sections 6.2.2 and 6.3.2, RFC 8037 section 2)."""


@dataclass(frozen=True, slots=True)
class LeakedKeys:
    """The private keys of one document, as a public key beside them can be recognised.

    `numbers` holds RSA moduli and x coordinates: with a private half anybody can use every public
    key of that modulus, whatever its exponent, and of that x, whatever its y.
    """

    kids: frozenset[str]
    numbers: frozenset[int]


def find_leaked_keys(document: object) -> LeakedKeys:
    """Find every private JWK of a parsed document, however malformed and wherever it stands.

    Args:
        document: what `strict_json.parse_tolerating_repeats` returns.
    """
    leaked = [
        member
        for members in _objects(document)
        if not PRIVATE_MEMBERS.isdisjoint(name for name, _ in members)
        for member in members
    ]
    return LeakedKeys(
        frozenset(value for name, value in leaked if name == "kid" and isinstance(value, str)),
        frozenset(
            number
            for name, value in leaked
            if name in ("n", "x") and (number := _number(value)) is not None
        ),
    )


def _objects(document: object) -> Iterator[list[tuple[str, object]]]:
    """Give the members of every object, at any depth."""
    remaining = [document]
    while remaining:
        value = remaining.pop()
        if isinstance(value, list):
            remaining.extend(value)
        elif isinstance(value, dict | RepeatedMembers):
            members = list(value.items()) if isinstance(value, dict) else value.pairs
            yield members
            remaining.extend(member for _, member in members)


def _number(value: object) -> int | None:
    """Decode a Base64urlUInt leniently: a leaked key is leaked however it is spelled."""
    if not isinstance(value, str):
        return None
    try:
        return int.from_bytes(base64.urlsafe_b64decode(value.rstrip("=") + "=="))
    except ValueError:
        return None
