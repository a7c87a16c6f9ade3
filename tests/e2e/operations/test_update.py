"""A running stack is given another app: what has changed is restarted, nothing else."""

import http.client
import json
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from local.cognito.demo_users import DemoUser
from local.errors import StartFailed
from local.loopback import fetch
from local.loopback.listener import listen_on_loopback
from local.stack.running_stack import Update
from local.template.local_app import (
    FunctionConfig,
    JwtAuthorizerConfig,
    LambdaAuthorizerConfig,
    LocalApp,
)
from local.template.pool_config import GroupConfig
from local.terminal.console import routes_table
from local.this_app.running_app import RunningApp
from local.this_app.sign_in import access_token_by_password
from local.this_app.synthesis.stage_app import read_this_app
from local.this_app.synthesis.synth import synthesise
from tests.issuer import serve_issuer
from tests.sample.paths import APP_MODULE

WAIT_SECONDS = 20
LATE_SECONDS = fetch.FETCH_SECONDS + 0.5


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    json: Any


@dataclass
class Running:
    stack: RunningApp
    app: LocalApp

    def call(self, path: str, token: str | None = None) -> Answer:
        address = urlsplit(self.stack.stack.api_url).netloc
        connection = http.client.HTTPConnection(address, timeout=WAIT_SECONDS)
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), json.load(response))
        finally:
            connection.close()

    def sign_in(self, user: DemoUser) -> str:
        client = self.stack.stack.client("cli")
        assert client is not None
        return access_token_by_password(self.stack.stack, client.id, user)

    def function(self, label: str) -> FunctionConfig:
        return next(f for f in self.app.functions if f.label == label)

    def with_function(self, changed: FunctionConfig) -> LocalApp:
        others = tuple(f for f in self.app.functions if f.name != changed.name)
        return replace(self.app, functions=(*others, changed))

    def with_route_only(self, key: str) -> LocalApp:
        routes = tuple(route for route in self.app.api.routes if route.key == key)
        return replace(self.app, api=replace(self.app.api, routes=routes))


@pytest.fixture(scope="module")
def started() -> Iterator[Running]:
    app = read_this_app(synthesise("local", APP_MODULE))
    stack = RunningApp(
        app, listen_on_loopback(0), lambda _: None, lambda _name, _line: None, lambda _: None
    )
    yield Running(stack, app)
    stack.stop()


@pytest.fixture
def running(started: Running) -> Running:
    """The stack with the app as it was at its start, whatever an earlier test has made of it."""
    started.stack.update(started.app)
    return started


def code_that_says(folder: Path, handler: str, word: str) -> Path:
    module = folder / Path(*handler.split(".")[:-1]).with_suffix(".py")
    module.parent.mkdir(parents=True)
    module.write_text(f"def handler(event, context):\n    return {{'said': {word!r}}}\n")
    return folder


def test_the_same_app_restarts_nothing(running: Running) -> None:
    assert running.stack.update(running.app) == Update((), api=False, pool=False)


def test_a_function_with_other_code_is_replaced_and_sessions_stay(
    running: Running, tmp_path: Path
) -> None:
    user = running.stack.stack.users[0]
    token = running.sign_in(user)
    health = running.function("health")
    code = code_that_says(tmp_path, health.handler, "something else")
    update = running.stack.update(running.with_function(replace(health, code_folder=code)))
    assert update == Update(("health",), api=False, pool=False)
    assert running.call("/health").json == {"said": "something else"}
    assert running.call("/me", token).status == 200
    assert running.stack.stack.users[0] == user


def test_no_decision_of_an_old_authorizer_outlives_it(running: Running, tmp_path: Path) -> None:
    token = running.sign_in(running.stack.stack.users[0])
    assert running.call("/whoami", token).status == 200
    authorizer = running.function("authorizer")
    code = shutil.copytree(authorizer.code_folder, tmp_path / "code")
    (code / "nobody.json").write_text(json.dumps({"version": 2, "routes": {}}))
    environment = {**authorizer.environment, "POLICY_FILE": "nobody.json"}
    changed = replace(authorizer, code_folder=code, environment=environment)
    update = running.stack.update(running.with_function(changed))
    assert update == Update(("authorizer",), api=True, pool=False)
    assert running.call("/whoami", token).status == 403


def test_a_changed_api_is_served_by_the_same_functions(running: Running) -> None:
    assert running.call("/me").status == 401
    update = running.stack.update(running.with_route_only("GET /health"))
    assert update == Update((), api=True, pool=False)
    assert running.call("/me").status == 404
    assert running.call("/health").status == 200


