"""Processes that tests start: whether they still run, and the bytecode that they share."""

import os
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

SHARED_BYTECODE: Mapping[str, str] = (
    {"PYTHONPYCACHEPREFIX": sys.pycache_prefix} if sys.pycache_prefix else {}
)
"""For a process that gets no other part of this environment: importing CDK costs seconds without."""

NUM_THREADS = 16
"""Where it stands after the state of a process (proc_pid_stat(5), field 20)."""

PATIENCE_SECONDS = 300
"""Only a test that fails waits so long, however busy the machine is."""


def is_running(pid: int) -> bool:
    """Whether a process runs. One that has ended may wait for its parent to ask: it runs no longer.

    Its first thread may have ended before the others: until these have too, no parent is told.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        # It has just gone, which the next look sees, or this system has no such file.
        return True
    state, *fields = status.rpartition(") ")[2].split()
    return state != "Z" or int(fields[NUM_THREADS]) > 1


def wait_until_gone(pids: Iterable[int]) -> None:
    """Return when none of the processes runs any longer; fail if one does not end."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while left := [pid for pid in pids if is_running(pid)]:
        if time.monotonic() > deadline:
            pytest.fail(f"processes {left} have outlived their parent")
        time.sleep(0.05)
