"""Where an issuer's keys come from, as the cache of keys asks it."""

from typing import Protocol

from jwt_verifier.jwks import PublicKeys


class KeySource(Protocol):
    """Where an issuer's keys come from."""

    def fetch(self, *, rediscover: bool) -> PublicKeys:
        """Return the issuer's keys as of now, perhaps none. Raises KeysUnavailable.

        Args:
            rediscover: whether to look up anew where the keys are, if that is looked up at all.
        """
        ...
