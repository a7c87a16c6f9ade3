"""`python -m local` as a process, and the stacks that its tests share."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE
from typing import IO

from tests.processes import wait_until_gone
from tests.sample.paths import APP_MODULE

ROOT = Path(__file__).parents[2]
NOTHING: Mapping[str, str] = {}
START_SECONDS = 1800
"""Only a test that fails waits so long, however busy the machine is."""


def local(
    *arguments: str,
    environment: Mapping[str, str] = NOTHING,
    stdout: IO[str] | int = PIPE,
    stderr: IO[str] | int = PIPE,
) -> subprocess.Popen[str]:
    """Start a command on the sample."""
    return subprocess.Popen(
        [sys.executable, "-m", "local", *arguments, *_of_the_sample(arguments)],
        cwd=ROOT,
        stdout=stdout,
        stderr=stderr,
        text=True,
        env={
            **os.environ,
            "COLUMNS": "160",
            "PYTHONWARNINGS": "error::ResourceWarning",
            **environment,
        },
    )


def _of_the_sample(arguments: tuple[str, ...]) -> list[str]:
    return [] if arguments[0] == "token" else ["--app", APP_MODULE]


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for the end of a command; its exit status and what it said on either stream."""
    out, err = process.communicate(timeout=START_SECONDS)
    return process.returncode, out, err


def children_of(pid: int) -> list[int]:
    """The processes of the functions of a stack.

    Most functions have one. On a busy machine a function may have none yet, for its init took too
    long and runs again in its first call, or two, for a second call came before the first was over.
    """
    columns = ["-o", "pid=", "-o", "ppid=", "-o", "args="]
    listing = subprocess.run(
        ["ps", "-eww", *columns],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rows = [line.split(None, 2) for line in listing.splitlines()]
    return [int(row[0]) for row in rows if int(row[1]) == pid and "child.py" in row[2]]


def until(condition: Callable[[], object]) -> None:
    """Wait for something that must come."""
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


@dataclass(frozen=True)
class Served:
    """A stack that serves: its process, its file for scripts, and a folder with what it says."""

    process: subprocess.Popen[str]
    outputs: Path
    said: Path

    def shown(self, last: str) -> str:
        """What people read, as soon as a pattern is in it."""
        until(lambda: re.search(last, self._out, re.MULTILINE) or self.process.poll() is not None)
        return self._out

    def children(self) -> list[int]:
        """The processes of its functions, of which there are some."""
        found = children_of(self.process.pid)
        assert found
        return found

    def stop_cleanly(self, number: signal.Signals) -> None:
        """End it, and hold it to leaving nothing behind."""
        children = self.children()
        self.process.send_signal(number)
        status = self.process.wait(START_SECONDS)
        assert (status, (self.said / "err").read_text()) == (0, "")
        assert not self.outputs.exists()
        assert not [*self.outputs.parent.glob(f"{self.outputs.stem}.requests*")]
        wait_until_gone(children)

    @property
    def _out(self) -> str:
        return (self.said / "out").read_text()


@contextmanager
def serving(folder: Path, outputs: Path, written: str = "outputs.json") -> Iterator[Served]:
    """Start a stack, go on once its outputs are there, and leave no process behind.

    Args:
        folder: For what it says.
        outputs: Where its outputs are asked for.
        written: A pattern of the name that they get there.
    """
    folder.mkdir()
    with (folder / "out").open("w") as out, (folder / "err").open("w") as err:
        process = local("up", "--port", "0", "--outputs", str(outputs), stdout=out, stderr=err)
    try:
        until(lambda: [*outputs.parent.glob(written)] or process.poll() is not None)
        [own] = outputs.parent.glob(written)
        yield Served(process, own, folder)
    finally:
        process.kill()
        process.wait()


class Stacks:
    """Stacks that serve: tests that only look share one, and a test that ends one takes it over."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._undo = ExitStack()
        self._started = 0
        self._shared: Served | None = None

    def to_look_at(self) -> Served:
        """A stack that the test leaves as it is."""
        if self._shared is None:
            self._started += 1
            folder = self._folder / str(self._started)
            self._shared = self._undo.enter_context(serving(folder, folder / "outputs.json"))
        return self._shared

    def to_end(self) -> Served:
        """A stack that nobody looks at after this test."""
        taken, self._shared = self.to_look_at(), None
        return taken

    def close(self) -> None:
        """Kill what is left."""
        self._undo.close()
