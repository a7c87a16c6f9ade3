"""The page's app clients, and the secrets and rights of the backend that keeps its tokens."""

import json
from pathlib import Path
from typing import Any

import pytest

from function_kit.revocation.table_keys import ENTRY, LIST, TIME_TO_LIVE
from secret_rotation.settings import Settings as RotationSettings
from session.settings import Settings
from tests.synth.synthesis import Synthesis, synthesise

POOL = "us-east-1_abc123xyz"
GOOGLE = {
    "kind": "google",
    "client_id": "id-1",
    "attributes": {"email": "email", "picture": "picture"},
    "client_secret": {"secret": "prod/google", "json_key": "client_secret"},
}


def backend_client(made: Synthesis) -> dict[str, Any]:
    [properties] = [
        item["Properties"]
        for name, item in made.resources("AWS::Cognito::UserPoolClient")
        if name.startswith("BrowserAppClientsBackend")
    ]
    assert isinstance(properties, dict)
    return properties


def secrets_of(made: Synthesis) -> dict[str, tuple[str, dict[str, Any]]]:
    """Logical id and resource of both secrets."""
    every = made.resources("AWS::SecretsManager::Secret")
    names = {"Cookie": "CookieSecret", "Client": "ClientSecret"}
    return {short: next(item for item in every if long in item[0]) for short, long in names.items()}


def statements_of(made: Synthesis, function: str) -> list[dict[str, Any]]:
    """What a function's role may do, besides writing its log."""
    role = made.function(function)["Role"]["Fn::GetAtt"][0]
    every = [
        statement
        for _, item in made.resources("AWS::IAM::Policy")
        if {"Ref": role} in item["Properties"]["Roles"]
        for statement in item["Properties"]["PolicyDocument"]["Statement"]
    ]
    return [item for item in every if "logs:" not in json.dumps(item["Action"])]


def arns_of(made: Synthesis) -> list[dict[str, str]]:
    """The ARNs of both secrets."""
    return [{"Ref": name} for name, _ in secrets_of(made).values()]


def by_name(arns: list[dict[str, str]]) -> list[str]:
    return sorted(arn["Ref"] for arn in arns)


def plain(variables: dict[str, Any]) -> dict[str, str]:
    """Variables with a word in the place of each reference."""
    return {
        name: value if isinstance(value, str) else "https://issuer.example"
        for name, value in variables.items()
    }


def test_the_backends_client_is_sent_back_to_the_backend_alone(dev: Synthesis) -> None:
    client = backend_client(dev)
    assert [url["Fn::Join"][1][1] for url in client["CallbackURLs"]] == ["/session/callback"]
    assert [url["Fn::Join"][1][1] for url in client["LogoutURLs"]] == ["/app"]
    assert client["SupportedIdentityProviders"] == ["COGNITO"]


def test_in_all_else_it_is_as_the_web_client_but_for_its_secret(dev: Synthesis) -> None:
    own, web = backend_client(dev), dev.client("Web")
    # The web client's scopes are references to resource servers of its own stack.
    differing = {
        *("AllowedOAuthScopes", "CallbackURLs", "ClientName", "GenerateSecret", "LogoutURLs"),
        "UserPoolId",
    }
    assert own["AllowedOAuthScopes"] == [
        *("openid", "email", "profile", "orders/read", "orders/write")
    ]
    assert {k: v for k, v in own.items() if k not in differing} == {
        k: v for k, v in web.items() if k not in differing
    }
    assert own["AllowedOAuthFlows"] == ["code"]
    assert own["GenerateSecret"] is True
    assert own["RefreshTokenRotation"]["Feature"] == "ENABLED"


def test_people_of_other_providers_may_use_it_too(folder: Path) -> None:
    client = backend_client(synthesise(folder, identity_providers={"google": GOOGLE}))
    assert client["SupportedIdentityProviders"] == ["COGNITO", "Google"]
    assert "picture" in client["WriteAttributes"]


def test_the_functions_settings_are_those_that_they_read(dev: Synthesis) -> None:
    told = dev.function("session")["Environment"]["Variables"]
    secrets = secrets_of(dev)
    assert told["COOKIE_SECRET_ID"] == {"Ref": secrets["Cookie"][0]}
    assert told["CLIENT_SECRET_ID"] == {"Ref": secrets["Client"][0]}
    settings = Settings.from_env(plain(told))
    assert settings.client_authentication == "client_secret"
    assert settings.scopes.split() == backend_client(dev)["AllowedOAuthScopes"]
    rotation = dev.function("secret_rotation")["Environment"]["Variables"]
    assert {name: rotation[name] for name in ("COOKIE_SECRET_ID", "CLIENT_SECRET_ID")} == {
        name: told[name] for name in ("COOKIE_SECRET_ID", "CLIENT_SECRET_ID")
    }
    assert rotation["CLIENT_ID"] == told["CLIENT_ID"]
    assert RotationSettings.from_env(plain(rotation)).pool_client is not None


