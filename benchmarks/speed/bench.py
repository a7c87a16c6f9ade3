"""What every part of the benchmark is given."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Bench:
    """One run.

    Attributes:
        question: the file that every measured process is given; see `question`.
        folder: where things may be built, kept from run to run.
        quick: whether few rounds will do: to see that everything works, never for a document.
    """

    question: Path
    folder: Path
    quick: bool = False

    def rounds(self, usual: int) -> int:
        """Return how many rounds to make."""
        return 3 if self.quick else usual

    def progress(self, said: str) -> None:
        """Show on the terminal how far a part is; a file gets none of it."""
        if sys.stderr.isatty():
            print(f"\r\x1b[K  {said}", end="", file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of `make bench`.

    Attributes:
        title: what it measures, in a few words.
        seconds: how long it takes on a machine that has nothing else to do, about.
        measure: returns what results hold of it.
    """

    title: str
    seconds: int
    measure: Callable[[Bench], dict[str, Any]] = field(repr=False)


def timed(part: Part, bench: Bench) -> dict[str, Any]:
    """Measure a part; say when, and how long it took."""
    started = time.time()
    found = part.measure(bench)
    bench.progress("")
    day = time.strftime("%Y-%m-%d", time.gmtime(started))
    return {**found, "measured_on": day, "took_seconds": round(time.time() - started)}
