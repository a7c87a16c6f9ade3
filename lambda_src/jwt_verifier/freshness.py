"""How old a kept value is, and how soon to ask for it again: the one policy of all that is kept.

Age is told by the wall clock too, because a frozen or restored environment's monotonic clock may
have stood still; how soon to ask again is told by the monotonic clock alone,
because setting the wall clock must neither flood the source nor silence us. Time counts from the
last attempt, failed ones included: a source that is down is not asked more often than one that is
up.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Clock = Callable[[], float]
"""Returns seconds."""

MAX_BACKOFF_SECONDS: Final = 30.0
MAX_BACKOFF_DOUBLINGS: Final = 5


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment by both clocks, in seconds."""

    wall_seconds: float
    monotonic_seconds: float


@dataclass(frozen=True, slots=True)
class Clocks:
    """The two clocks; `wall` tells seconds since the epoch."""

    wall: Clock
    monotonic: Clock

    def now(self) -> Moment:
        """Return the present moment."""
        return Moment(self.wall(), self.monotonic())

    def age_seconds(self, since: Moment) -> float:
        """Return the greater of two ages: a clock that stood still or went back adds no trust."""
        return max(self.wall() - since.wall_seconds, self.monotonic() - since.monotonic_seconds)

    def is_fresh(self, since: Moment, seconds: float) -> bool:
        """Return whether it is younger; a wall clock that was set back makes nothing fresh."""
        return (
            0 <= self.wall() - since.wall_seconds < seconds
            and self.monotonic() - since.monotonic_seconds < seconds
        )


class Attempts:
    """How often a source was asked, how often it failed since it last answered, and when last.

    `clock` is the monotonic one.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.count = 0
        self.failures = 0
        self._ended_at = -math.inf

    def begin(self) -> None:
        """Note an attempt; until it has succeeded it counts as failed, whatever goes wrong."""
        self.failures += 1

    def succeed(self) -> None:
        """Note that the source has answered."""
        self.failures = 0

    def end(self) -> None:
        """Note that the attempt is over, well or not."""
        self.count += 1
        self._ended_at = self._clock()

    def forget(self) -> None:
        """Let the next attempt follow at once."""
        self.failures, self._ended_at = 0, -math.inf

    def may_retry(self) -> bool:
        """Return whether the source may be asked again: after 1 s, 2 s, 4 s … 30 s of failures."""
        if self.failures == 0:
            return True
        doublings = min(self.failures - 1, MAX_BACKOFF_DOUBLINGS)
        return self.have_rested(min(2.0**doublings, MAX_BACKOFF_SECONDS))

    def have_rested(self, seconds: float) -> bool:
        """Return whether the last attempt is so long ago."""
        elapsed = self._clock() - self._ended_at
        return elapsed < 0 or elapsed >= seconds  # negative: restored from a snapshot elsewhere
