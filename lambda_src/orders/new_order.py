"""Request body -> NewOrder, or OrderInvalid naming the field."""

import json
from dataclasses import dataclass
from typing import Self

from function_kit.backend import Request

LONGEST_ITEM_CHARACTERS = 100
MOST_PIECES = 1000


class OrderInvalid(Exception):
    """A body that is not an order: the message names the field and the fix, and may be shown."""


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order as a caller places it: an item's name and how many of it."""

    item: str
    quantity: int

    @classmethod
    def from_event(cls, request: Request) -> Self:
        """Read the body of a request.

        Raises:
            OrderInvalid: If it is not an order.
        """
        try:
            return cls.from_json(request.decoded_body)
        except UnicodeDecodeError:
            raise OrderInvalid("body: send a JSON object in UTF-8") from None

    @classmethod
    def from_json(cls, body: str | None) -> Self:
        """Read `{"item": "lamp", "quantity": 2}`.

        Raises:
            OrderInvalid: If it is anything else.
        """
        try:
            fields = json.loads(body or "")
        except (ValueError, RecursionError):
            raise OrderInvalid("body: send a JSON object") from None
        if not isinstance(fields, dict):
            raise OrderInvalid("body: send a JSON object")
        for name in fields:
            if name not in ("item", "quantity"):
                raise OrderInvalid(f"{name}: unknown, send item and quantity")
        item, quantity = fields.get("item"), fields.get("quantity")
        if not isinstance(item, str) or not 1 <= len(item) <= LONGEST_ITEM_CHARACTERS:
            raise OrderInvalid(f"item: send a text of 1 to {LONGEST_ITEM_CHARACTERS} characters")
        if type(quantity) is not int or not 1 <= quantity <= MOST_PIECES:
            raise OrderInvalid(f"quantity: send a whole number from 1 to {MOST_PIECES}")
        return cls(item, quantity)
