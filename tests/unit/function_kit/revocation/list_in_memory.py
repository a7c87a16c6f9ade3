"""A list of revocations that is read page by page, and may fail to be."""

import bisect
from collections.abc import Callable
from dataclasses import dataclass, field

from function_kit.revocation.entry import Revocation, new_item
from function_kit.revocation.errors import ListUnreadable
from function_kit.revocation.table_keys import ENTRY
from function_kit.revocation.table_reader import Page


@dataclass
class ListInMemory:
    """What the table answers: items in the order of their keys.

    Attributes:
        page_items: how many a page holds.
        pages_read: how many were asked for.
        asked_after: what each was asked for.
        fails: whether a page cannot be had.
    """

    page_items: int = 1_000
    items: dict[str, object] = field(default_factory=dict)
    pages_read: int = 0
    asked_after: list[str | None] = field(default_factory=list)
    time_outs: list[float] = field(default_factory=list)
    fails: Callable[[], bool] = field(default=lambda: False)
    _keys: list[str] = field(default_factory=list)

    def put(self, revocation: Revocation, now: float, lifetime_seconds: int = 900) -> str:
        """Write a revocation by a clock that says `now`; return its key."""
        item = new_item(revocation, now=now, lifetime_seconds=lifetime_seconds)
        self.put_item(item[ENTRY]["S"], item)
        return item[ENTRY]["S"]

    def put_item(self, key: str, item: object) -> None:
        """Write any item."""
        self.items[key] = item
        bisect.insort(self._keys, key)

    def remove(self, key: str) -> None:
        """Delete an item."""
        del self.items[key]
        self._keys.remove(key)

    def page(self, after: str | None, now: float, timeout_seconds: float) -> Page:  # noqa: ARG002
        """Answer as the table does."""
        self.pages_read += 1
        self.asked_after.append(after)
        self.time_outs.append(timeout_seconds)
        if self.fails():
            raise ListUnreadable("no answer: ConnectionRefusedError")
        start = 0 if after is None else bisect.bisect_right(self._keys, after)
        keys = self._keys[start : start + self.page_items]
        is_last = start + self.page_items >= len(self._keys)
        return Page([self.items[key] for key in keys], None if is_last else keys[-1])
