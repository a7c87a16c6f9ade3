"""Verify JSON Web Tokens of Amazon Cognito and of any other OpenID Connect issuer.

    from jwt_verifier import JwtVerifier, KeysUnavailable, TokenRejected

    verifier = JwtVerifier.cognito("eu-west-1_AbC123", client_ids=["1h57"], token_use="access")
    try:
        token = verifier.verify(jwt)
    except TokenRejected as rejection:
        ...  # 401; rejection.code says why, for your log and not for the caller
    except KeysUnavailable:
        ...  # 503; the issuer does not answer, so nothing can be said about the token

Make one verifier, at start, and keep it: it holds the issuers' keys. It may be used from several
threads. The names below are all that there is to import from here.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jwt_verifier.errors import (
        CheckFailed,
        KeysUnavailable,
        SettingsInvalid,
        TokenRejected,
        VerifierError,
    )
    from jwt_verifier.issuer import TrustedIssuer
    from jwt_verifier.issuer_kinds import cognito_issuer, oidc_issuer
    from jwt_verifier.jwks_cache import CacheTimes, KeysEvent
    from jwt_verifier.jwt_verifier import JwtVerifier
    from jwt_verifier.tokens import VerifiedToken, fingerprint

_HOMES = {
    "CacheTimes": "jwks_cache",
    "CheckFailed": "errors",
    "JwtVerifier": "jwt_verifier",
    "KeysEvent": "jwks_cache",
    "KeysUnavailable": "errors",
    "SettingsInvalid": "errors",
    "TokenRejected": "errors",
    "TrustedIssuer": "issuer",
    "VerifiedToken": "tokens",
    "VerifierError": "errors",
    "cognito_issuer": "issuer_kinds",
    "fingerprint": "tokens",
    "oidc_issuer": "issuer_kinds",
}

__all__ = [
    "CacheTimes",
    "CheckFailed",
    "JwtVerifier",
    "KeysEvent",
    "KeysUnavailable",
    "SettingsInvalid",
    "TokenRejected",
    "TrustedIssuer",
    "VerifiedToken",
    "VerifierError",
    "cognito_issuer",
    "fingerprint",
    "oidc_issuer",
]


def __getattr__(name: str) -> object:
    """Import a name when it is first asked for: who needs an error alone loads no cryptography."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
