"""Values that wait under random names, each for its time: in memory, for one process."""

import secrets
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
_NAME_BYTES = 32


class Waiting(Generic[T]):
    """Keeps values; what is over is forgotten when the next one comes.

    Args:
        clock: Seconds since the epoch.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._entries: dict[str, tuple[float, T]] = {}

    def add(self, value: T, seconds: float) -> str:
        """Keep a value for so many seconds, and return its name."""
        name, now = secrets.token_urlsafe(_NAME_BYTES), self._clock()
        with self._lock:
            self._entries = {old: entry for old, entry in self._entries.items() if entry[0] > now}
            self._entries[name] = (now + seconds, value)
        return name

    def find(self, name: str) -> T | None:
        """Return the value of a name, if it is not over."""
        with self._lock:
            return self._live(self._entries.get(name))

    def take(self, name: str) -> T | None:
        """Return the same for the last time: nobody finds it again."""
        with self._lock:
            return self._live(self._entries.pop(name, None))

    def _live(self, entry: tuple[float, T] | None) -> T | None:
        return entry[1] if entry and entry[0] > self._clock() else None
