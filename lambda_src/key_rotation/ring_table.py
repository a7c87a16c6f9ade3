"""The key ring <-> its one item in DynamoDB. A write that would undo another run's is refused."""

from dataclasses import dataclass
from typing import Final

from botocore.exceptions import ClientError

from key_rotation.aws import AwsClient
from key_rotation.errors import RingChanged, RingInvalid
from key_rotation.key_ring import KeyRing

ITEM: Final = {"id": {"S": "signing-keys"}}


@dataclass(frozen=True, slots=True)
class StoredRing:
    """A ring as it was read; `version` 0 means that there is none yet."""

    ring: KeyRing
    version: int


class RingTable:
    """The one item, with a version that every write raises by one."""

    def __init__(self, dynamodb: AwsClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def read(self) -> StoredRing:
        """Read the newest ring.

        Raises:
            RingInvalid: The item is damaged.
        """
        item = self._dynamodb.get_item(
            TableName=self._table, Key=dict(ITEM), ConsistentRead=True
        ).get("Item")
        if item is None:
            return StoredRing(KeyRing(), 0)
        try:
            text, version = item["keys"]["S"], int(item["version"]["N"])
        except (KeyError, ValueError):
            raise RingInvalid("the key ring in the table lacks keys or version") from None
        return StoredRing(KeyRing.from_json(text), version)

    def replace(self, stored: StoredRing, ring: KeyRing) -> None:
        """Write a ring in place of the one that was read.

        Raises:
            RingChanged: Another run was faster; nothing is written.
        """
        item = {**ITEM, "keys": {"S": ring.to_json()}, "version": {"N": str(stored.version + 1)}}
        try:
            if stored.version == 0:
                self._dynamodb.put_item(
                    TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(id)"
                )
            else:
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item=item,
                    ConditionExpression="version = :read",
                    ExpressionAttributeValues={":read": {"N": str(stored.version)}},
                )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise RingChanged("another run has written the key ring meanwhile") from None
            raise

    def clear(self) -> None:
        """Forget the ring, when the issuer itself is deleted."""
        self._dynamodb.delete_item(TableName=self._table, Key=dict(ITEM))
