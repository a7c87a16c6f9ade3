"""The published keys -> who signs now, and what the JWKS shows. Pure."""

from dataclasses import dataclass
from typing import Final

from function_kit.key_ring import SigningKey

PREDECESSOR_SECONDS: Final = 86_400
"""For how long after its end a key may still sign. `key_rotation.plan` keeps it published for so
long, and a token's life and every verifier's leeway besides."""


@dataclass(frozen=True, slots=True)
class PublishedKeys:
    """Every published key, in the order in which they begin to sign; at least one."""

    keys: tuple[SigningKey, ...]

    def signer(self, now: float) -> SigningKey:
        """Return the key that signs at `now` (seconds since the epoch): the last that has begun."""
        return self.signers(now)[0]

    def signers(self, now: float) -> tuple[SigningKey, ...]:
        """Return every key, in the order in which they are tried while KMS refuses one.

        After the one whose time it is: its predecessor, as long as it stays published for a token's
        life; those that follow, which verifiers have known for hours; the others.
        """
        begun = sum(key.signs_from <= now for key in self.keys) or 1
        past, following = self.keys[:begun], self.keys[begun:]
        predecessors = past[-2::-1]
        if now - past[-1].signs_from < PREDECESSOR_SECONDS:
            return (past[-1], *predecessors, *following)
        return (past[-1], *following, *predecessors)

    @property
    def jwks(self) -> dict[str, object]:
        """The JWK set (RFC 7517 section 5): all of them, so that a key is known before it signs."""
        return {"keys": [dict(key.jwk) for key in self.keys]}
