"""How a function starts, or does not; how many of it run at once; what its template may set."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local.errors import StartFailed
from local.runtime.functions import Functions
from local.runtime.outcome import Failed, GaveUp
from local.runtime.running_function import Limits
from tests.integration.runtime_functions import Gate, call, function_config

BLOCKED_INIT = """
    import socket
    try:
        with socket.create_connection(("127.0.0.1", {port})) as gate:
            gate.recv(1)
    except OSError:
        pass

    def handler(event, context):
        return "answered"
"""
THROTTLED = Failed("TooManyRequestsException", "Rate Exceeded.")
Start = Callable[..., Functions]


@pytest.fixture
def lines() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def gate() -> Iterator[Gate]:
    closed = Gate()
    yield closed
    closed.open()


@pytest.fixture
def start(tmp_path: Path, lines: list[tuple[str, str]]) -> Iterator[Start]:
    running: list[Functions] = []

    def start_function(limits: Limits | None = None, **config: Any) -> Functions:
        functions = Functions(lambda name, line: lines.append((name, line)), limits=limits)
        running.append(functions)
        functions.update([function_config(tmp_path, **config)])
        return functions

    yield start_function
    for functions in running:
        functions.stop()


BROKEN = pytest.mark.parametrize(
    ("config", "error_type", "reason"),
    [
        ({"source": "import nowhere"}, "Runtime.ImportModuleError", "nowhere"),
        ({"source": "other = 1"}, "Runtime.HandlerNotFound", "Handler 'handler' missing"),
        ({"source": "import os; os._exit(7)"}, "Runtime.ExitError", "exit status 7"),
        ({"source": "def ("}, "Runtime.UserCodeSyntaxError", "Syntax error"),
    ],
    ids=["import", "handler", "exit", "syntax"],
)


@BROKEN
def test_a_function_that_does_not_start_says_why_and_fails_its_own_calls_alone(
    start: Start, tmp_path: Path, config: dict[str, Any], error_type: str, reason: str
) -> None:
    functions = start(**config)
    [(label, told)] = functions.not_started
    assert label == "example"
    assert told.startswith(f"{error_type}: ")
    assert reason in told
    good = function_config(tmp_path / "good", name="Good")
    functions.update([good])
    assert functions.not_started == ((label, told),)
    outcome = call(functions, do="count")
    assert isinstance(outcome, Failed)
    assert outcome.error_type == error_type
    assert functions.invoke("Good", b'{"do": "count"}', 60) != outcome


def test_a_zip_file_as_code_is_named_as_the_reason(start: Start, tmp_path: Path) -> None:
    (tmp_path / "zipped").mkdir()
    archive = Path(shutil.make_archive(str(tmp_path / "asset"), "zip", tmp_path / "zipped"))
    functions = start(code_folder=archive)
    [(_, told)] = functions.not_started
    assert told.startswith("Sandbox.Failure: its process does not start: ")
    assert "its code is one file: give the asset as a folder: 'asset.zip'" in told
    outcome = call(functions, do="count")
    assert isinstance(outcome, Failed)
    assert "its code is one file" in outcome.message


def test_a_function_that_is_mended_runs_and_is_no_longer_told_of(
    start: Start, tmp_path: Path
) -> None:
    functions = start(source="import nowhere")
    functions.update([function_config(tmp_path / "mended")])
    assert functions.not_started == ()
    assert call(functions, do="count") == 1


def test_a_broken_function_that_is_gone_is_no_longer_told_of(start: Start) -> None:
    functions = start(source="import nowhere")
    functions.keep_only([])
    assert functions.not_started == ()


def test_a_broken_replacement_of_a_broken_function_changes_nothing(
    start: Start, tmp_path: Path
) -> None:
    functions = start(source="import nowhere")
    with pytest.raises(StartFailed, match="no_place"):
        functions.update([function_config(tmp_path / "other", "import no_place")])
    [(_, told)] = functions.not_started
    assert "nowhere" in told


def test_an_init_that_takes_too_long_runs_again_in_the_first_call(
    start: Start, gate: Gate, lines: list[tuple[str, str]]
) -> None:
    source = BLOCKED_INIT.format(port=gate.port)
    functions = start(Limits(init_seconds=0.5), source=source, timeout_seconds=60)
    assert functions.not_started == ()
    told = "Init took more than 0.5 seconds; it runs again in the next call, within the function's timeout"
    assert ("example", told) in lines
    gate.open()
    assert call(functions, do="anything") == "answered"


def test_an_init_that_runs_again_counts_as_a_part_of_the_call(start: Start, gate: Gate) -> None:
    source = BLOCKED_INIT.format(port=gate.port)
    functions = start(Limits(init_seconds=0.5), source=source, timeout_seconds=1.0)
    assert call(functions, do="anything") == Failed(
        "Sandbox.Timedout", "Task timed out after 1.00 seconds"
    )


def test_a_function_runs_as_often_at_once_as_its_template_reserves(
    start: Start, gate: Gate
) -> None:
    functions = start(reserved_concurrency=2, timeout_seconds=60)
    with ThreadPoolExecutor() as callers:
        waiters = [callers.submit(call, functions, do="wait", gate=gate.port) for _ in range(2)]
        gate.wait_for(2)
        assert call(functions, do="count") == THROTTLED
        gate.open()
        assert [waiter.result() for waiter in waiters] == ["waited"] * 2
    assert isinstance(call(functions, do="count"), int)


def test_a_function_that_reserves_nothing_is_never_run(start: Start) -> None:
    functions = start(reserved_concurrency=0)
    assert functions.not_started == ()
    assert call(functions, do="count") == THROTTLED


def test_without_a_reservation_events_wait_for_one_of_fifty_environments(
    start: Start, gate: Gate
) -> None:
    assert Limits().environments == 50
    functions = start(Limits(environments=2), timeout_seconds=60)
    with ThreadPoolExecutor() as callers:
        waiters = [callers.submit(call, functions, do="wait", gate=gate.port) for _ in range(2)]
        gate.wait_for(2)
        assert isinstance(call(functions, limit_seconds=0.1, do="count"), GaveUp)
        last = callers.submit(call, functions, do="count")
        gate.open()
        assert [waiter.result() for waiter in waiters] == ["waited"] * 2
        assert isinstance(last.result(), int)


def test_ten_calls_at_once_need_not_wait_for_one_another(start: Start, gate: Gate) -> None:
    functions = start(timeout_seconds=60)
    with ThreadPoolExecutor(10) as callers:
        waiters = [callers.submit(call, functions, do="wait", gate=gate.port) for _ in range(10)]
        gate.wait_for(10)
        gate.open()
        assert [waiter.result() for waiter in waiters] == ["waited"] * 10


@pytest.mark.parametrize(
    ("name", "default", "own"),
    [
        ("TZ", ":UTC", "Europe/Berlin"),
        ("LANG", "C.UTF-8", "de_DE.UTF-8"),
        ("PATH", None, "/opt/bin"),
    ],
)
def test_a_template_may_set_what_lambda_lets_it_set(
    start: Start, tmp_path: Path, name: str, default: str | None, own: str
) -> None:
    functions = start()
    environment = call(functions, do="environment")
    assert isinstance(environment, dict)
    assert default in (None, environment[name])
    functions.update([function_config(tmp_path, environment={name: own})])
    environment = call(functions, do="environment")
    assert isinstance(environment, dict)
    assert environment[name] == own


def test_python_path_of_the_template_is_searched(start: Start, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "beside.py").write_text("")
    functions = start(environment={"PYTHONPATH": "lib"})
    assert call(functions, do="import", module="beside") == "beside"
