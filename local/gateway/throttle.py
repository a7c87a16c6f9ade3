"""A stage's ThrottleConfigs -> which request is one too many: a token bucket a route."""

from collections.abc import Callable
from threading import Lock

from local.template.local_app import StageConfig


class Throttle:
    """The stage's limits, for each route on its own (API Gateway, "Throttle requests").

    Args:
        stage: Its `throttle`, or what `route_throttles` says for a route; None lets all through.
        clock: Seconds that only grow.
    """

    def __init__(self, stage: StageConfig, clock: Callable[[], float]) -> None:
        self._stage = stage
        self._clock = clock
        self._lock = Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def admits(self, route_key: str) -> bool:
        """Return whether a route may take one more request now."""
        limits = self._stage.route_throttles.get(route_key, self._stage.throttle)
        if limits is None:
            return True
        with self._lock:
            now = self._clock()
            burst = float(limits.burst)
            tokens, filled_at = self._buckets.get(route_key, (burst, now))
            tokens = min(burst, tokens + (now - filled_at) * limits.rate_per_second)
            admitted = tokens >= 1
            self._buckets[route_key] = (tokens - 1 if admitted else tokens, now)
            return admitted
