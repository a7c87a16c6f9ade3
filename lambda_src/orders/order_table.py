"""Orders in DynamoDB: found by whose they are, written under conditions, never scanned for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from function_kit.aws import CONDITION_FAILED, AwsClient, error_code
from orders.new_order import NewOrder
from orders.owner import Owner

BY_ID: Final = "by_id"
BY_TENANT: Final = "by_tenant"
MOST_ANSWERED: Final = 100
MOST_KEY_BYTES: Final = 1024
"""Of a sort key; a partition key may have twice as many ("Quotas in Amazon DynamoDB")."""
_SHOWN: Final = ("id", "item", "quantity", "refunded_at")

Order = Mapping[str, object]
"""An order as callers see it."""


class OrderUnknown(Exception):
    """No order has this id, which is the message."""


class OrderRefunded(Exception):
    """The money of the order with this id has been given back before."""


@dataclass(frozen=True, slots=True)
class OrderTable:
    """The orders of everybody.

    Attributes:
        dynamodb: A client of DynamoDB.
        name: The table's.
    """

    dynamodb: AwsClient
    name: str

    def of_owner(self, owner: Owner) -> list[Order]:
        """Return somebody's orders, the latest first."""
        return self._query("#key = :key", {"#key": "owner"}, owner)

    def of_tenant(self, tenant: str) -> list[Order]:
        """Return the orders that people of a tenant have placed, the latest first."""
        return self._query("#key = :key", {"#key": "tenant"}, tenant, IndexName=BY_TENANT)

    def place(self, order_id: str, order: NewOrder, owner: Owner, tenant: str | None) -> Order:
        """Add an order; one that is there already is never overwritten.

        Args:
            order_id: Not used before.
            order: What is ordered.
            owner: Whose it is from now on.
            tenant: Whose people may see it besides; None for nobody's.
        """
        item: dict[str, dict[str, str]] = {
            "owner": {"S": owner},
            "id": {"S": order_id},
            "item": {"S": order.item},
            "quantity": {"N": str(order.quantity)},
        }
        # An index does not take an empty key.
        if tenant:
            item["tenant"] = {"S": tenant}
        self.dynamodb.put_item(
            TableName=self.name,
            Item=item,
            ConditionExpression="attribute_not_exists(id)",
        )
        return _shown(item)

    def delete(self, order_id: str) -> None:
        """Delete an order, whosever it is.

        Raises:
            OrderUnknown: It is not there, or no longer.
        """
        try:
            self.dynamodb.delete_item(
                TableName=self.name,
                Key=self._key_of(order_id),
                ConditionExpression="attribute_exists(id)",
            )
        except ClientError as error:
            if error_code(error) == CONDITION_FAILED:
                raise OrderUnknown(order_id) from None
            raise

    def refund(self, order_id: str, now_seconds: int) -> None:
        """Note that an order's money has been given back, once.

        Raises:
            OrderUnknown: It is not there, or no longer.
            OrderRefunded: It was given back before.
        """
        try:
            self.dynamodb.update_item(
                TableName=self.name,
                Key=self._key_of(order_id),
                UpdateExpression="SET refunded_at = :now",
                ConditionExpression="attribute_exists(id) AND attribute_not_exists(refunded_at)",
                ExpressionAttributeValues={":now": {"N": str(now_seconds)}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error_code(error) != CONDITION_FAILED:
                raise
            known = "Item" in error.response
            raise (OrderRefunded if known else OrderUnknown)(order_id) from None

    def _key_of(self, order_id: str) -> dict[str, Any]:
        """Return the whole key of an order: its owner is what the index knows."""
        if len(order_id.encode()) > MOST_KEY_BYTES:
            raise OrderUnknown(order_id)
        found = self.dynamodb.query(
            TableName=self.name,
            IndexName=BY_ID,
            KeyConditionExpression="id = :id",
            ExpressionAttributeValues={":id": {"S": order_id}},
        )["Items"]
        if not found:
            raise OrderUnknown(order_id)
        return {"owner": found[0]["owner"], "id": found[0]["id"]}

    def _query(
        self, condition: str, names: Mapping[str, str], value: str, **more: str
    ) -> list[Order]:
        if len(value.encode()) > MOST_KEY_BYTES:
            return []
        answer = self.dynamodb.query(
            TableName=self.name,
            KeyConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={":key": {"S": value}},
            ScanIndexForward=False,
            Limit=MOST_ANSWERED,
            **more,
        )
        return [_shown(item) for item in answer["Items"]]


def _shown(item: Mapping[str, Mapping[str, str]]) -> Order:
    return dict(_values(item))


def _values(item: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, object]]:
    for name in _SHOWN:
        for kind, text in item.get(name, {}).items():
            yield name, int(text) if kind == "N" else text
