"""The key ring's JSON text -> who signs now, and what the JWKS shows. Pure.

`key_rotation` writes the text with code of its own: the two meet only in this format, an array of
`{"kms_key_id", "signs_from", "jwk"}`, oldest first.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from token_issuer.errors import RingInvalid

PREDECESSOR_SECONDS: Final = 86_400
"""For how long after its end a key may still sign. `key_rotation.plan` keeps it published for so
long, and a token's life and every verifier's leeway besides."""


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """One key: where it signs, from when (seconds since the epoch), its public half as a JWK."""

    kms_key_id: str
    signs_from: int
    jwk: Mapping[str, str]

    @property
    def kid(self) -> str:
        """What its tokens call it."""
        return self.jwk["kid"]


@dataclass(frozen=True, slots=True)
class PublishedKeys:
    """Every published key, in the order in which they begin to sign; at least one."""

    keys: tuple[PublishedKey, ...]

    def signer(self, now: float) -> PublishedKey:
        """Return the key that signs at `now` (seconds since the epoch): the last that has begun."""
        return self.signers(now)[0]

    def signers(self, now: float) -> tuple[PublishedKey, ...]:
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


def parse_keys(text: str) -> PublishedKeys:
    """Read the text.

    Raises:
        RingInvalid: It holds no key, or something else.
    """
    try:
        keys = tuple(
            PublishedKey(str(item["kms_key_id"]), int(item["signs_from"]), dict(item["jwk"]))
            for item in json.loads(text)
        )
        complete = all(key.kid for key in keys)
    except (ValueError, TypeError, KeyError) as error:
        raise RingInvalid(f"the key ring is damaged ({type(error).__name__})") from None
    if not keys or not complete:
        raise RingInvalid("the key ring holds no key")
    return PublishedKeys(keys)
