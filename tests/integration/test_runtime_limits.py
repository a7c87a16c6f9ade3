"""Memory, time and number of a function's processes, and the replacement of a function."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local.errors import StartFailed
from local.runtime.functions import Functions
from local.runtime.outcome import Failed, GaveUp
from local.template.local_app import FunctionConfig
from tests.integration.runtime_functions import Gate, call, function_config
from tests.processes import wait_until_gone

OUT_OF_MEMORY = Failed("Runtime.OutOfMemory", "Runtime exited with error: signal: killed")
KILLED = Failed("Runtime.ExitError", "Runtime exited with error: signal: killed")

needs_proc = pytest.mark.skipif(
    sys.platform != "linux", reason="memory is enforced where /proc tells of it"
)
Start = Callable[..., Functions]


@pytest.fixture
def lines() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def start(tmp_path: Path, lines: list[tuple[str, str]]) -> Iterator[Start]:
    running: list[Functions] = []

    def start_function(**changes: Any) -> Functions:
        functions = Functions(lambda name, line: lines.append((name, line)))
        running.append(functions)
        functions.update([function_config(tmp_path, **changes)])
        return functions

    yield start_function
    for functions in running:
        functions.stop()


@pytest.fixture
def gate() -> Iterator[Gate]:
    closed = Gate()
    yield closed
    closed.open()


@needs_proc
def test_a_function_over_its_memory_is_killed_while_it_runs(start: Start) -> None:
    functions = start(memory_mb=128)
    assert call(functions, do="allocate", megabytes=150, seconds=60) == OUT_OF_MEMORY
    assert call(functions, do="count") == 1


@needs_proc
def test_memory_given_back_before_the_answer_counts_too(start: Start) -> None:
    assert call(start(memory_mb=128), do="allocate", megabytes=150, seconds=0) == OUT_OF_MEMORY


@needs_proc
def test_a_function_within_its_memory_lives_on(start: Start) -> None:
    functions = start(memory_mb=256)
    assert call(functions, do="allocate", megabytes=150, seconds=0) is None
    assert call(functions, do="count") == 2


@needs_proc
def test_a_function_that_needs_too_much_to_be_imported_does_not_start(start: Start) -> None:
    source = "MEMORY = b'x' * (150 * 1024 * 1024)\nimport time\ntime.sleep(60)\n"
    functions = start(source=source, memory_mb=128)
    assert functions.not_started == (
        ("example", f"{OUT_OF_MEMORY.error_type}: {OUT_OF_MEMORY.message}"),
    )


@pytest.mark.parametrize(
    ("event", "timeout_seconds", "line"),
    [
        ({"do": "exit"}, 60, "Runtime.ExitError: Runtime exited with error: exit status 3"),
        ({"do": "sleep"}, 1, "Sandbox.Timedout: Task timed out after 1.00 seconds"),
        pytest.param(
            {"do": "allocate", "megabytes": 300, "seconds": 0},
            60,
            "Runtime.OutOfMemory: Runtime exited with error: signal: killed",
            marks=needs_proc,
        ),
    ],
)
def test_why_a_process_has_ended_is_told_with_the_functions_name(
    start: Start,
    lines: list[tuple[str, str]],
    event: dict[str, Any],
    timeout_seconds: float,
    line: str,
) -> None:
    call(start(timeout_seconds=timeout_seconds), limit_seconds=60, **event)
    assert ("example", line) in lines


def test_a_process_that_is_killed_fails_the_invocation_it_was_running(start: Start) -> None:
    functions = start()
    process_id = call(functions, do="process")
    assert isinstance(process_id, int)
    with ThreadPoolExecutor() as callers:
        answer = callers.submit(call, functions, do="sleep")
        while not is_busy(functions):
            time.sleep(0.01)
        os.kill(process_id, signal.SIGKILL)
        assert answer.result() == KILLED
    assert call(functions, do="count") == 1


def is_busy(functions: Functions) -> bool:
    """Whether another caller finds the one environment busy."""
    return isinstance(call(functions, limit_seconds=0.001, do="count"), GaveUp)


def test_a_process_killed_while_idle_is_replaced_unnoticed(start: Start) -> None:
    functions = start()
    process_id = call(functions, do="process")
    assert isinstance(process_id, int)
    os.kill(process_id, signal.SIGKILL)
    wait_for_zombie(process_id)
    assert call(functions, do="count") == 1


def wait_for_zombie(process_id: int) -> None:
    for _ in range(1000):
        if os.waitid(os.P_PID, process_id, os.WEXITED | os.WNOWAIT | os.WNOHANG):
            return
        time.sleep(0.01)
    pytest.fail(f"process {process_id} did not end")


def test_callers_do_not_wait_for_one_another_while_a_function_waits(
    start: Start, gate: Gate
) -> None:
    functions = start()
    with ThreadPoolExecutor() as callers:
        waiter = callers.submit(call, functions, do="wait", gate=gate.port)
        quick = [callers.submit(call, functions, do="process") for _ in range(3)]
        assert all(isinstance(answer.result(), int) for answer in quick)
        gate.open()
        assert waiter.result() == "waited"


def test_a_process_that_a_function_leaves_behind_ends_with_it(start: Start) -> None:
    functions = start()
    left_behind = call(functions, do="leave a process behind")
    assert isinstance(left_behind, int)
    functions.stop()
    for _ in range(1000):
        try:
            os.kill(left_behind, 0)
        except ProcessLookupError:
            return
        if " Z " in Path(f"/proc/{left_behind}/stat").read_text():
            return
        time.sleep(0.01)
    pytest.fail("it is still running")


def example(folder: Path, version: int, **changes: object) -> FunctionConfig:
    source = f"def handler(event, context):\n    return {version}\n"
    return function_config(folder / str(version), source, **changes)


def test_a_changed_function_is_replaced_and_an_unchanged_one_kept(
    start: Start, tmp_path: Path
) -> None:
    functions = start()
    process_id = call(functions, do="process")
    assert functions.update([function_config(tmp_path)]) == ()
    assert call(functions, do="process") == process_id
    changed = example(tmp_path, version=2)
    assert functions.update([changed]) == (changed,)
    assert call(functions, do="process") == 2


def test_a_change_of_the_environment_alone_is_a_change(start: Start, tmp_path: Path) -> None:
    functions = start()
    changed = function_config(tmp_path, environment={"COLOUR": "red"})
    assert functions.update([changed]) == (changed,)
    environment = call(functions, do="environment")
    assert isinstance(environment, dict)
    assert environment["COLOUR"] == "red"


def test_a_replaced_function_still_answers_what_it_has_begun(
    start: Start, tmp_path: Path, gate: Gate
) -> None:
    functions = start()
    with ThreadPoolExecutor() as callers:
        waiter = callers.submit(call, functions, do="wait", gate=gate.port)
        while not is_busy(functions):
            time.sleep(0.01)
        changed = example(tmp_path, version=2)
        update = callers.submit(functions.update, [changed])
        while call(functions, do="process") != 2:
            time.sleep(0.01)
        gate.open()
        assert waiter.result() == "waited"
        assert update.result() == (changed,)
    assert call(functions, do="process") == 2


def test_if_a_new_version_does_not_start_the_old_one_goes_on(start: Start, tmp_path: Path) -> None:
    functions = start()
    broken = function_config(tmp_path / "broken", "import nowhere")
    with pytest.raises(StartFailed, match="nowhere"):
        functions.update([broken])
    assert call(functions, do="count") == 1


def test_nobody_notices_a_replacement_under_load(start: Start, tmp_path: Path) -> None:
    functions = start()

    def ask_often() -> list[object]:
        return [call(functions, do="count") for _ in range(100)]

    with ThreadPoolExecutor(4) as callers:
        answers = [callers.submit(ask_often) for _ in range(4)]
        for version in (2, 3, 4):
            functions.update([example(tmp_path, version)])
        for answer in answers:
            assert [type(count) for count in answer.result()] == [int] * 100


def test_a_function_that_is_gone_is_not_found(start: Start) -> None:
    functions = start()
    functions.keep_only([])
    assert call(functions, do="count") == Failed(
        "ResourceNotFoundException", "Function not found: Example"
    )


def test_what_crashed_while_idle_is_ended_with_the_first_that_a_call_meets(
    start: Start, gate: Gate
) -> None:
    functions = start()
    runtime_apis: list[tuple[str, int]] = []
    processes: list[int] = []
    with ThreadPoolExecutor() as callers:
        for _ in range(3):
            runtime_apis.append(runtime_api_of(functions))
            processes.append(process_of(functions))
            callers.submit(call, functions, do="wait", gate=gate.port)
            gate.wait_for(1)
        gate.open()
    for process in processes:
        os.kill(process, signal.SIGKILL)
    wait_until_gone(processes)
    assert call(functions, do="count") == 1
    for address in runtime_apis:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, timeout=60)


def runtime_api_of(functions: Functions) -> tuple[str, int]:
    environment: Any = call(functions, do="environment")
    host, _, port = environment["AWS_LAMBDA_RUNTIME_API"].partition(":")
    return host, int(port)


def process_of(functions: Functions) -> int:
    process: Any = call(functions, do="process")
    return int(process)
