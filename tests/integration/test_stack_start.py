"""A stack of a template that is not this app's: all of it starts, or nothing of it is left."""

import json
import os
import secrets
import socket
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from moto.cognitoidp.models import cognitoidp_backends

from local.errors import StartFailed
from local.loopback.listener import listen_on_loopback
from local.stack.drawn import Drawn
from local.stack.localised import Addresses, localised
from local.stack.profile import AppProfile
from local.stack.running_stack import RunningStack
from local.template.local_app import JwtAuthorizerConfig, LocalApp, TableConfig, TableKey
from local.this_app.foreign_app import ForeignApp
from tests.integration.cognito.conftest import pool_config
from tests.processes import wait_until_gone
from tests.unit.local.gateway_values import function_config, http_api, route

STEPS = ("servers", "issuer", "functions", "users", "gateway")
POOL = pool_config("sa-east-1_start12345")
TRUSTING = JwtAuthorizerConfig("a", "jwt", "$request.header.Authorization", POOL.issuer, ("api",))


@pytest.fixture(autouse=True)
def pools_as_before() -> Iterator[None]:
    backends = cognitoidp_backends[POOL.account_id]
    before = backends[POOL.region]
    yield
    backends[POOL.region] = before


@pytest.fixture
def app(tmp_path: Path) -> LocalApp:
    (tmp_path / "backend").mkdir()
    (tmp_path / "backend" / "handler.py").write_text(
        "import os\ndef handler(event, context):\n    return {'pid': os.getpid()}\n"
    )
    api = http_api(route("GET /pid"), route("GET /jwt", TRUSTING))
    return LocalApp(
        api,
        (function_config("backend", {"TABLE": "Things"}, tmp_path),),
        (POOL,),
        issuer=replace(api, id="issuer1234", routes=(route("GET /pid"),)),
        tables=(TableConfig("Things", TableKey("id"), {"id": "S"}, POOL.region, POOL.account_id),),
    )


class Noting:
    """Starts a stack, and notes where all of it is."""

    def __init__(self, drawn: Drawn | None = None) -> None:
        self._drawn = drawn or Drawn.anew()
        self.listener = listen_on_loopback()
        self.urls = [f"http://127.0.0.1:{self.listener.getsockname()[1]}"]

    def start(self, app: LocalApp, on_step: Callable[[str], None]) -> RunningStack:
        profile = AppProfile(localised=self._localised, drawn=self._drawn)
        return RunningStack(app, profile, self.listener, ignored, ignored, on_step)

    def _localised(self, app: LocalApp, addresses: Addresses) -> LocalApp:
        others = (addresses.cognito, addresses.issuer, addresses.services)
        self.urls += [url for url in others if url]
        return localised(app, addresses)


def ignored(*_: object) -> None:
    """Take what nobody here looks at."""


def refuses(url: str) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", urlsplit(url).port)) != 0


def children() -> set[int]:
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(pid) for task in tasks for pid in task.read_text().split()}


def test_everything_is_served_and_all_of_it_stops(app: LocalApp) -> None:
    steps: list[str] = []
    noting = Noting()
    running = noting.start(app, steps.append)
    try:
        with urllib.request.urlopen(f"{noting.urls[0]}/pid", timeout=60) as response:
            pid = json.load(response)["pid"]
        assert not any(map(refuses, noting.urls))
    finally:
        running.stop()
    assert tuple(steps) == STEPS
    assert len(noting.urls) == 4
    assert all(map(refuses, noting.urls))
    wait_until_gone([pid])


def test_an_app_that_is_not_ours_is_served_with_its_pool_and_its_people(app: LocalApp) -> None:
    without_issuer = replace(app, issuer=None)
    running = ForeignApp(without_issuer, listen_on_loopback(), ignored, ignored, ignored)
    try:
        assert [user.groups for user in running.users] == [("admins",), ("support",), ()]
        assert running.outputs["user_pool_id"] == POOL.id
        with urllib.request.urlopen(f"{running.api_url}/pid", timeout=60) as response:
            assert json.load(response)["pid"]
    finally:
        running.stop()


def drawn_of_free_ports() -> Drawn:
    """What draws a port of its own for each server, and none that another program has."""
    while True:
        drawn = Drawn(secrets.token_bytes(32), keeps_ports=True)
        ports = {drawn.port(name) for name in ("cognito", "issuer", "services")}
        if len(ports) == 3 and all(refuses(f"http://127.0.0.1:{port}") for port in ports):
            return drawn


def test_servers_take_the_ports_that_are_drawn_for_them_or_any_if_one_is_taken(
    app: LocalApp,
) -> None:
    drawn = drawn_of_free_ports()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", drawn.port("services")))
        noting = Noting(drawn)
        noting.start(app, lambda _: None).stop()
    ports = [urlsplit(url).port for url in noting.urls]
    assert ports[1:3] == [drawn.port("cognito"), drawn.port("issuer")]
    assert ports[3] not in (None, drawn.port("services"))


@pytest.mark.parametrize("failing", STEPS)
def test_a_fault_at_any_step_is_one_line_and_leaves_nothing_running(
    app: LocalApp, failing: str
) -> None:
    before = children()

    def fail_at(step: str) -> None:
        if step == failing:
            raise StartFailed(f"no {step}")

    noting = Noting()
    with pytest.raises(StartFailed, match=f"^no {failing}$"):
        noting.start(app, fail_at)
    assert all(map(refuses, noting.urls))
    wait_until_gone(children() - before)
