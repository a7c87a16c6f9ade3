"""A pre-token-generation function under the real runtime client, from its sources to the gateway."""

import dataclasses
import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from local.cognito.demo_users import cognito_client
from local.loopback.listener import listen_on_loopback
from local.template.local_app import FunctionConfig, LocalApp
from local.template.pool_config import PreTokenConfig
from local.this_app.running_app import ServedApp, run_app
from local.this_app.synthesis.stage_app import read_this_app
from local.this_app.synthesis.synth import synthesise
from tests.e2e.part import with_routes_only
from tests.sample.paths import APP_MODULE

SOURCE = """
def handler(event, context):
    name = event["request"]["userAttributes"]["email"].partition("@")[0]
    if name == "support":
        raise ValueError("not on a Sunday")
    event["response"]["claimsAndScopeOverrideDetails"] = {
        "accessTokenGeneration": {"scopesToAdd": ["orders/read"] if name == "admin" else []}
    }
    return event
"""


def with_trigger(app: LocalApp, folder: Path) -> LocalApp:
    (folder / "claims.py").write_text(SOURCE)
    function = FunctionConfig(
        name="claims",
        arn="arn:aws:lambda:us-east-1:123456789012:function:claims",
        handler="claims.handler",
        runtime="python3.11",
        code_folder=folder,
        environment={},
        memory_mb=128,
        timeout_seconds=20,
        log_format="Text",
        log_level="",
    )
    pool = dataclasses.replace(app.pools[0], pre_token=PreTokenConfig("claims", "V2_0"))
    return dataclasses.replace(app, functions=(*app.functions, function), pools=(pool,))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApp]:
    whole = read_this_app(synthesise("local", APP_MODULE))
    folder = tmp_path_factory.mktemp("trigger")
    app = with_routes_only(with_trigger(whole, folder), "GET /orders")
    with run_app(
        app,
        listen_on_loopback(0),
        lambda _exchange: None,
        lambda _name, _line: None,
        lambda _step: None,
    ) as running:
        yield running


def access_token(stack: ServedApp, name: str) -> str:
    user = next(user for user in stack.users if user.username.startswith(name))
    client = stack.client("cli")
    assert client
    api = cognito_client(stack.cognito.url, stack.pool.region)
    try:
        return api.initiate_auth(
            ClientId=client.id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user.username, "PASSWORD": user.password},
        )["AuthenticationResult"]["AccessToken"]
    finally:
        api.close()


def orders(stack: ServedApp, token: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(stack.api_url).netloc, timeout=20)
    try:
        connection.request("GET", "/orders", None, {"Authorization": f"Bearer {token}"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_scope_that_the_function_adds_opens_the_route_that_asks_for_it(
    stack: ServedApp,
) -> None:
    assert orders(stack, access_token(stack, "admin")) == 200
    assert orders(stack, access_token(stack, "user")) == 403


def test_an_exception_of_the_function_fails_the_sign_in(stack: ServedApp) -> None:
    with pytest.raises(
        ClientError, match="UserLambdaValidationException.*failed with error not on a Sunday"
    ):
        access_token(stack, "support")
