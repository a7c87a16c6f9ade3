"""The key ring <-> its one item in DynamoDB. A write that would undo another run's is refused."""

import time
from collections.abc import Collection
from typing import Any

from botocore.exceptions import ClientError

from function_kit.aws import CONDITION_FAILED, AwsClient, error_code
from function_kit.key_ring import ITEM_KEY, KeyRing, StoredRing
from key_rotation.errors import RingChanged
from key_rotation.settled import A_MINUTE, ROLE_IS_NEW, Sleep, settled


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
        answer = settled(
            lambda: self._dynamodb.get_item(
                TableName=self._table, Key=dict(ITEM_KEY), ConsistentRead=True
            ),
            ROLE_IS_NEW,
            A_MINUTE,
            self._sleep,
        )
        return StoredRing.from_item(answer.get("Item"))

    def replace(
        self, stored: StoredRing, ring: KeyRing, ending: Collection[str], now: int
    ) -> StoredRing:
        """Write a ring in place of the one that was read; return what the table holds then.

        Raises:
            RingChanged: Another run was faster; nothing is written.
        """
        written = StoredRing(ring, max(stored.version + 1, now), frozenset(ending))
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
                lambda: self._dynamodb.put_item(
                    TableName=self._table, Item=written.to_item(), **condition
                ),
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
        self._dynamodb.delete_item(TableName=self._table, Key=dict(ITEM_KEY))
