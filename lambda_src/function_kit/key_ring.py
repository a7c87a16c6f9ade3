"""An issuer's published keys <-> the item of the table that holds them. Pure.

`key_rotation` writes it, and `token_issuer` signs with the keys and publishes them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

ITEM_KEY: Final = {"id": {"S": "signing-keys"}}
"""The primary key of the one item, as DynamoDB takes it."""


class RingInvalid(Exception):
    """What the table holds is not a key ring: nothing is guessed. The message names the fix."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key of KMS, published from the moment that it is in the ring.

    Attributes:
        kms_key_id: its id in this account and region.
        signs_from: when it begins to sign, in seconds since the epoch; it signs until the next
            key begins.
        jwk: its public half as the JWKS shows it (RFC 7517), `kid` included.
    """

    kms_key_id: str
    signs_from: int
    jwk: Mapping[str, str]

    @property
    def kid(self) -> str:
        """What its tokens call it."""
        return self.jwk["kid"]


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Every published key, in the order in which they begin to sign."""

    keys: tuple[SigningKey, ...] = ()

    def to_json(self) -> str:
        """Return an array of `{"kms_key_id", "signs_from", "jwk"}`, oldest first."""
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
            RingInvalid: it is anything else, or a key has no `kid`.
        """
        try:
            ring = cls(tuple(map(_key, json.loads(text))))
        except (ValueError, TypeError, KeyError) as error:
            raise RingInvalid(
                f"the key ring in the table is damaged ({type(error).__name__}); restore its item"
            ) from None
        return ring


@dataclass(frozen=True, slots=True)
class StoredRing:
    """What the table holds.

    Attributes:
        ring: the published keys.
        version: raised by every write, to the time if that is later, so that a ring of a backup is
            known by its version; 0 means that there is no item yet.
        ending: ids of keys that are in no ring and are still to be deleted.
    """

    ring: KeyRing
    version: int
    ending: frozenset[str] = frozenset()

    @classmethod
    def from_item(cls, item: Mapping[str, Any] | None) -> "StoredRing":
        """Read the item, as DynamoDB gives it; None is a table without one.

        Raises:
            RingInvalid: it is damaged.
        """
        if item is None:
            return cls(KeyRing(), 0)
        try:
            text, version = item["keys"]["S"], int(item["version"]["N"])
            ending = frozenset(item["ending"]["SS"]) if "ending" in item else frozenset()
        except (KeyError, ValueError):
            raise RingInvalid(
                "the key ring in the table lacks keys or version; restore its item"
            ) from None
        return cls(KeyRing.from_json(text), version, ending)

    def to_item(self) -> dict[str, Any]:
        """Return the item, as DynamoDB takes it."""
        item: dict[str, Any] = {
            **ITEM_KEY,
            "keys": {"S": self.ring.to_json()},
            "version": {"N": str(self.version)},
        }
        if self.ending:
            # DynamoDB has no empty set.
            item["ending"] = {"SS": sorted(self.ending)}
        return item


def _key(item: Mapping[str, Any]) -> SigningKey:
    key = SigningKey(str(item["kms_key_id"]), int(item["signs_from"]), dict(item["jwk"]))
    if not key.kid:
        raise ValueError("kid")
    return key
