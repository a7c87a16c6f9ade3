"""Revocations in memory -> does one of them hit this token? Pure."""

import math
from collections.abc import Iterator
from typing import Final

from function_kit.revocation.entry import KeptRevocation, Kind
from function_kit.revocation.errors import ListUnreadable
from jwt_verifier.tokens import VerifiedToken

MAX_ENTRIES: Final = 50_000
"""Some 25 MB, of the function's 512."""


class KeptList:
    """Keeps them, one for each thing that is taken back: of two the one that hits more."""

    def __init__(self, max_entries: int = MAX_ENTRIES) -> None:
        self._max_entries = max_entries
        self._limits: dict[tuple[Kind, str, str], tuple[float, int]] = {}

    def __len__(self) -> int:
        """Return how many things are taken back."""
        return len(self._limits)

    def add(self, kept: KeptRevocation) -> None:
        """Keep one more. Raises ListUnreadable if there is no room for it."""
        revocation = kept.revocation
        key = (revocation.kind, revocation.issuer, revocation.value)
        before = math.inf if revocation.issued_before is None else revocation.issued_before
        known = self._limits.get(key)
        if known is None:
            if len(self._limits) >= self._max_entries:
                raise ListUnreadable(f"outgrown: more than {self._max_entries} revocations")
            self._limits[key] = (before, kept.expires_at)
        else:
            self._limits[key] = (max(before, known[0]), max(kept.expires_at, known[1]))

    def forget_expired(self, now: float) -> None:
        """Drop what can hit no token any more, given seconds since the epoch."""
        expired = [key for key, (_, expires_at) in self._limits.items() if expires_at <= now]
        for key in expired:
            del self._limits[key]

    def hit(self, token: VerifiedToken, now: float) -> Kind | None:
        """Return by what a token is taken back, or None.

        Args:
            token: what its issuer vouches for.
            now: seconds since the epoch.
        """
        if not self._limits:
            return None
        for kind, value, since in _known_by(token):
            limit = self._limits.get((kind, token.issuer_name, value))
            if limit is not None and since < limit[0] and now < limit[1]:
                return kind
        return None


def _known_by(token: VerifiedToken) -> Iterator[tuple[Kind, str, float]]:
    """Yield what a token may be taken back by, and since when it is good by that."""
    claims = token.claims
    issued_at = _time(claims.get("iat"))
    yield "all", "", issued_at
    if token.subject is not None:
        # A user pool's refreshed tokens keep the time of the sign-in (OpenID Connect Core 1.0
        # section 2, auth_time): who is cut off has to sign in again.
        yield "sub", token.subject, _time(claims.get("auth_time", issued_at))
    for client in (token.client_id, claims.get("azp"), claims.get("aud")):
        if isinstance(client, str):
            yield "client", client, issued_at
            break
    for kind in ("jti", "origin_jti"):
        value = claims.get(kind)
        if isinstance(value, str):
            yield kind, value, issued_at


def _time(value: object) -> float:
    """Return a time; what does not say one is older than any."""
    return value if type(value) is int or type(value) is float else -math.inf
