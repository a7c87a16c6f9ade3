"""Claims set -> whom and what the token speaks for: its client, scopes, groups and roles. Pure.

Where they stand is a property of the issuer. A user pool's are Cognito's own.
"""

from collections.abc import Mapping
from typing import Final

from jwt_verifier.claim_path import ABSENT, ClaimPath, value_at, written
from jwt_verifier.errors import ClaimRejected
from jwt_verifier.issuer import TrustedIssuer

Claims = Mapping[str, object]

CLIENT_CLAIM: Final[ClaimPath] = ("client_id",)
GROUPS_CLAIM: Final[ClaimPath] = ("groups",)
POOL_GROUPS_CLAIM: Final[ClaimPath] = ("cognito:groups",)

SCOPE_CLAIMS: Final = ("scope", "scp", "scopes")
"""Where issuers write scopes; the first that a token has is the one that counts."""

_ONLY_STRINGS: Final = frozenset({str})


def optional_text(claims: Claims, name: str) -> str | None:
    """Return a claim that is a string where present. Raises ClaimRejected for another type."""
    value = claims.get(name, ABSENT)
    if value is ABSENT:
        return None
    if not isinstance(value, str):
        raise ClaimRejected(f"{name} is not a string", value=value)
    return value


def scopes(claims: Claims, issuer: TrustedIssuer) -> tuple[str, ...]:
    """Return the token's scopes, whole: those of `scope`, else of `scp`, else of `scopes`.

    An issuer whose configuration names another claim has them there and nowhere else. A string is
    split on U+0020 alone (RFC 6749 section 3.3, RFC 8693 section 4.2); the members of an array, in
    which several issuers write them, are scopes as they are.

    Raises:
        ClaimRejected: such a claim is neither a string nor an array of strings.
    """
    if issuer.scopes_claim is not None:
        value = value_at(claims, issuer.scopes_claim)
        return () if value is ABSENT else _scopes_of(value, written(issuer.scopes_claim))
    held = None
    for name in SCOPE_CLAIMS:
        if name in claims:
            found = _scopes_of(claims[name], name)
            held = found if held is None else held
    return held or ()


def groups(claims: Claims, issuer: TrustedIssuer) -> tuple[str, ...]:
    """Return the token's groups, whole.

    A user pool's are in `cognito:groups` alone, for its users may be able to write `groups` (Amazon
    Cognito, adding groups to a user pool). Another issuer's are where its configuration says, by
    default in `groups` (RFC 9068 section 2.2.3.1), for nobody but a pool is bound to mean anything
    by `cognito:groups`. The claim that means nothing may hold anything.

    Raises:
        ClaimRejected: the claim is not an array of strings.
    """
    path = POOL_GROUPS_CLAIM if issuer.is_cognito else issuer.groups_claim or GROUPS_CLAIM
    value = claims.get(path[0], ABSENT) if len(path) == 1 else value_at(claims, path)
    if value is ABSENT:
        return ()
    texts = texts_of(value)
    if texts is None:
        raise ClaimRejected(f"{written(path)} is not an array of strings", value=value)
    return texts


def roles(claims: Claims, issuer: TrustedIssuer) -> tuple[str, ...]:
    """Return the token's roles, whole: of the claim that the issuer's configuration names, if any.

    A string there is one role.

    Raises:
        ClaimRejected: the claim is neither a string nor an array of strings.
    """
    if issuer.roles_claim is None:
        return ()
    value = value_at(claims, issuer.roles_claim)
    if value is ABSENT:
        return ()
    texts = (value,) if isinstance(value, str) else texts_of(value)
    if texts is None:
        raise ClaimRejected(
            f"{written(issuer.roles_claim)} is neither a string nor an array of strings",
            value=value,
        )
    return texts


def client(claims: Claims, issuer: TrustedIssuer) -> str | None:
    """Return the client that the token was made for: `client_id`, or where the issuer writes it.

    Raises:
        ClaimRejected: it is not a string.
    """
    if issuer.client_claim is None:
        return optional_text(claims, "client_id")
    value = claimed_client(claims, issuer)
    if value is ABSENT:
        return None
    if not isinstance(value, str):
        raise ClaimRejected(f"{written(issuer.client_claim)} is not a string", value=value)
    return value


def claimed_client(claims: Claims, issuer: TrustedIssuer) -> object:
    """Return whatever stands where the client should, or `ABSENT`."""
    return value_at(claims, issuer.client_claim or CLIENT_CLAIM)


def _scopes_of(value: object, name: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(filter(None, value.split(" ")))
    texts = texts_of(value)
    if texts is None:
        raise ClaimRejected(f"{name} is neither a string nor an array of strings", value=value)
    return texts


def texts_of(value: object) -> tuple[str, ...] | None:
    """Return the members of an array of strings, None for anything else."""
    if isinstance(value, list) and _ONLY_STRINGS.issuperset(map(type, value)):
        return tuple(value)
    return None
