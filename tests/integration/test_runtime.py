"""The real Lambda runtime client under our Runtime API: answers, errors, crashes, timeouts."""

import os
import signal
import subprocess
import sys
import textwrap
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.runtime.functions import Functions
from local.runtime.outcome import Failed, GaveUp
from tests.integration.runtime_functions import HANDLER, call, function_config
from tests.processes import wait_until_gone

Start = Callable[..., Functions]


@pytest.fixture
def lines() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def start(tmp_path: Path, lines: list[tuple[str, str]]) -> Iterator[Start]:
    running: list[Functions] = []

    def start_function(source: str = HANDLER, **changes: object) -> Functions:
        function = function_config(tmp_path, source, **changes)
        functions = Functions(lambda name, line: lines.append((name, line)))
        running.append(functions)
        functions.update([function])
        return functions

    yield start_function
    for functions in running:
        functions.stop()


def test_a_handler_gets_the_event_and_its_result_comes_back(start: Start) -> None:
    event = {"text": "grüße \u2028", "number": 1.5, "nothing": None}
    assert call(start(), do="echo", event=event) == {"do": "echo", "event": event}


def test_a_process_is_kept_warm_between_invocations(start: Start) -> None:
    functions = start()
    assert [call(functions, do="count") for _ in range(3)] == [1, 2, 3]


def test_the_context_names_the_function(start: Start) -> None:
    assert call(start(), do="identity") == [
        "Example",
        "arn:aws:lambda:eu-west-1:123456789012:function:Example",
    ]


def test_an_exception_comes_back_with_its_type_and_message(start: Start) -> None:
    assert call(start(), do="raise", message="Unauthorized") == Failed("Exception", "Unauthorized")


def test_a_result_that_is_no_json_is_a_marshal_error(start: Start) -> None:
    outcome = call(start(), do="unserialisable")
    assert isinstance(outcome, Failed)
    assert outcome.error_type == "Runtime.MarshalError"


def test_after_a_crash_the_next_invocation_meets_a_new_process(start: Start) -> None:
    functions = start()
    assert call(functions, do="count") == 1
    outcome = call(functions, do="exit")
    assert outcome == Failed("Runtime.ExitError", "Runtime exited with error: exit status 3")
    assert call(functions, do="count") == 1


def test_a_handler_that_exceeds_its_timeout_is_killed_and_replaced(start: Start) -> None:
    functions = start(timeout_seconds=1.0)
    assert call(functions, do="sleep") == Failed(
        "Sandbox.Timedout", "Task timed out after 1.00 seconds"
    )
    assert call(functions, do="count") == 1


def test_a_caller_stops_waiting_at_its_own_limit(start: Start) -> None:
    functions = start(timeout_seconds=1.0)
    assert call(functions, limit_seconds=0.1, do="sleep") == GaveUp(0.1)
    assert call(functions, do="count") == 1


def test_a_function_sees_the_templates_environment_and_not_this_users(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-real-secret")
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("HOME", "/home/somebody")
    environment = call(start(), do="environment")
    assert isinstance(environment, dict)
    assert environment["COLOUR"] == "green"
    assert environment["AWS_REGION"] == "eu-west-1"
    assert environment["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.14"
    assert environment["AWS_SECRET_ACCESS_KEY"] == "local"
    assert not {"AWS_PROFILE", "HOME"} & environment.keys()


def test_the_sdk_in_a_function_reads_no_file_of_this_users_home(start: Start) -> None:
    environment = call(start(), do="environment")
    assert isinstance(environment, dict)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        assert environment[name] == os.devnull


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        ({}, "NO_PROXY", "127.0.0.1,localhost"),
        ({"NO_PROXY": "a.example"}, "NO_PROXY", "a.example,127.0.0.1,localhost"),
        ({"no_proxy": "a.example"}, "no_proxy", "a.example,127.0.0.1,localhost"),
    ],
)
def test_a_proxy_of_the_template_is_not_for_what_runs_on_this_machine(
    start: Start, given: dict[str, str], name: str, value: str
) -> None:
    proxy = {"HTTP_PROXY": "http://proxy.example:3128"}
    environment = call(start(environment={**proxy, **given}), do="environment")
    assert isinstance(environment, dict)
    assert environment[name] == value
    with pytest.MonkeyPatch.context() as patch:
        for key, text in environment.items():
            if "proxy" in key.lower():
                patch.setenv(key, text)
        assert urllib.request.proxy_bypass("127.0.0.1:4000")
        assert not urllib.request.proxy_bypass("api.example")


def test_a_dependency_that_the_bundle_lacks_is_missing_though_we_have_it(start: Start) -> None:
    outcome = call(start(), do="import", module="jwt")
    assert outcome == Failed("ModuleNotFoundError", "No module named 'jwt'")


def test_the_bundle_itself_is_importable(start: Start) -> None:
    assert call(start(), do="import", module="example") == "example"


def test_what_a_function_prints_is_told_with_its_name(
    start: Start, lines: list[tuple[str, str]]
) -> None:
    functions = start()
    call(functions, do="print", line="hello")
    functions.stop()
    assert ("example", "hello") in lines


def test_no_process_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "example.py").write_text(
        "import os, time\n"
        "def handler(event, context):\n"
        "    print(os.getpid())\n"
        "    time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PARENT), str(tmp_path)], stdout=subprocess.PIPE
    )
    assert parent.stdout
    with parent.stdout:
        child_pid = int(parent.stdout.readline())
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        wait_until_gone([child_pid])


PARENT = """
    import sys
    from pathlib import Path
    from local.runtime.functions import Functions
    from local.template.local_app import FunctionConfig
    function = FunctionConfig("Example", "arn:aws:lambda:eu-west-1:1:function:Example",
        "example.handler", "python3.14", Path(sys.argv[1]), {}, 128, 60, "JSON", "INFO")
    functions = Functions(lambda _, line: print(line, flush=True))
    functions.update([function])
    functions.invoke("Example", b"{}", 60)
"""
