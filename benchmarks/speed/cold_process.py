"""A function in a fresh process -> what its start, its first answer and a warm answer cost."""

import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.speed.runtime_api import RuntimeApi
from benchmarks.speed.turns import MEASURED_CORE

REST_SECONDS: Final = 0.005
"""After so long the process has come to rest in its wait, and the kernel's account is complete."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function and the event that it is given.

    Attributes:
        command: what starts its runtime.
        environment: all of its variables, but for the address of the Runtime API.
        event: what it is invoked with.
        expected: what its answer holds.
    """

    command: list[str]
    environment: Mapping[str, str]
    event: bytes
    expected: bytes = b'"isAuthorized":true'


def start(function: Function, api: RuntimeApi, warm_invocations: int) -> dict[str, float]:
    """Start it, invoke it, end it; return figures by name.

    `init_ms` and `answer_ms` are CPU up to the first request for an invocation and up to the first
    answer; `first_us` the difference, `warm_us` CPU of a later invocation; `wall_ms` from the start
    of the process to the first answer; `rss_mib` after init.

    Raises:
        SystemExit: it answered something else.
    """
    started = time.perf_counter()
    process = _spawn(function, api)
    try:
        _expect("/next", api.request(), function)
        init, resident = _cpu_ms(process), _resident_mib(process)
        api.give(function.event)
        _expect("/response", api.request(), function)
        wall = time.perf_counter() - started
        api.accept()
        api.request()
        answered = _cpu_ms(process)
        for _ in range(warm_invocations):
            api.give(function.event)
            api.request()
            api.accept()
            api.request()
        warm = _cpu_ms(process) - answered
        return {
            "init_ms": init,
            "answer_ms": answered,
            "first_us": (answered - init) * 1_000,
            "warm_us": warm / warm_invocations * 1_000,
            "wall_ms": wall * 1_000,
            "rss_mib": resident,
        }
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        api.hang_up()


def _spawn(function: Function, api: RuntimeApi) -> int:
    """Start the process on the measured core, and nothing else of it there."""
    environment = {**function.environment, "AWS_LAMBDA_RUNTIME_API": api.address}
    nowhere = os.open(os.devnull, os.O_RDWR)
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {MEASURED_CORE})
    try:
        quiet = [(os.POSIX_SPAWN_DUP2, nowhere, stream) for stream in (0, 1)]
        return os.posix_spawn(
            function.command[0], function.command, environment, file_actions=quiet
        )
    finally:
        os.sched_setaffinity(0, ours)
        os.close(nowhere)


def _expect(suffix: str, request: tuple[str, bytes], function: Function) -> None:
    path, body = request
    answered = suffix != "/response" or function.expected in body.replace(b": ", b":")
    if not path.endswith(suffix) or not answered:
        raise SystemExit(f"{' '.join(function.command)}: {path} {body[:800]!r}")


def _cpu_ms(process: int) -> float:
    """Return the CPU of all its threads (proc_pid_schedstat)."""
    time.sleep(REST_SECONDS)
    accounts = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(account.read_text().split()[0]) for account in accounts) / 1e6


def _resident_mib(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
