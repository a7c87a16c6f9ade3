"""A million decisions while functions crash at random -> wrong answers, memory before and after.

`make soak` runs it; it exits 1 if an answer is wrong that no crash explains, or if memory grows.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
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
PARTS: Final = 10
"""Memory is measured after each; the first fills caches, logs and thread pools."""

LONGEST_SECONDS: Final = 14_400
"""A run that is not done by then has not been whole, and fails."""

CRASH_SECONDS: Final = 0.5
"""The mean time between two crashes."""

NOTICE_SECONDS: Final = 0.25
"""How long a process may have been dead before a request meets it and is failed for it."""

START_SECONDS: Final = 10.0
"""How long a crashed function may take to start again, as Lambda allows."""

AUTHORIZER: Final = "authorizer"
"""The label of the function that fetches keys; it holds them until it crashes."""

MOST_GROWTH: Final = 1.1
WRONG_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory in MB: of the gateway's process, and of all its children."""

    gateway: float
    children: float


@dataclass(frozen=True, slots=True)
class Crash:
    """A function that was killed: its label, and the monotonic times just before and just after.

    It may be long from one to the other: which function to kill is asked of `ps`.
    """

    label: str
    after: float
    before: float

    def is_within(self, seconds: float, failure: Failure) -> bool:
        """Return whether it may lie under the call, or at most so long before it."""
        return failure.asked_at - seconds <= self.before and self.after <= failure.answered_at


def explains(crashes: Sequence[Crash], failure: Failure) -> bool:
    """Return whether a function died under the call, or the token's keys were out of reach.

    They are if two functions have just crashed: the one that publishes them, and the authorizer,
    which has none in hand until it has fetched them again.
    """
    if any(crash.is_within(NOTICE_SECONDS, failure) for crash in crashes):
        return True
    starting = {crash.label for crash in crashes if crash.is_within(START_SECONDS, failure)}
    return failure.call.keys_from in starting and AUTHORIZER in starting


class Crashes:
    """Kills a random function process again and again, until `stop`; `so_far` says which."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._lock = Lock()
        self._stopping = Event()
        self.so_far: list[Crash] = []
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
                after = time.monotonic()
                label = crash_one_child(self._serving.process_id, chance)
                if label:
                    self.so_far.append(Crash(label, after, time.monotonic()))


def main(arguments: Sequence[str]) -> int:
    """Run the soak, print what came of it and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.local_soak", description=__doc__)
    parser.add_argument("--decisions", type=int, default=DECISIONS, help="how many answers")
    parser.add_argument("--clients", type=int, default=CLIENTS, help="connections at once")
    options = parser.parse_args(arguments)
    parts: list[Tally] = []
    memories: list[Memory] = []
    try:
        with serve_in_a_process() as serving:
            print(f"{options.decisions:,} decisions, {options.clients} clients, crashing functions")
            crashes = Crashes(serving)
            for part in range(PARTS):
                print(f"part {part + 1} of {PARTS}")
                parts.append(_drive(crashes, options.clients, options.decisions // PARTS))
                memories.append(crashes.memory())
            crashes.stop()
    except LocalError as error:
        sys.stderr.write(f"soak: {error}\n")
        return 1
    return _show(parts, crashes, memories, options.decisions // PARTS * PARTS)


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
    parts: Sequence[Tally], crashes: Crashes, memories: Sequence[Memory], asked_for: int
) -> int:
    answers = sum(part.answers for part in parts)
    seconds = sum(part.elapsed_seconds for part in parts)
    failures = [failure for part in parts for failure in part.failures]
    wrong = sum((part.wrong for part in parts), Counter[str]())
    for failure in failures:
        if not explains(crashes.so_far, failure):
            wrong[f"{failure.call.name}: 500 without a crash"] += 1
    if len(failures) > len(crashes.so_far):
        wrong["more answers 500 than crashes"] += len(failures) - len(crashes.so_far)
    if answers < asked_for:
        wrong["decisions that were not made in time"] += asked_for - answers
    grown = memories[-1].gateway > memories[0].gateway * MOST_GROWTH
    print(f"decisions    {answers:,} in {seconds:.0f} s, {answers / seconds:,.0f} a second")
    print(f"crashes      {len(crashes.so_far):,}, of which {len(failures):,} were answered 500")
    print(f"gateway      {_in_mb(memory.gateway for memory in memories)} MB after each part")
    print(f"functions    {_in_mb(memory.children for memory in memories)} MB")
    print(f"wrong        {wrong.total()}")
    for problem, times in wrong.most_common(WRONG_SHOWN):
        print(f"  {times:6}  {problem}")
    return 1 if wrong or grown else 0


def _in_mb(sizes: Iterable[float]) -> str:
    return ", ".join(f"{size:.0f}" for size in sizes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
