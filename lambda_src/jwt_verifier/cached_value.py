"""A value from elsewhere, kept: served while fresh, and for longer while its source is down."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from jwt_verifier.freshness import Attempts, Clocks, Moment

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[Value]):
    value: Value
    fetched_at: Moment


class CachedValue(Generic[Value]):
    """Asks when the value is first needed. For one thread at a time.

    Args:
        fetch: gets the value, or raises one of `failures`.
        failures: what a source raises that does not answer, or not well.
        clocks: see `freshness`.
        fresh_seconds: for how long nobody asks again.
        max_age_seconds: for how long a value serves while no newer one is there.
    """

    def __init__(
        self,
        fetch: Callable[[], Value],
        failures: tuple[type[Exception], ...],
        clocks: Clocks,
        *,
        fresh_seconds: float,
        max_age_seconds: float,
    ) -> None:
        self._fetch = fetch
        self._failures = failures
        self._clocks = clocks
        self._fresh_seconds = fresh_seconds
        self._max_age_seconds = max_age_seconds
        self._attempts = Attempts(clocks.monotonic)
        self._kept: _Kept[Value] | None = None
        self._failure: Exception | None = None

    def get(self) -> Value:
        """Return the value.

        Raises:
            Exception: what the source raises, and none is in hand that is young enough. While the
                source is left alone, it is the last one again.
        """
        kept = self._kept
        if kept is not None and self._clocks.is_fresh(kept.fetched_at, self._fresh_seconds):
            return kept.value
        if kept is not None and self._clocks.age_seconds(kept.fetched_at) < self._max_age_seconds:
            return self._refreshed_or(kept.value)
        if self._failure is not None and not self._attempts.may_retry():
            raise self._failure.with_traceback(None)
        return self._fetched()

    def refreshed(self, cooldown_seconds: float) -> Value | None:
        """Return the value as it is now; None if it was asked for lately, or is not there.

        Args:
            cooldown_seconds: between two attempts for the sake of a newer value.
        """
        if not self._attempts.have_rested(cooldown_seconds):
            return None
        try:
            return self._fetched()
        except self._failures:
            return None

    def _refreshed_or(self, stale: Value) -> Value:
        if not self._attempts.may_retry():
            return stale
        try:
            return self._fetched()
        except self._failures:
            return stale

    def _fetched(self) -> Value:
        begun = self._clocks.now()
        self._attempts.begin()
        try:
            value = self._fetch()
        except Exception as failure:
            self._failure = failure
            raise
        else:
            self._attempts.succeed()
            self._failure = None
            self._kept = _Kept(value, begun)
            return value
        finally:
            self._attempts.end()
