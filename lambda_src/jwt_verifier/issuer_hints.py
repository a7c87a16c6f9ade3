"""An unknown `iss` -> the configured issuer that it nearly is, in words that quote none of it."""

import re
from collections.abc import Iterable
from typing import Final

from jwt_verifier.issuer import TrustedIssuer

_ENTRA_ISSUER: Final = re.compile(
    r"https://(?:sts\.windows\.net/(?P<v1>[0-9a-f-]{36})/"
    r"|login\.microsoftonline\.com/(?P<v2>[0-9a-f-]{36})/v2\.0)"
)
"""Both versions of a tenant's issuer (access tokens, Microsoft identity platform)."""


def likeness(unknown: str, issuers: Iterable[TrustedIssuer]) -> str | None:
    """Return how an issuer string differs from a configured one, or None if it has nothing of any.

    Args:
        unknown: what a token says; nothing of it is in the answer.
        issuers: the configured ones.
    """
    for issuer in issuers:
        if unknown == issuer.other_form:
            return f"it is the other form of {issuer.name}'s issuer"
        if unknown.rstrip("/") == issuer.issuer.rstrip("/"):
            return f"it differs from {issuer.name}'s by a final slash only"
        tenant = _entra_tenant(issuer.issuer)
        if tenant is not None and tenant == _entra_tenant(unknown):
            return f"it is the other version (v1.0, v2.0) of {issuer.name}'s issuer at Entra ID"
    return None


def _entra_tenant(issuer: str) -> str | None:
    match = _ENTRA_ISSUER.fullmatch(issuer)
    return match and (match["v1"] or match["v2"])
