import json
import os
import subprocess
import sys
from importlib import util
from pathlib import Path
from typing import Any

import pytest

from authorizer import handler
from authorizer.policy import RoutePolicy
from authorizer.policy_events import EventUnknown
from authorizer.response import Unauthorized
from authorizer.settings import Settings
from jwt_verifier.errors import SettingsInvalid
from tests.issuer import serve_issuer

SOURCES = Path(__file__).parents[3] / "lambda_src"
POLICY = b'{"version": 2, "routes": {}}'


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "policy.json").write_bytes(POLICY)
    issuers = [{"name": "p", "issuer": "http://127.0.0.1:9", "audiences": ["api"]}]
    return {"ISSUERS": json.dumps(issuers), "POLICY_FILE": str(tmp_path / "policy.json")}


def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Import the handler as Lambda does, in a process of its own."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys, authorizer.handler; print({ADAPTERS!r} in sys.modules)",
        ],
        env={"PYTHONPATH": str(SOURCES), "AWS_LAMBDA_FUNCTION_NAME": "f", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_lambda_starts_it_with_a_good_environment(environment: dict[str, str]) -> None:
    started = start(environment)
    assert (started.returncode, started.stderr) == (0, "")
    assert "jwks_fetch_failed" in started.stdout


NAMES_WHAT_IT_HAS_IMPORTED = """
import sys, authorizer.handler
print(sorted(name for name in sys.modules if name.startswith("function_kit.revocation")))
"""


def test_nothing_of_revocation_is_imported_where_no_table_is_named(
    environment: dict[str, str],
) -> None:
    def imported(**more: str) -> str:
        variables = {"PYTHONPATH": str(SOURCES), "AWS_LAMBDA_FUNCTION_NAME": "f"}
        command = [sys.executable, "-c", NAMES_WHAT_IT_HAS_IMPORTED]
        done = subprocess.run(
            command, env={**variables, **environment, **more}, capture_output=True, check=True
        )
        return done.stdout.decode().splitlines()[-1]

    assert imported() == "[]"
    told = {"REVOCATION_TABLE": "T", "REVOCATION_UNREADABLE": "closed", "AWS_REGION": "eu-west-1"}
    endpoint = "http://127.0.0.1:9"
    assert handler.REVOCATIONS in imported(**told, AWS_ENDPOINT_URL_DYNAMODB=endpoint)


def test_a_start_imports_no_adapter_of_another_event(environment: dict[str, str]) -> None:
    assert start(environment).stdout.endswith("\nFalse\n")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"REVOCATION_TABLE": "T", "AWS_REGION": "eu-west-1"},
            "REVOCATION_UNREADABLE: missing; set it in the function's environment",
        ),
        ({"ISSUERS": "[]"}, "ISSUERS: not a JSON array of issuers"),
        ({"POLICY_FILE": "absent"}, "POLICY_FILE: absent cannot be read"),
        ({"LEEWAY_SECONDS": "3000"}, "LEEWAY_SECONDS: '3000'; give seconds from 0 to 300"),
    ],
)
def test_lambda_refuses_to_start_it_with_a_wrong_one(
    environment: dict[str, str], change: dict[str, str], message: str
) -> None:
    started = start({**environment, **change})
    assert started.returncode == 1
    assert f"SettingsInvalid: {message}" in started.stderr


def test_its_keys_are_fetched_before_the_first_call(
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in {**environment, "AWS_LAMBDA_FUNCTION_NAME": "f"}.items():
        monkeypatch.setenv(name, value)
    cold = util.spec_from_file_location("cold_handler", handler.__file__)
    assert cold is not None
    assert cold.loader is not None
    cold.loader.exec_module(util.module_from_spec(cold))
    assert "jwks_fetch_failed" in capsys.readouterr().out


def test_importing_it_elsewhere_asks_for_no_environment() -> None:
    assert "AWS_LAMBDA_FUNCTION_NAME" not in os.environ
    assert callable(handler.build)


ADAPTERS = "authorizer.policy_events"
EVENT: dict[str, Any] = {"version": "2.0", "type": "REQUEST"}


@pytest.fixture
def unbuilt(monkeypatch: pytest.MonkeyPatch) -> Any:
    handler._authorizer.cache_clear()
    yield monkeypatch
    handler._authorizer.cache_clear()


def test_the_authorizer_is_built_once_and_stays_warm(
    unbuilt: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    with serve_issuer() as issuer:
        issuers = [{"name": "p", "issuer": issuer.url, "audiences": ["api"]}]
        for name, value in {**environment, "ISSUERS": json.dumps(issuers)}.items():
            unbuilt.setenv(name, value)
        token = f"Bearer {issuer.mint(aud='api')}"
        event = {**EVENT, "routeKey": "GET /", "headers": {"authorization": token}}
        assert handler.handler(event, None) == {"isAuthorized": False}
    assert handler.handler(event, None) == {"isAuthorized": False}


def test_a_call_without_settings_is_an_error_and_never_an_answer(
    unbuilt: pytest.MonkeyPatch,
) -> None:
    unbuilt.delenv("ISSUERS", raising=False)
    with pytest.raises(SettingsInvalid, match="^ISSUERS: missing"):
        handler.handler({}, None)


def test_a_call_without_a_token_is_unauthorized(
    unbuilt: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    for name, value in environment.items():
        unbuilt.setenv(name, value)
    with pytest.raises(Unauthorized):
        handler.handler(EVENT, None)


@pytest.mark.parametrize(
    "event",
    [
        {},
        None,
        {"version": "2.0", "routeKey": "GET /", "rawPath": "/", "headers": {}},
        {"version": "3.0", "type": "REQUEST", "routeKey": "GET /"},
        {"type": "REQUEST", "methodArn": "arn:aws:execute-api:eu-west-1:123456789012:abcdef123/s/$connect", "requestContext": {"routeKey": "$connect"}},
        {"authorizationToken": "t", "requestContext": {"apiId": "a", "queryString": "{ pets }"}},
        {"Records": [{"cf": {"request": {}}}]},
        {"type": "TOKEN", "authorizationToken": "Bearer t"},
        {"type": "TOKEN", "version": "1.0", "methodArn": "arn", "authorizationToken": "Bearer t"},
    ],
    ids=["empty", "null", "function URL", "a later format", "WebSocket", "AppSync", "Lambda@Edge", "no ARN", "both"],
)  # fmt: skip
def test_an_event_that_no_gateway_of_ours_sends_is_an_error(
    unbuilt: pytest.MonkeyPatch, environment: dict[str, str], event: object
) -> None:
    for name, value in environment.items():
        unbuilt.setenv(name, value)
    with pytest.raises(EventUnknown, match="^not an authorizer event of HTTP API payload 2.0 and"):
        handler.handler(event, None)


def test_an_algorithm_beyond_rs256_is_loaded_when_it_is_built() -> None:
    with serve_issuer("ES256") as issuer:
        issuers = [
            {"name": "p", "issuer": issuer.url, "audiences": ["api"], "algorithms": ["ES256"]}
        ]
        settings = Settings.from_env({"ISSUERS": json.dumps(issuers), "POLICY_FILE": "unread"})
        authorizer = handler.build(settings, RoutePolicy.from_json(POLICY))
        event = {
            "routeKey": "GET /",
            "headers": {"authorization": f"Bearer {issuer.mint(aud='api')}"},
        }
        assert authorizer(event) == {"isAuthorized": False}
