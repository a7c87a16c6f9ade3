"""ThrottleConfig -> which request is one too many: a token bucket a route."""

from collections.abc import Callable
from threading import Lock

from local.template.local_app import ThrottleConfig


class Throttle:
    """The stage's limits, for each route on its own (API Gateway, "Throttle requests").

    Args:
        limits: None lets everything through.
        clock: Seconds that only grow.
    """

    def __init__(self, limits: ThrottleConfig | None, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._lock = Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def admits(self, route_key: str) -> bool:
        """Whether a route may take one more request now."""
        if self._limits is None:
            return True
        with self._lock:
            now = self._clock()
            burst = float(self._limits.burst)
            tokens, filled_at = self._buckets.get(route_key, (burst, now))
            tokens = min(burst, tokens + (now - filled_at) * self._limits.rate_per_second)
            admitted = tokens >= 1
            self._buckets[route_key] = (tokens - 1 if admitted else tokens, now)
            return admitted
