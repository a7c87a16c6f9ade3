"""A value from elsewhere, kept for an execution environment, which serves one request at once.

The rule: a value that is old is asked for again, and the one in hand goes on if there is no answer.
"""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from session.errors import IssuerInvalid, Unavailable

Value = TypeVar("Value")
Clock = Callable[[], float]
"""Returns seconds since the epoch: an environment may sleep, and only this clock does not."""

_FAILURES: Final = (Unavailable, IssuerInvalid)


class Kept(Generic[Value]):
    """Asks when it is first needed.

    Args:
        fetch: Gets the value; raises Unavailable or IssuerInvalid.
        clock: Seconds since the epoch.
        fresh_seconds: For how long nobody asks again.
        max_age_seconds: For how long a value serves while there is no newer one to be had.
        pause_seconds: Between two tries for the sake of a value that is in hand.
    """

    def __init__(
        self,
        fetch: Callable[[], Value],
        clock: Clock,
        *,
        fresh_seconds: float,
        max_age_seconds: float,
        pause_seconds: float,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._fresh_seconds = fresh_seconds
        self._max_age_seconds = max_age_seconds
        self._pause_seconds = pause_seconds
        self._value: Value | None = None
        self._fetched_at = 0.0
        self._tried_at = float("-inf")

    def get(self) -> Value:
        """The value.

        Raises:
            Unavailable: There is none to be had, and none in hand that is young enough.
            IssuerInvalid: The same, and what there is is not good.
        """
        value = self._value
        if value is not None and self._is_younger_than(self._fresh_seconds):
            return value
        usable = value if self._is_younger_than(self._max_age_seconds) else None
        if usable is not None and self._tried_lately():
            return usable
        try:
            return self._fetched()
        except _FAILURES:
            if usable is None:
                raise
            return usable

    def newer(self) -> Value | None:
        """The value as it is now; None if one was asked for lately, or cannot be had."""
        if self._tried_lately():
            return None
        try:
            return self._fetched()
        except _FAILURES:
            return None

    def _is_younger_than(self, seconds: float) -> bool:
        return 0 <= self._clock() - self._fetched_at < seconds

    def _tried_lately(self) -> bool:
        return 0 <= self._clock() - self._tried_at < self._pause_seconds

    def _fetched(self) -> Value:
        self._tried_at = self._clock()
        self._value = self._fetch()
        self._fetched_at = self._clock()
        return self._value
