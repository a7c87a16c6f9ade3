"""`python -m local demo`, where somebody's environment was made for other programs."""

import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.this_app.synthesis.synth import synthesise
from tests.sample.paths import APP_MODULE

from .commands import finish, local

PROXY_NAMES = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
NO_PROXY = {"NO_PROXY": "", "no_proxy": ""}


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


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    running = Proxy()
    yield running
    running.stop()


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


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, proxy: Proxy) -> tuple[int, str, str]:
    """One demo with all of it set. Each of these settings spoils a demo that reads it alone."""
    folder = tmp_path_factory.mktemp("home")
    of_others = {**dict.fromkeys(PROXY_NAMES, proxy.url), **NO_PROXY}
    for settings in (aws_profile, aws_files, aws_settings, moto_settings):
        of_others |= settings(folder)
    # Packages may be fetched through a proxy: what is left is all for this machine.
    synthesise("local", APP_MODULE)
    return finish(local("demo", "--verbose", environment=of_others))


def test_the_demo_shows_who_may_call_what_and_finds_all_as_declared(
    demo: tuple[int, str, str],
) -> None:
    status, out, err = demo
    assert (status, err) == (0, "")
    assert re.search(r"All \d{3} answers are as declared\.", out)
    # GET /me, /whoami and /orders, then POST and DELETE, a refund, the buyer's orders.
    assert re.search(r"admin +200 +200 +200 +201 +200 +200 +200", out)
    assert re.search(r"day-old sign-in +200 +200 +200 +201 +200 +403 +200", out)
    assert re.search(r"support +200 +200 +200 +403 +403 +403 +403", out)
    assert re.search(r"user +200 +200 +200 +403 +403 +403 +403", out)
    assert re.search(r"buyer +200 +200 +200 +201 +403 +403 +200", out)
    assert re.search(
        r"403 +day-old sign-in +claim_mismatch:auth_time +POST /orders/\{id\}/refund", out
    )
    assert re.search(r"403 +user +missing_group:admins\|buyers +POST /orders", out)
    assert re.search(r"403 +user by password +missing_scope:orders/write +POST /orders", out)
    assert out.rstrip().splitlines()[-3].strip().startswith("make local")


def test_what_was_set_for_aws_or_moto_changes_nothing(demo: tuple[int, str, str]) -> None:
    status, out, err = demo
    assert (status, err) == (0, "")
    assert "answers are as declared." in out


def test_nothing_goes_to_a_proxy(demo: tuple[int, str, str], proxy: Proxy) -> None:
    status, _, _ = demo
    assert (status, proxy.asked) == (0, [])
