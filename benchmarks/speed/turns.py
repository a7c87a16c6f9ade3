"""Measured processes -> figures: each in turn, round after round, on a core of their own.

Only what is measured in one round can be compared, for a shared machine changes from second to
second: a ratio is taken within a round, and the median of those counts.
"""

import json
import os
import statistics
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Self

MEASURED_CORE: Final = max(os.sched_getaffinity(0))
"""Measured processes run on the last core that we may use, one at a time."""

Progress = Callable[[str], None]
"""Takes what has just been done, as one line."""

NODE: Final = "node"
WARM_UP_SECONDS: Final = 0.7
"""After so long V8 has compiled what is measured."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Figures of all rounds: their median and their extremes."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Return it, to four digits: a benchmark tells no more."""
        digits = [float(f"{value:.4g}") for value in (statistics.median(values), *values)]
        return cls(digits[0], min(digits[1:]), max(digits[1:]))

    @property
    def document(self) -> list[float]:
        """As results hold it."""
        return [self.median, self.least, self.most]


Rounds = Mapping[str, Sequence[float]]
"""By name, one figure a round."""


def spreads(rounds: Rounds) -> dict[str, list[float]]:
    """Return the spread of each."""
    return {name: Spread.of(values).document for name, values in rounds.items()}


def ratio(rounds: Rounds, name: str, to: str) -> list[float]:
    """Return the spread of a ratio that is taken round by round."""
    pairs = zip(rounds[name], rounds[to], strict=True)
    return Spread.of([one / other for one, other in pairs]).document


@contextmanager
def beside_the_measured_core() -> Iterator[None]:
    """Keep this process off the core on which others are measured, where there is another."""
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, mine - {MEASURED_CORE} or mine)
    try:
        yield
    finally:
        os.sched_setaffinity(0, mine)


class Worker:
    """A process that is asked for one figure at a time; see `worker`."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        answers, their_end = os.pipe()
        self._process = subprocess.Popen(  # noqa: S603  # our own workers
            [*command, str(their_end)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=(their_end,),
            env={**os.environ, **environment},
        )
        os.sched_setaffinity(self._process.pid, {MEASURED_CORE})
        os.close(their_end)
        self._answers = os.fdopen(answers, encoding="utf-8")

    def ask(self, tokens: str, seconds: float) -> Mapping[str, Any]:
        """Return what it says of a kind of token."""
        stdin = self._process.stdin
        assert stdin is not None  # noqa: S101  # it is a pipe
        stdin.write(json.dumps({"tokens": tokens, "seconds": seconds}).encode() + b"\n")
        stdin.flush()
        line = self._answers.readline()
        if not line:
            raise SystemExit(f"a measured process ended: {self._process.args!r}")
        answer: Mapping[str, Any] = json.loads(line)
        return answer

    def end(self) -> None:
        """Let it end."""
        assert self._process.stdin is not None  # noqa: S101  # it is a pipe
        self._process.stdin.close()
        self._process.wait()
        self._answers.close()


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure to take: of which worker, with which tokens, and whether it must accept them."""

    name: str
    worker: str
    tokens: str
    accepted: bool = True


def take_turns(
    workers: Mapping[str, Worker],
    figures: Sequence[Asked],
    *,
    rounds: int,
    seconds: float,
    progress: Progress,
) -> dict[str, list[float]]:
    """Return every figure of every round, in microseconds.

    A round begins one further each time, so that nobody always follows the same one. A first round
    warms up and does not count.

    Raises:
        SystemExit: a verifier accepts what it must refuse, or refuses what it must accept.
    """
    taken: dict[str, list[float]] = {figure.name: [] for figure in figures}
    for number in range(rounds + 1):
        first = number % len(figures)
        for figure in (*figures[first:], *figures[:first]):
            answer = workers[figure.worker].ask(
                figure.tokens, seconds if number else WARM_UP_SECONDS
            )
            if answer["accepted"] != figure.accepted:
                verb = "refuses" if figure.accepted else "accepts"
                raise SystemExit(f"{figure.worker} {verb} tokens of the kind {figure.tokens}")
            if number:
                taken[figure.name].append(answer["us"])
        progress(f"round {number} of {rounds}")
    return taken
