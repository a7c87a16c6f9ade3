"""What a token says of itself -> the revocation that hits it, and all else of its sign-in. Pure."""

from collections.abc import Mapping
from typing import Final

from function_kit.revocation.entry import Kind, Revocation, RevocationInvalid

NAMES: Final[tuple[Kind, ...]] = ("origin_jti", "jti")
"""The claims that name a sign-in, or else one token; the better one first."""


def named_by(claims: Mapping[str, object], issuer_name: str) -> Revocation | None:
    """Return what refuses the sign-in that a token is of, or at least the token.

    Args:
        claims: The token's.
        issuer_name: Of its issuer, as the access table calls it.

    Returns:
        None if nothing in it is a name that fits into the list.
    """
    for name in NAMES:
        value = claims.get(name)
        if isinstance(value, str) and value:
            try:
                return Revocation(name, issuer_name, value)
            except RevocationInvalid:
                continue
    return None
