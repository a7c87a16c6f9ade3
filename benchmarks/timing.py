"""Work -> the shortest time that it takes. Standard library only: the peers use it too."""

import time
from collections.abc import Callable
from typing import Final

REPEATS: Final = 7
VERIFICATIONS: Final = 400


def seconds_each(verify: Callable[[str], object], token: str) -> float:
    """Return the time of one verification: the best of several rounds, as others disturb least."""
    best = float("inf")
    for _ in range(REPEATS):
        started = time.perf_counter()
        for _ in range(VERIFICATIONS):
            verify(token)
        best = min(best, time.perf_counter() - started)
    return best / VERIFICATIONS


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of one run: the best of several."""
    best = float("inf")
    for _ in range(REPEATS):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best