def test_a_changed_pool_has_its_people_anew_with_their_passwords_and_the_same_keys(
    running: Running,
) -> None:
    old_user = running.stack.stack.users[0]
    token = running.sign_in(old_user)
    pool = running.app.pools[0]
    groups = (*pool.groups, GroupConfig("auditors", 9, None))
    changed = replace(running.app, pools=(replace(pool, groups=groups),))
    assert running.stack.update(changed) == Update((), api=True, pool=True)
    new_user = running.stack.stack.users[0]
    assert new_user.password == old_user.password
    assert ("auditors",) in [user.groups for user in running.stack.stack.users]
    for signed in (token, running.sign_in(new_user)):
        assert running.call("/me", signed).status == 200
        assert running.call("/whoami", signed).status == 200


def test_if_a_function_does_not_start_everything_goes_on_as_it_was(
    running: Running, tmp_path: Path
) -> None:
    user = running.stack.stack.users[0]
    token = running.sign_in(user)
    health = running.function("health")
    code = code_that_says(tmp_path, health.handler, "nothing")
    next(code.rglob("*.py")).write_text("import nowhere\n")
    pool = running.app.pools[0]
    changed = replace(
        running.with_function(replace(health, code_folder=code)),
        pools=(replace(pool, groups=()),),
    )
    with pytest.raises(StartFailed, match=r"function health does not start: .*nowhere"):
        running.stack.update(changed)
    assert running.call("/health").json == {"status": "ok"}
    assert running.call("/me", token).status == 200
    assert running.sign_in(user)
    assert running.stack.update(running.app) == Update((), api=False, pool=False)


def test_a_pool_cannot_move_to_another_region_while_it_runs(running: Running) -> None:
    pool = replace(running.app.pools[0], region="eu-central-1")
    with pytest.raises(StartFailed, match="another region"):
        running.stack.update(replace(running.app, pools=(pool,)))
    assert running.sign_in(running.stack.stack.users[0])


def test_the_secrets_cannot_change_while_they_are_in_use(running: Running) -> None:
    secret, *others = running.app.secrets
    changed = replace(secret, characters=secret.characters // 2)
    with pytest.raises(StartFailed, match="secrets have changed: start again"):
        running.stack.update(replace(running.app, secrets=(changed, *others)))
    assert running.call("/health").status == 200


def test_a_second_lambda_authorizer_which_is_not_ours_is_served_and_told(
    running: Running, tmp_path: Path
) -> None:
    (tmp_path / "theirs.py").write_text(
        "def handler(event, context):\n"
        "    return {'isAuthorized': event['headers'].get('authorization') == 'Bearer open'}\n"
    )
    health = running.function("health")
    theirs = replace(
        health,
        name="theirs-123",
        arn=health.arn.replace(health.name, "theirs-123"),
        handler="theirs.handler",
        code_folder=tmp_path,
    )
    known = running.app.api.routes
    public = next(route for route in known if route.key == "GET /health")
    source = ("$request.header.Authorization",)
    authorizer = LambdaAuthorizerConfig("a9", "theirs", theirs.name, source, 0)
    route = replace(public, key="GET /theirs", authorizer=authorizer)
    app = replace(running.app, api=replace(running.app.api, routes=(*known, route)))
    running.stack.update(replace(app, functions=(*app.functions, theirs)))
    assert running.call("/theirs", "open").status == 200
    assert running.call("/theirs", "shut").status == 403
    console = Console(file=StringIO(), width=200)
    console.print(routes_table(running.stack.stack.app))
    assert isinstance(console.file, StringIO)
    assert "as function theirs decides" in console.file.getvalue()


def test_an_issuer_that_is_late_at_first_does_not_stop_the_start(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve_issuer() as issuer:
        known = running.app.api.routes
        public = next(route for route in known if route.key == "GET /health")
        source = "$request.header.Authorization"
        authorizer = JwtAuthorizerConfig("j9", "late", source, issuer.url, ("api",))
        route = replace(public, key="GET /late", authorizer=authorizer)
        app = replace(running.app, api=replace(running.app.api, routes=(*known, route)))
        discovery, waits = issuer.metadata, [LATE_SECONDS, LATE_SECONDS]

        def late() -> dict[str, Any]:
            if waits:
                time.sleep(waits.pop())
            if not waits:  # from the third time on it is not late, however busy the machine is
                monkeypatch.setattr(fetch, "FETCH_SECONDS", 30.0)
            return discovery()

        issuer.metadata = late  # type: ignore[method-assign]
        running.stack.update(app)
        assert running.call("/late", issuer.mint(aud="api")).status == 200


def test_a_function_that_the_new_app_lacks_is_gone(running: Running) -> None:
    app = replace(running.app, functions=(running.function("health"),))
    routes = tuple(route for route in app.api.routes if route.key == "GET /health")
    running.stack.update(replace(app, api=replace(app.api, routes=routes)))
    assert running.call("/health").status == 200
    assert running.call("/orders").status == 404
