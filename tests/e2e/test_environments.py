"""`python -m local` where somebody's environment was made for other programs."""

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from local.this_app.synth import synthesise
from tests.sample.checkout import copy_sources
from tests.sample.paths import APP_MODULE

ROOT = Path(__file__).parents[2]
PROXY_NAMES = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
NOTHING: Mapping[str, str] = {}
NO_PROXY = {"NO_PROXY": "", "no_proxy": ""}


def local(
    *arguments: str, environment: Mapping[str, str] = NOTHING, cwd: Path = ROOT
) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "local", *arguments, "--app", APP_MODULE],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "160", "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


class Proxy:
    """Refuses everything, and remembers that it was asked."""

    def __init__(self) -> None:
        asked: list[str] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_error(502)

            do_CONNECT = do_DELETE = do_POST = do_PUT = do_GET  # noqa: N815  # http.server's names

            def log_message(self, *_: object) -> None:
                pass

        self.asked = asked
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    running = Proxy()
    yield running
    running.stop()


def test_nothing_goes_to_a_proxy_and_the_demo_is_as_declared(proxy: Proxy) -> None:
    # Packages may be fetched through it: what is left is all for this machine.
    synthesise("local", APP_MODULE)
    status, out, err = local(
        "demo", environment={**dict.fromkeys(PROXY_NAMES, proxy.url), **NO_PROXY}
    )
    assert (status, err, proxy.asked) == (0, "", [])
    assert "answers are as declared." in out


def aws_profile(_folder: Path) -> dict[str, str]:
    return {"AWS_PROFILE": "nobody-has-it", "AWS_DEFAULT_PROFILE": "nor-this"}


def aws_files(folder: Path) -> dict[str, str]:
    for name in ("config", "credentials"):
        (folder / ".aws").mkdir(exist_ok=True)
        (folder / ".aws" / name).write_text("[broken\nnonsense")
    broken = str(folder / ".aws" / "config")
    return {"HOME": str(folder), "AWS_CONFIG_FILE": broken, "AWS_SHARED_CREDENTIALS_FILE": broken}


def aws_settings(_folder: Path) -> dict[str, str]:
    return {
        "AWS_RETRY_MODE": "nonsense",
        "AWS_MAX_ATTEMPTS": "nonsense",
        "AWS_CA_BUNDLE": "/nowhere",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_REGION": "nowhere-1",
        "AWS_DEFAULT_REGION": "nowhere-1",
    }


def moto_settings(_folder: Path) -> dict[str, str]:
    return {
        "MOTO_ACCOUNT_ID": "111111111111",
        "MOTO_MAX_FORM_MEMORY_SIZE": "nonsense",
        "INITIAL_NO_AUTH_ACTION_COUNT": "0",
    }


@pytest.mark.parametrize("of_others", [aws_profile, aws_files, aws_settings, moto_settings])
def test_what_was_set_for_aws_or_moto_changes_nothing(of_others: object, tmp_path: Path) -> None:
    assert callable(of_others)
    status, out, err = local("demo", environment=of_others(tmp_path))
    assert (status, err) == (0, "")
    assert "answers are as declared." in out


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what a start needs, without what an earlier start has left."""
    copy_sources(tmp_path)
    return tmp_path


def is_a_file(place: Path) -> None:
    place.write_text("")


def leads_nowhere(place: Path) -> None:
    place.symlink_to(place)


def has_a_folder_for_its_lock(place: Path) -> None:
    (place / "synth.lock").mkdir(parents=True)


@pytest.mark.parametrize("spoil", [is_a_file, leads_nowhere, has_a_folder_for_its_lock])
@pytest.mark.parametrize("command", [("demo",), ("up", "--port", "0")])
def test_a_folder_that_cannot_be_used_is_one_clear_line(
    project: Path, spoil: object, command: tuple[str, ...]
) -> None:
    assert callable(spoil)
    spoil(project / ".local")
    status, _, err = local(*command, cwd=project)
    assert status == 1
    assert err.startswith(f"local: {project}/.local")
    assert len(err.splitlines()) == 1
