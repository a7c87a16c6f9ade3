"""A process id -> its memory and its children's, and a way to end one of them, by `ps`."""

import os
import random
import signal
import subprocess
from dataclasses import dataclass
from typing import Final

_KB_PER_MB: Final = 1024
_PS_SECONDS: Final = 10
_FUNCTION: Final = "child.py"


@dataclass(frozen=True, slots=True)
class _Process:
    id: int
    parent_id: int
    memory_mb: float
    command: str


def memory_mb(process_id: int) -> tuple[float, float]:
    """Measure the resident memory of a process, and of all functions under it together."""
    processes = _processes()
    own = next((process.memory_mb for process in processes if process.id == process_id), 0.0)
    return own, sum(process.memory_mb for process in _functions(processes, process_id))


def crash_one_child(process_id: int, chance: random.Random) -> str | None:
    """Kill one of the functions under a process; its label, None if there was none."""
    functions = _functions(_processes(), process_id)
    if not functions:
        return None
    chosen = chance.choice(functions)
    try:
        os.kill(chosen.id, signal.SIGKILL)
    except ProcessLookupError:
        return None
    return chosen.command.split()[-1].partition(".")[0]


def _functions(processes: list[_Process], parent_id: int) -> list[_Process]:
    return [p for p in processes if p.parent_id == parent_id and _FUNCTION in p.command]


def _processes() -> list[_Process]:
    listed = subprocess.run(
        ["ps", "-axo", "pid=,ppid=,rss=,args="],  # noqa: S607 - wherever the system has it
        capture_output=True,
        text=True,
        timeout=_PS_SECONDS,
        check=True,
    )
    fields = (line.split(None, 3) for line in listed.stdout.splitlines())
    return [
        _Process(int(own), int(parent), int(kb) / _KB_PER_MB, command)
        for own, parent, kb, command in (field for field in fields if len(field) == 4)  # noqa: PLR2004 - as asked for
    ]
