"""The page's app client, and the secret and rights of the backend that keeps its tokens."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions

import app
from session.settings import Settings
from stacks.browser_client import BrowserClient
from stacks.browser_sign_in import BrowserSignIn
from stacks.config import StageConfig, stage_config
from stacks.guard_rules import add_guard_rules
from stacks.python_function import PythonFunction
from stacks.session_backend import SessionBackend
from stacks.target import deployed_target
from tests.synth.synthesis import Synthesis

API_URL = "https://abc123.execute-api.us-east-1.amazonaws.com"
POOL_ID = "us-east-1_abc123xyz"
ISSUER = f"https://cognito-idp.us-east-1.amazonaws.com/{POOL_ID}"
GOOGLE = {
    "kind": "google",
    "client_id": "id-1",
    "attributes": {"email": "email", "picture": "picture"},
    "client_secret": {"secret": "prod/google", "json_key": "client_secret"},
}


def made(folder: Path, stage: str = "dev", **overrides: Any) -> dict[str, Any]:
    """The template of a stack that holds both constructs and the function."""
    of_app = app.new_app(str(folder))
    of_app.node.set_context("aws:cdk:bundling-stacks", [])
    add_guard_rules(of_app)
    config: StageConfig = stage_config(
        stage, of_app.node.try_get_context("stages"), overrides or None
    )
    stack = cdk.Stack(of_app, "Browser")
    client = BrowserClient(
        stack,
        "Client",
        config=config,
        pool_id=POOL_ID,
        api_url=API_URL,
        scopes=("orders/read", "orders/write"),
    )
    backend = SessionBackend(stack, "Session", config=config)
    sign_in = BrowserSignIn("cognito", ISSUER, client.client_id, client.scopes, API_URL)
    function = PythonFunction(
        stack, "Function", spec=backend.spec(sign_in), config=config, target=deployed_target()
    )
    backend.grant(function.function)
    return dict(assertions.Template.from_stack(stack).to_json())


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return made(tmp_path_factory.mktemp("browser") / "cdk.out")


def only(template: dict[str, Any], kind: str) -> tuple[str, dict[str, Any]]:
    [(name, item)] = [
        (name, item) for name, item in template["Resources"].items() if item["Type"] == kind
    ]
    return name, item


def client_of(template: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = only(template, "AWS::Cognito::UserPoolClient")[1]["Properties"]
    return properties


def test_the_client_is_sent_back_to_the_page_and_to_the_backend(template: dict[str, Any]) -> None:
    client = client_of(template)
    assert client["UserPoolId"] == POOL_ID
    assert client["CallbackURLs"] == [f"{API_URL}/app/callback", f"{API_URL}/session/callback"]
    assert client["LogoutURLs"] == [f"{API_URL}/app"]
    assert client["SupportedIdentityProviders"] == ["COGNITO"]


def test_in_all_else_it_is_as_the_web_client(template: dict[str, Any], dev: Synthesis) -> None:
    own, web = client_of(template), dev.client("Web")
    # The web client's scopes are references to resource servers of its own stack.
    differing = {"AllowedOAuthScopes", "CallbackURLs", "LogoutURLs", "UserPoolId"}
    assert len(own["AllowedOAuthScopes"]) == len(web["AllowedOAuthScopes"])
    assert own["AllowedOAuthScopes"] == [
        "openid",
        "email",
        "profile",
        "orders/read",
        "orders/write",
    ]
    assert {k: v for k, v in own.items() if k not in differing} == {
        k: v for k, v in web.items() if k not in differing
    }
    assert own["AllowedOAuthFlows"] == ["code"]
    assert own["GenerateSecret"] is False
    assert own["RefreshTokenRotation"]["Feature"] == "ENABLED"


def test_people_of_other_providers_may_use_it_too(tmp_path: Path) -> None:
    client = client_of(made(tmp_path / "out", identity_providers={"google": GOOGLE}))
    assert client["SupportedIdentityProviders"] == ["COGNITO", "Google"]
    assert "picture" in client["WriteAttributes"]


def test_the_functions_settings_are_those_that_it_reads(template: dict[str, Any]) -> None:
    variables = only(template, "AWS::Lambda::Function")[1]["Properties"]["Environment"]["Variables"]
    client, _ = only(template, "AWS::Cognito::UserPoolClient")
    secret, _ = only(template, "AWS::SecretsManager::Secret")
    assert variables["CLIENT_ID"] == {"Ref": client}
    assert variables["COOKIE_SECRET_ID"] == {"Ref": secret}
    deployed = {**variables, "CLIENT_ID": "client", "COOKIE_SECRET_ID": "arn"}
    settings = Settings.from_env(deployed)
    assert settings.discovery_uri == f"{ISSUER}/.well-known/openid-configuration"
    assert settings.redirect_uri in client_of(template)["CallbackURLs"]
    assert settings.app_url in client_of(template)["LogoutURLs"]
    assert settings.scopes.split() == client_of(template)["AllowedOAuthScopes"]


def test_the_secret_is_made_by_cloudformation_and_in_no_template(template: dict[str, Any]) -> None:
    _, secret = only(template, "AWS::SecretsManager::Secret")
    assert secret["Properties"]["GenerateSecretString"] == {"PasswordLength": 64}
    assert "SecretString" not in secret["Properties"]
    assert secret["DeletionPolicy"] == "Delete"


def test_a_stage_that_retains_its_data_keeps_the_secret(tmp_path: Path) -> None:
    _, secret = only(made(tmp_path / "out", "prod"), "AWS::SecretsManager::Secret")
    assert secret["DeletionPolicy"] == "Retain"


def test_the_function_may_read_this_secret_and_nothing_else(template: dict[str, Any]) -> None:
    secret, _ = only(template, "AWS::SecretsManager::Secret")
    statements = [
        statement
        for item in template["Resources"].values()
        if item["Type"] == "AWS::IAM::Policy"
        for statement in item["Properties"]["PolicyDocument"]["Statement"]
    ]
    [reading] = [item for item in statements if "secretsmanager" in json.dumps(item["Action"])]
    assert reading["Action"] == "secretsmanager:GetSecretValue"
    assert reading["Resource"] == {"Ref": secret}
    rest = [item for item in statements if item is not reading]
    assert [item["Action"] for item in rest] == [["logs:CreateLogStream", "logs:PutLogEvents"]]
