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


def refuse_outlived_tokens(minted_at: float, lifetime_seconds: float, now: float) -> None:
    """End a run whose tokens have expired meanwhile: what it found says nothing of verifiers.

    Args:
        minted_at: When its tokens were made, in seconds since the epoch.
        lifetime_seconds: How long they are good.
        now: Seconds since the epoch, when the last of them has been used.

    Raises:
        SystemExit: They have; the message says what to do.
    """
    if now >= minted_at + lifetime_seconds:
        raise SystemExit(
            f"the run took {now - minted_at:.0f} s and its tokens live {lifetime_seconds:.0f} s: "
            "nothing is reported; run it again when the machine is less busy"
        )
