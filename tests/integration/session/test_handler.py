"""The function as Lambda starts it: its settings and the SDK's from the environment alone."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.loopback.listener import listen_on_loopback
from local.loopback.wsgi_server import WsgiServer
from local.stack.aws_services import AwsServices
from local.stack.localised import Addresses
from local.template.local_app import SecretConfig
from tests.integration.cognito.conftest import Cognito
from tests.integration.session.person import CLIENT_ID, PUBLIC_URL

SOURCES = Path(__file__).parents[3] / "lambda_src"
SECRET = SecretConfig(
    "cookies",
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:cookies-abc123",
    64,
    "us-east-1",
    "123456789012",
)
PROGRAM = """
import json, sys
from session.handler import handler
for event in json.load(sys.stdin):
    print("answer " + json.dumps(handler(event, None)))
"""


@pytest.fixture
def environment(pool: Cognito) -> Iterator[dict[str, str]]:
    server = WsgiServer(AwsServices([], [SECRET]), listen_on_loopback())
    here = f"{pool.server.url}/{pool.pool.id}"
    yield {
        "AWS_LAMBDA_FUNCTION_NAME": "session",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "us-east-1",
        **Addresses(api="", cognito="", services=server.url).service_endpoints,
        "ISSUER": pool.pool.issuer,
        "DISCOVERY_URI": f"{here}/.well-known/openid-configuration",
        "CLIENT_ID": CLIENT_ID,
        "CLIENT_AUTHENTICATION": "client_secret",
        "CLIENT_SECRET_ID": SECRET.arn,
        "CLIENT_SECRET_KEY": "client_secret",
        "SCOPES": "openid",
        "PUBLIC_URL": PUBLIC_URL,
        "COOKIE_SECRET_ID": SECRET.arn,
        "REVOCATION_TABLE": "ended",
        "IDLE_SECONDS": "3600",
        "SESSION_SECONDS": "43200",
        "STAGE": "dev",
        "PYTHONPATH": str(SOURCES),
    }
    server.stop()


def run(environment: dict[str, str], *events: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(events),
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def event(route: str, **headers: str) -> dict[str, Any]:
    context = {"requestId": "r-1", "http": {"sourceIp": "203.0.113.7"}}
    return {"version": "2.0", "routeKey": route, "headers": headers, "requestContext": context}


def test_the_function_begins_a_sign_in_with_the_secret_of_this_machine(
    environment: dict[str, str], pool: Cognito
) -> None:
    asked = event("GET /session/login"), event("GET /session/me", origin=PUBLIC_URL)
    done = run(environment, *asked)
    assert done.returncode == 0, done.stderr
    lines = [line.partition(" ")[2] for line in done.stdout.splitlines() if line[:7] == "answer "]
    login, me = map(json.loads, lines)
    assert login["statusCode"] == 302
    assert login["headers"]["location"].startswith(f"{pool.server.url}/oauth2/authorize?")
    assert json.loads(me["body"]) == {"signed_in": False}
    assert '"outcome":"begun"' in done.stdout


def test_a_wrong_setting_stops_the_function_and_not_its_first_caller(
    environment: dict[str, str],
) -> None:
    done = run({**environment, "PUBLIC_URL": "http://app.example.com"})
    assert done.returncode != 0
    assert "SettingsInvalid: PUBLIC_URL: 'http://app.example.com'; give an https URL" in done.stderr