@pytest.mark.parametrize("name", ["Cookie", "Client"])
def test_a_secret_is_in_no_template(dev: Synthesis, name: str) -> None:
    _, secret = secrets_of(dev)[name]
    assert secret["Properties"]["GenerateSecretString"] == {"PasswordLength": 64}
    assert "SecretString" not in secret["Properties"]
    assert secret["DeletionPolicy"] == "Delete"


def test_a_stage_that_retains_its_data_keeps_what_opens_cookies(prod: Synthesis) -> None:
    assert secrets_of(prod)["Cookie"][1]["DeletionPolicy"] == "RetainExceptOnCreate"


def test_the_backend_may_read_two_secrets_and_use_one_table_and_nothing_else(
    dev: Synthesis,
) -> None:
    of_table, of_secrets = sorted(statements_of(dev, "session"), key=lambda s: str(s["Action"]))
    assert of_table["Action"] == ["dynamodb:GetItem", "dynamodb:PutItem"]
    [(table, _)] = revocation_tables(dev)
    assert of_table["Resource"] == {"Fn::GetAtt": [table, "Arn"]}
    assert of_secrets["Action"] == "secretsmanager:GetSecretValue"
    assert by_name(of_secrets["Resource"]) == by_name(arns_of(dev))


def revocation_tables(made: Synthesis) -> list[tuple[str, dict[str, Any]]]:
    every = made.resources("AWS::DynamoDB::Table")
    return [item for item in every if "Revocations" in item[0]]


def test_the_table_of_ended_sessions_forgets_and_is_told_to_the_function(dev: Synthesis) -> None:
    [(name, table)] = revocation_tables(dev)
    properties = table["Properties"]
    assert properties["TimeToLiveSpecification"] == {
        "AttributeName": TIME_TO_LIVE,
        "Enabled": True,
    }
    assert properties["KeySchema"] == [
        {"AttributeName": LIST, "KeyType": "HASH"},
        {"AttributeName": ENTRY, "KeyType": "RANGE"},
    ]
    told = dev.function("session")["Environment"]["Variables"]
    assert told["REVOCATION_TABLE"] == {"Ref": name}


@pytest.mark.parametrize(
    ("stage", "idle", "absolute", "reserved"),
    [("dev", "3600", "43200", None), ("prod", "1800", "43200", 100)],
)
def test_each_stage_says_how_long_a_session_lasts_and_what_it_may_take(
    stage: str, idle: str, absolute: str, reserved: int | None, request: pytest.FixtureRequest
) -> None:
    function = request.getfixturevalue(stage).function("session")
    told = function["Environment"]["Variables"]
    assert (told["IDLE_SECONDS"], told["SESSION_SECONDS"]) == (idle, absolute)
    assert function.get("ReservedConcurrentExecutions") == reserved


def test_the_rotation_may_change_the_two_secrets_and_read_one_pools_clients(
    dev: Synthesis,
) -> None:
    by_service = {
        str(item["Action"][0] if isinstance(item["Action"], list) else item["Action"]): item
        for item in statements_of(dev, "secret_rotation")
    }
    assert set(by_service) == {
        "secretsmanager:DescribeSecret",
        "cognito-idp:DescribeUserPoolClient",
    }
    changing = by_service["secretsmanager:DescribeSecret"]
    assert by_name(changing["Resource"]) == by_name(arns_of(dev))
    assert "userpool/" in json.dumps(by_service["cognito-idp:DescribeUserPoolClient"]["Resource"])


def test_secrets_manager_rotates_both_each_month_and_fetches_the_clients_at_once(
    dev: Synthesis,
) -> None:
    secrets = secrets_of(dev)
    made = {
        item["Properties"]["SecretId"]["Ref"]: item["Properties"]
        for _, item in dev.resources("AWS::SecretsManager::RotationSchedule")
    }
    assert set(made) == {name for name, _ in secrets.values()}
    for properties in made.values():
        assert properties["RotationRules"] == {"AutomaticallyAfterDays": 30}
    assert made[secrets["Client"][0]]["RotateImmediatelyOnUpdate"] is True
    assert made[secrets["Cookie"][0]]["RotateImmediatelyOnUpdate"] is False


def test_nobody_but_secrets_manager_may_run_the_rotation_and_for_these_secrets_alone(
    dev: Synthesis,
) -> None:
    granted = [
        item["Properties"]
        for _, item in dev.resources("AWS::Lambda::Permission")
        if "SecretsRotation" in json.dumps(item["Properties"]["FunctionName"])
    ]
    assert {item["Principal"] for item in granted} == {"secretsmanager.amazonaws.com"}
    assert by_name([item["SourceArn"] for item in granted]) == by_name(arns_of(dev))
