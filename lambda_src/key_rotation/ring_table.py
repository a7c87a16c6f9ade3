"""The key ring <-> its one item in DynamoDB. A write that would undo another run's is refused."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from function_kit.aws import CONDITION_FAILED, AwsClient, error_code
from key_rotation.errors import RingChanged, RingInvalid
from key_rotation.key_ring import KeyRing
from key_rotation.settled import A_MINUTE, ROLE_IS_NEW, Sleep, settled

ITEM: Final = {"id": {"S": "signing-keys"}}


@dataclass(frozen=True, slots=True)
class StoredRing:
    """What the table holds.

    Attributes:
        ring: The published keys.
        version: Raised by every write, to the time if that is later, so that a ring of a backup is
            known by its version; 0 means that there is no item yet.
        ending: Ids of keys that are in no ring and are still to be deleted.
    """

    ring: KeyRing
    version: int
    ending: frozenset[str] = frozenset()


class RingTable:
    """The one item, with a version that every write raises by one."""

    def __init__(self, dynamodb: AwsClient, table: str, *, sleep: Sleep = time.sleep) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._sleep = sleep

    def read(self) -> StoredRing:
        """Read the newest ring.

        Raises:
            RingInvalid: The item is damaged.
        """
        item = settled(
            lambda: self._dynamodb.get_item(
                TableName=self._table, Key=dict(ITEM), ConsistentRead=True
            ),
            ROLE_IS_NEW,
            A_MINUTE,
            self._sleep,
        ).get("Item")
        if item is None:
            return StoredRing(KeyRing(), 0)
        try:
            text, version = item["keys"]["S"], int(item["version"]["N"])
            ending = frozenset(item["ending"]["SS"]) if "ending" in item else frozenset()
        except (KeyError, ValueError):
            raise RingInvalid("the key ring in the table lacks keys or version") from None
        return StoredRing(KeyRing.from_json(text), version, ending)

    def replace(
        self, stored: StoredRing, ring: KeyRing, ending: Collection[str], now: int
    ) -> StoredRing:
        """Write a ring in place of the one that was read; return what the table holds then.

        Raises:
            RingChanged: Another run was faster; nothing is written.
        """
        written = StoredRing(ring, max(stored.version + 1, now), frozenset(ending))
        item: dict[str, Any] = {
            **ITEM,
            "keys": {"S": ring.to_json()},
            "version": {"N": str(written.version)},
        }
        if ending:
            # DynamoDB has no empty set.
            item["ending"] = {"SS": sorted(ending)}
        condition: dict[str, Any] = (
            {
                "ConditionExpression": "version = :read",
                "ExpressionAttributeValues": {":read": {"N": str(stored.version)}},
            }
            if stored.version
            else {"ConditionExpression": "attribute_not_exists(id)"}
        )
        try:
            settled(
                lambda: self._dynamodb.put_item(TableName=self._table, Item=item, **condition),
                ROLE_IS_NEW,
                A_MINUTE,
                self._sleep,
            )
        except ClientError as error:
            if error_code(error) == CONDITION_FAILED:
                raise RingChanged("another run has written the key ring meanwhile") from None
            raise
        return written

    def clear(self) -> None:
        """Forget the ring, when the issuer itself is deleted."""
        self._dynamodb.delete_item(TableName=self._table, Key=dict(ITEM))
