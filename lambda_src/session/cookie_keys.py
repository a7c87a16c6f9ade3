"""Secrets Manager -> the keys that seal cookies, at most five minutes old.

A rotation signs nobody out: the version before opens what it sealed. A value of an unknown key has
the secret read again, for another environment may have had the new version earlier; while that
cannot be read, or was read just now, nothing is known of the value, and the caller asks again.
"""

from typing import Final

from jwt_verifier.cached_value import CachedValue
from jwt_verifier.freshness import Clocks
from session.errors import SERVICE_FAILURES, Unavailable
from session.seal import KeyUnknown, SealKey, derive_key, seal, unseal
from session.secret_store import CURRENT, PREVIOUS, SecretStore

FRESH_SECONDS: Final = 300.0
MAX_AGE_SECONDS: Final = 3_600.0
COOLDOWN_SECONDS: Final = 10.0
"""Forged cookies cost one read of the secret in this time."""

SHORTEST_SECRET_CHARACTERS: Final = 32


class CookieKeys:
    """Seals with the current version, opens with that and the one before.

    Args:
        store: Reads secrets.
        secret_id: Name or ARN of the secret: a random text of at least 32 characters.
        clocks: Both of them.
    """

    def __init__(self, store: SecretStore, secret_id: str, clocks: Clocks) -> None:
        self._store = store
        self._secret_id = secret_id
        self._keys: CachedValue[tuple[SealKey, ...]] = CachedValue(
            self._read,
            SERVICE_FAILURES,
            clocks,
            fresh_seconds=FRESH_SECONDS,
            max_age_seconds=MAX_AGE_SECONDS,
        )

    def seal(self, cookie: str, content: bytes) -> str:
        """Seal a value for the cookie of this name. Raises Unavailable."""
        return seal(self._keys.get()[0], cookie, content)

    def open(self, cookie: str, value: str) -> bytes:
        """Unseal the value of the cookie of this name.

        Raises:
            CookieInvalid: It was changed, or was sealed for another cookie.
            CookieForeign: It is of another release, or of a key that we have no longer.
            Unavailable: No keys are available, or its key may be one that we do not know yet.
        """
        try:
            return unseal(self._keys.get(), cookie, value)
        except KeyUnknown as unknown:
            newer = self._keys.refreshed(COOLDOWN_SECONDS)
            if newer is None:
                raise Unavailable("its key is not known yet", unknown.reason) from None
            return unseal(newer, cookie, value)

    def _read(self) -> tuple[SealKey, ...]:
        """Read the current key, and the previous one if there is one."""
        current = self._version(CURRENT)
        if current is None:
            raise Unavailable("the secret has no value", "secret_missing")
        previous = self._version(PREVIOUS)
        return tuple(derive_key(secret) for secret in (current, previous) if secret is not None)

    def _version(self, stage: str) -> str | None:
        secret = self._store.read(self._secret_id, stage)
        if secret is not None and len(secret) < SHORTEST_SECRET_CHARACTERS:
            raise Unavailable(
                f"the secret must be a text of {SHORTEST_SECRET_CHARACTERS} characters or more",
                "secret_too_short",
            )
        return secret
