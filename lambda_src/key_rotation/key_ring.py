"""The published keys <-> the JSON text that the table holds. Pure.

`token_issuer` reads the same text with code of its own: the two meet only in this format, an array
of `{"kms_key_id", "signs_from", "jwk"}`, oldest first.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from key_rotation.errors import RingInvalid


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key of KMS, published from the moment that it is in the ring.

    Attributes:
        kms_key_id: Its id in this account and region.
        signs_from: When it begins to sign, in seconds since the epoch; it signs until the next
            key begins.
        jwk: Its public half as the JWKS shows it (RFC 7517), `kid` included.
    """

    kms_key_id: str
    signs_from: int
    jwk: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Every published key, in the order in which they begin to sign."""

    keys: tuple[SigningKey, ...] = ()

    def to_json(self) -> str:
        """Return the ring as the table holds it."""
        return json.dumps(
            [
                {"kms_key_id": key.kms_key_id, "signs_from": key.signs_from, "jwk": dict(key.jwk)}
                for key in self.keys
            ]
        )

    @classmethod
    def from_json(cls, text: str) -> "KeyRing":
        """Read what `to_json` has written.

        Raises:
            RingInvalid: It is anything else.
        """
        try:
            items = json.loads(text)
            return cls(
                tuple(
                    SigningKey(str(item["kms_key_id"]), int(item["signs_from"]), dict(item["jwk"]))
                    for item in items
                )
            )
        except (ValueError, TypeError, KeyError) as error:
            raise RingInvalid(
                f"the key ring in the table is damaged ({type(error).__name__}); restore its item"
            ) from None
