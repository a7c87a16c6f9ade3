"""What somebody who edits waits for: a synth without changes, and a changed line until served."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.peer_environments import ROOT
from benchmarks.speed.bench import Bench
from benchmarks.speed.turns import Spread
from tests.sample.checkout import copy_sources, link_compiler, link_packages
from tests.sample.paths import APP_MODULE

ROUNDS: Final = 3
PATIENCE_SECONDS: Final = 180.0
POLL_SECONDS: Final = 0.1
HANDLER: Final = Path("tests", "sample", "lambda_src", "health", "handler.py")
READY: Final = "ready: http://127.0.0.1:"


def edits(bench: Bench) -> dict[str, Any]:
    """Time both, in seconds of the clock: it is what a person waits."""
    rounds = bench.rounds(ROUNDS)
    environment = {n: v for n, v in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        synth = _synths(folder / "cdk.out", environment, rounds, bench)
        project = folder / "project"
        project.mkdir()
        copy_sources(project)
        link_packages(project)
        link_compiler(project)
        with _served(project, environment) as address:
            served = [_seconds_until_served(project, address, n) for n in range(rounds + 1)]
    return {
        "warm_synth_s": Spread.of(synth).document,
        "edit_served_s": Spread.of(served[1:]).document,
    }


def _synths(output: Path, environment: dict[str, str], rounds: int, bench: Bench) -> list[float]:
    """Synthesise the stage dev; the first time makes what the others find unchanged."""
    cdk = str(ROOT / "node_modules" / ".bin" / "cdk")
    stage = ["-c", "stage=dev", "--output", str(output)]
    command = [cdk, "synth", "--quiet", "--no-notices", "--app", f"{sys.executable} app.py", *stage]
    took = []
    for number in range(rounds + 1):
        started = time.perf_counter()
        subprocess.run(  # noqa: S603  # fixed words
            command, cwd=ROOT, env=environment, check=True, capture_output=True
        )
        took.append(time.perf_counter() - started)
        bench.progress(f"synth {number} of {rounds}")
    return took[1:]


@contextmanager
def _served(project: Path, environment: dict[str, str]) -> Iterator[str]:
    """Serve the sample as `make local WATCH=1` does; give the API's address."""
    log = project / ".console"
    up = [sys.executable, "-m", "local", "up", "--app", APP_MODULE, "--port", "0", "--watch"]
    with log.open("wb") as console:
        process = subprocess.Popen(  # noqa: S603  # fixed words
            up, cwd=project, env=environment, stdout=console, stderr=subprocess.STDOUT
        )
    try:
        _wait_until(lambda: READY in log.read_text(), log)
        outputs = json.loads((project / ".local" / "outputs.json").read_text())
        yield str(outputs["api_url"])
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _seconds_until_served(project: Path, address: str, number: int) -> float:
    """Change the backend's answer, and wait until it is served."""
    file, status = project / HANDLER, f"edit {number}"
    before = f"edit {number - 1}" if number else "ok"
    text = file.read_text().replace(f'"status": "{before}"', f'"status": "{status}"')
    started = time.perf_counter()
    file.write_text(text)
    _wait_until(lambda: _health(address) == {"status": status}, project / ".console")
    return time.perf_counter() - started


def _health(address: str) -> object:
    with urllib.request.urlopen(f"{address}/health", timeout=20) as response:  # noqa: S310  # ours
        return json.load(response)


def _wait_until(holds: Callable[[], bool], log: Path) -> None:
    until = time.perf_counter() + PATIENCE_SECONDS
    while not holds():
        if time.perf_counter() > until:
            raise SystemExit(f"nothing happened for {PATIENCE_SECONDS:.0f} s:\n{log.read_text()}")
        time.sleep(POLL_SECONDS)
