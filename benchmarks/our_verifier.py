"""The verifier alone, without logs and policy, over given keys: what peers compare to."""

from collections.abc import Callable

from jwt_verifier import JwtVerifier
from jwt_verifier.issuer_items import parse_issuers


def our_verifier(issuers_text: str, document: bytes, leeway_seconds: float) -> JwtVerifier:
    """Return a warm verifier of one issuer, given as the variable `ISSUERS`."""
    issuers = parse_issuers(issuers_text)
    verifier = JwtVerifier(
        issuers,
        leeway_seconds=leeway_seconds,
        static_keys={issuer.issuer: document for issuer in issuers},
    )
    verifier.warm_up()
    return verifier


def as_peer(verifier: JwtVerifier) -> Callable[[str], object]:
    """Return it in the shape of a peer: a function of a token's text."""
    return verifier.verify
