"""`python -m local up --watch`, as a person runs it, on a copy of the project."""

import json
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sample.checkout import copy_assembly, copy_sources, link_compiler, link_packages
from tests.sample.paths import APP_MODULE

WAIT_SECONDS = 120


@dataclass
class Watched:
    process: subprocess.Popen[bytes]
    project: Path
    log: Path

    @property
    def outputs(self) -> dict[str, object]:
        text = (self.project / ".local" / "outputs.json").read_text()
        outputs: dict[str, object] = json.loads(text)
        return outputs

    def said(self, words: str) -> None:
        """Wait until the console has said it."""
        deadline = time.monotonic() + WAIT_SECONDS
        while words not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def health(self) -> object:
        with urllib.request.urlopen(f"{self.outputs['api_url']}/health", timeout=20) as response:
            return json.load(response)

    def replace(self, path: str, old: str, new: str) -> None:
        file = self.project / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    project = tmp_path_factory.mktemp("project")
    copy_sources(project)
    link_packages(project)
    link_compiler(project)
    copy_assembly(project)
    access = project / "tests" / "sample" / "access.py"
    by_scopes_alone = access.read_text().replace('    groups_any=("admins", "buyers"),\n', "")
    access.write_text(by_scopes_alone)
    log = project / ".console"
    with log.open("wb") as console:
        process = subprocess.Popen(
            [sys.executable, "-m", "local", "up", "--app", APP_MODULE, "--port", "0", "--watch"],
            cwd=project,
            stdout=console,
            stderr=subprocess.STDOUT,
        )
        watched = Watched(process, project, log)
        try:
            watched.said("ready: http://127.0.0.1:")
            yield watched
        finally:
            process.kill()
            process.wait()
            if sys.pycache_prefix:
                shutil.rmtree(f"{sys.pycache_prefix}{project}", ignore_errors=True)


def test_a_changed_handler_is_served_and_nobody_has_to_sign_in_again(watched: Watched) -> None:
    before = watched.outputs
    watched.replace(
        "tests/sample/lambda_src/health/handler.py", '{"status": "ok"}', '{"status": "better"}'
    )
    watched.said("Reloaded: function health")
    assert watched.health() == {"status": "better"}
    assert watched.outputs == before


def test_sources_that_do_not_synthesise_are_one_line_and_the_old_ones_are_served(
    watched: Watched,
) -> None:
    before = watched.health()
    with (watched.project / "tests" / "sample" / "access.py").open("a") as file:
        file.write("oops(\n")
    watched.said(
        "Reload failed, still serving the previous version: synth failed: SyntaxError: '(' was never closed (tests/sample/access.py"
    )
    assert "Traceback" not in watched.log.read_text()
    assert watched.health() == before
    watched.replace("tests/sample/access.py", "oops(\n", "")
    watched.said("Reloaded: no restart was needed")
    assert watched.health() == before


def test_what_synth_warns_of_is_said_once_and_before_anything_starts(watched: Watched) -> None:
    before, _, after = watched.log.read_text().partition("warning: ")
    assert after.startswith("POST /orders asks the user pool's people for scopes alone")
    assert before.splitlines() == ["starting: synth"]
    assert "warning: " not in after


def test_it_stops_cleanly(watched: Watched) -> None:
    watched.process.send_signal(signal.SIGINT)
    assert watched.process.wait(WAIT_SECONDS) == 0
    assert watched.log.read_text().endswith("stopped\n")
    assert not (watched.project / ".local" / "outputs.json").exists()
