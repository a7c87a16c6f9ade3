"""A stack in which a function cannot start: it says so, and everything else is served."""

import http.client
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from local.loopback.listener import listen_on_loopback
from local.terminal.console import not_started_lines
from local.this_app.running_app import ServedApp, run_app
from local.this_app.sign_in import access_token_by_password
from local.this_app.synthesis.stage_app import app_of_stage
from tests.e2e.part import with_routes_only
from tests.sample.paths import APP_MODULE


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApp]:
    app = with_routes_only(
        app_of_stage("local", APP_MODULE), "GET /health", "GET /me", "GET /whoami"
    )
    broken = next(function for function in app.functions if function.label == "health")
    code = tmp_path_factory.mktemp("code")
    (code / "health").mkdir()
    (code / "health" / "handler.py").write_text("import nowhere\n")
    others = tuple(function for function in app.functions if function is not broken)
    app = replace(app, functions=(*others, replace(broken, code_folder=code)))
    with run_app(
        app, listen_on_loopback(0), lambda _: None, lambda _name, _line: None, lambda _: None
    ) as running:
        yield running


def status(stack: ServedApp, path: str, token: str | None = None) -> int:
    connection = http.client.HTTPConnection(urlsplit(stack.api_url).netloc, timeout=60)
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_function_that_does_not_start_costs_its_own_routes_alone(stack: ServedApp) -> None:
    client = stack.client("cli")
    assert client is not None
    token = access_token_by_password(stack, client.id, stack.users[0])
    assert status(stack, "/health") == 500
    assert status(stack, "/health") == 500
    assert status(stack, "/me", token) == 200
    assert status(stack, "/whoami", token) == 200


def test_it_is_named_with_its_reason_before_anybody_asks(stack: ServedApp) -> None:
    said = StringIO()
    console = Console(file=said, width=400)
    for line in not_started_lines(stack.not_started):
        console.print(line)
    assert said.getvalue().startswith("function health does not start: Runtime.ImportModuleError")
    assert "nowhere" in said.getvalue()
    assert "its routes answer 500" in said.getvalue()
