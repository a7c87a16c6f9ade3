"""A million decisions while functions crash at random -> wrong answers, memory before and after.

`make soak` runs it; it exits 1 if an answer is wrong that no crash explains, or if memory grows.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Final

from benchmarks.local_calls import Failure, Served
from benchmarks.local_clients import Tally, drive_with_fresh_tokens
from benchmarks.local_processes import crash_one_child, memory_mb
from benchmarks.local_served import Serving, serve_in_a_process
from local.errors import LocalError

CLIENTS: Final = 16
DECISIONS: Final = 1_000_000
WARM_UP: Final = 0.1
"""The share of the decisions that fills caches, logs and thread pools before memory is measured."""

LONGEST_SECONDS: Final = 14_400
"""A run that is not done by then has not been whole, and fails."""

CRASH_SECONDS: Final = 0.5
"""The mean time between two crashes."""

NOTICE_SECONDS: Final = 0.25
"""How long a process may have been dead before a request meets it and is failed for it."""

START_SECONDS: Final = 10.0
"""How long a crashed function may take to start again, as Lambda allows. Without its issuer's keys
a cold authorizer answers 500 meanwhile."""

MOST_GROWTH: Final = 1.1
WRONG_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory in MB: of the gateway's process, and of all its children."""

    gateway: float
    children: float


class Crashes:
    """Kills a random function process again and again, until `stop`.

    `times` are monotonic, each taken just before its kill, with the label of what was killed.
    """

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._lock = Lock()
        self._stopping = Event()
        self.times: list[tuple[float, str]] = []
        self._thread = Thread(target=self._crash, daemon=True)
        self._thread.start()

    def signed_in_anew(self) -> Served:
        """Return all calls with new tokens; no function crashes while everybody signs in."""
        with self._lock:
            time.sleep(NOTICE_SECONDS)
            return self._serving.signed_in_anew()

    def memory(self) -> Memory:
        """Return the memory that all processes use now."""
        return Memory(*memory_mb(self._serving.process_id))

    def stop(self) -> None:
        """Stop the crashes."""
        self._stopping.set()
        self._thread.join()

    def _crash(self) -> None:
        chance = random.Random(1)
        while not self._stopping.wait(chance.expovariate(1 / CRASH_SECONDS)):
            with self._lock:
                crashed_at = time.monotonic()
                label = crash_one_child(self._serving.process_id, chance)
                if label:
                    self.times.append((crashed_at, label))

    def explain(self, failure: Failure) -> bool:
        """Return whether a process died under the call, or the publisher of its token's keys."""
        for crashed_at, label in self.times:
            seconds = START_SECONDS if label == failure.call.keys_from else NOTICE_SECONDS
            if failure.asked_at - seconds <= crashed_at <= failure.answered_at:
                return True
        return False


def main(arguments: Sequence[str]) -> int:
    """Run the soak, print what came of it and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.local_soak", description=__doc__)
    parser.add_argument("--decisions", type=int, default=DECISIONS, help="how many answers")
    parser.add_argument("--clients", type=int, default=CLIENTS, help="connections at once")
    options = parser.parse_args(arguments)
    warm_up = int(options.decisions * WARM_UP)
    try:
        with serve_in_a_process() as serving:
            print(f"{options.decisions:,} decisions, {options.clients} clients, crashing functions")
            crashes = Crashes(serving)
            first = _drive(crashes, options.clients, warm_up)
            before = crashes.memory()
            print(f"warm: gateway {before.gateway:.0f} MB, functions {before.children:.0f} MB")
            second = _drive(crashes, options.clients, options.decisions - warm_up)
            crashes.stop()
            after = crashes.memory()
    except LocalError as error:
        sys.stderr.write(f"soak: {error}\n")
        return 1
    return _show(options.decisions, (first, second), crashes, before, after)


def _drive(crashes: Crashes, clients: int, answers: int) -> Tally:
    def progress(so_far: int, seconds: float) -> None:
        if sys.stdout.isatty() or round(seconds) % 30 == 0:
            end = "\r" if sys.stdout.isatty() else "\n"
            memory = crashes.memory()
            print(
                f"{seconds:5.0f} s  {so_far:9,} of {answers:,}  gateway {memory.gateway:.0f} MB, "
                f"functions {memory.children:.0f} MB ",
                end=end,
                flush=True,
            )

    return drive_with_fresh_tokens(crashes, clients, LONGEST_SECONDS, answers, progress)


def _show(
    asked_for: int, parts: Sequence[Tally], crashes: Crashes, before: Memory, after: Memory
) -> int:
    answers = sum(part.answers for part in parts)
    seconds = sum(part.elapsed_seconds for part in parts)
    failures = [failure for part in parts for failure in part.failures]
    wrong = parts[0].wrong + parts[1].wrong
    for failure in failures:
        if not crashes.explain(failure):
            wrong[f"{failure.call.name}: 500 without a crash"] += 1
    if len(failures) > len(crashes.times):
        wrong["more answers 500 than crashes"] += len(failures) - len(crashes.times)
    if answers < asked_for:
        wrong["decisions that were not made in time"] += asked_for - answers
    grown = after.gateway > before.gateway * MOST_GROWTH
    print(f"decisions    {answers:,} in {seconds:.0f} s, {answers / seconds:,.0f} a second")
    print(f"crashes      {len(crashes.times):,}, of which {len(failures):,} were answered 500")
    print(f"gateway      {before.gateway:.0f} MB, {after.gateway:.0f} MB at the end")
    print(f"functions    {before.children:.0f} MB, {after.children:.0f} MB at the end")
    print(f"wrong        {wrong.total()}")
    for problem, times in wrong.most_common(WRONG_SHOWN):
        print(f"  {times:6}  {problem}")
    return 1 if wrong or grown else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
