"""What `make bench` says of a start is said of a function under a real runtime client."""

import os
import sys

import pytest

from benchmarks.peer_environments import NODE_SOURCES
from benchmarks.speed.builds import FUNCTIONS
from benchmarks.speed.cold import FIGURES
from benchmarks.speed.cold_process import Function, start
from benchmarks.speed.runtime_api import RuntimeApi

PYTHON = [sys.executable, "-m", "awslambdaric", "empty.handler"]
NODE = [
    "/usr/bin/env",
    "node",
    str(NODE_SOURCES / "functions" / "runtime.cjs"),
    str(NODE_SOURCES / "functions" / "empty.cjs"),
]
ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONPATH": str(FUNCTIONS)}


@pytest.mark.parametrize("command", [PYTHON, NODE], ids=["Python", "Node"])
def test_a_function_is_started_invoked_and_measured(command: list[str]) -> None:
    with RuntimeApi() as api:
        for _ in range(2):  # one after the other, on one port
            figures = start(Function(command, ENVIRONMENT, b'{"a": "\xc3\xa9"}'), api, 3)
            assert figures.keys() == set(FIGURES)
            assert 0 < figures["init_ms"] < figures["answer_ms"]
            assert figures["rss_mib"] > 0


def test_another_answer_than_the_expected_ends_the_run() -> None:
    function = Function(PYTHON, ENVIRONMENT, b"{}", expected=b'"isAuthorized":false')
    with RuntimeApi() as api, pytest.raises(SystemExit, match="isAuthorized"):
        start(function, api, 1)
