"""A value from elsewhere, kept for an execution environment, which serves one request at once.

An old value is fetched again; if the fetch fails, the cached one serves on.
Without a cached value a failure is kept for a moment: many callers must not each wait for it.
"""

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from session.errors import IssuerInvalid, Unavailable

Value = TypeVar("Value")
Clock = Callable[[], float]
"""Returns seconds since the epoch: an environment may sleep, and only this clock does not."""

FAILURE_SECONDS: Final = 2.0
"""As long as callers are told to wait (`Unavailable.retry_after_seconds`)."""

_FAILURES: Final = (Unavailable, IssuerInvalid)


class CachedValue(Generic[Value]):
    """Asks when it is first needed.

    Args:
        fetch: Gets the value; raises Unavailable or IssuerInvalid.
        clock: Seconds since the epoch.
        fresh_seconds: For how long nobody asks again.
        max_age_seconds: For how long a value serves while no newer one is available.
        pause_seconds: Between two tries while a value is cached.
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
        self._failure: Unavailable | IssuerInvalid | None = None

    def get(self) -> Value:
        """Return the cached value, fetched anew once it is old.

        Raises:
            Unavailable: None is available, and the cached one is too old.
            IssuerInvalid: The same, because the issuer's answer is not valid.
        """
        value = self._value
        if value is not None and self._is_younger_than(self._fresh_seconds):
            return value
        usable = value if self._is_younger_than(self._max_age_seconds) else None
        if usable is not None and self._recently_tried():
            return usable
        if self._failure is not None and self._tried_within(FAILURE_SECONDS):
            raise self._failure
        try:
            return self._fetched()
        except _FAILURES:
            if usable is None:
                raise
            return usable

    def refreshed(self) -> Value | None:
        """Fetch the value anew; return None if one was just fetched, or none is available."""
        if self._recently_tried():
            return None
        try:
            return self._fetched()
        except _FAILURES:
            return None

    def _is_younger_than(self, seconds: float) -> bool:
        return 0 <= self._clock() - self._fetched_at < seconds

    def _recently_tried(self) -> bool:
        return self._tried_within(self._pause_seconds)

    def _tried_within(self, seconds: float) -> bool:
        return 0 <= self._clock() - self._tried_at < seconds

    def _fetched(self) -> Value:
        self._failure = None
        try:
            self._value = self._fetch()
        except _FAILURES as failure:
            self._failure = failure
            raise
        finally:
            # When the answer came, or did not: a slow failure is kept for as long as a fast one.
            self._tried_at = self._clock()
        self._fetched_at = self._tried_at
        return self._value
