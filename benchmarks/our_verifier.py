"""The verifier alone, without logs and policy, over keys in hand: what peers compare to."""

import time
from collections.abc import Callable

from jwt_verifier.algorithms import preload
from jwt_verifier.issuer import parse_issuers
from jwt_verifier.jwks import PublicKeys, parse_jwks
from jwt_verifier.jwks_cache import CacheTimes, JwksCache
from jwt_verifier.tokens import UnverifiedToken
from jwt_verifier.verifier import IssuerKeys, Verifier


class KeysInHand:
    """A key source that needs no network."""

    def __init__(self, document: bytes, algorithms: frozenset[str]) -> None:
        self._keys = parse_jwks(document, algorithms)

    def fetch(self) -> PublicKeys:
        """Return the keys."""
        return self._keys


def our_verifier(issuers_text: str, document: bytes, leeway_seconds: float) -> Verifier:
    """Return a warm verifier of one issuer, given as the variable `ISSUERS`."""
    (issuer,) = parse_issuers(issuers_text)
    preload(issuer.algorithms)
    keys = JwksCache(
        KeysInHand(document, issuer.algorithms),
        CacheTimes(3600.0, 86_400.0, 30.0),
        wall_clock=time.time,
        monotonic_clock=time.monotonic,
        report=lambda _event, _detail: None,
    )
    verifier = Verifier(
        [IssuerKeys(issuer, keys)], leeway_seconds=leeway_seconds, wall_clock=time.time
    )
    verifier.warm_up()
    return verifier


def as_peer(verifier: Verifier) -> Callable[[str], None]:
    """Return it in the shape of a peer: a function of a token's text."""

    def verify(token: str) -> None:
        verifier.verify(UnverifiedToken(token))

    return verify
