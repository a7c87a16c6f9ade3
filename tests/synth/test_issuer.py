"""The stage's own issuer: what its stack holds, what it may do, and that it stands first."""

import json
from pathlib import Path
from typing import Any

import pytest

from key_rotation import kms_keys
from key_rotation.rotate import SETTLED_SECONDS
from key_rotation.settings import Settings as RotationSettings
from key_rotation.settled import A_MINUTE, FIVE_MINUTES
from stacks.issuer import signing_keys
from stacks.stage.config_fields import ConfigInvalid
from tests.synth.synthesis import Synthesis, synthesise
from token_issuer.settings import Settings

ISSUER_STACK = "jwt-authorizer-dev-issuer"
DOCUMENTS = ("openid-configuration", "oauth-authorization-server", "jwks.json")
REFERRED = {
    "ISSUER_ROLE": "arn:aws:iam::123456789012:role/issuer",
    "ROTATION_ROLE": "arn:aws:iam::123456789012:role/rotation",
}
API_STACK = "jwt-authorizer-dev-api"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    return synthesise(tmp_path_factory.mktemp("issuer"), kms_issuer=True)


@pytest.fixture(scope="module")
def template(made: Synthesis) -> dict[str, Any]:
    return template_of(made, ISSUER_STACK)


def template_of(made: Synthesis, stack: str) -> dict[str, Any]:
    text = (made.folder / f"{stack}.template.json").read_text()
    read: dict[str, Any] = json.loads(text)
    return read


def of_type(template: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {name: item for name, item in template["Resources"].items() if item["Type"] == kind}


def function(template: dict[str, Any], name: str) -> tuple[str, dict[str, Any]]:
    [(logical_id, item)] = [
        (logical_id, item)
        for logical_id, item in of_type(template, "AWS::Lambda::Function").items()
        if item["Properties"]["Handler"] == f"{name}.handler.handler"
    ]
    return logical_id, item["Properties"]


def statements(template: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """What the role of a function allows."""
    role = function(template, name)[1]["Role"]["Fn::GetAtt"][0]
    policies = of_type(template, "AWS::IAM::Policy").values()
    return [
        statement
        for policy in policies
        if {"Ref": role} in policy["Properties"]["Roles"]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def actions(statement: dict[str, Any]) -> set[str]:
    action = statement["Action"]
    return {action} if isinstance(action, str) else set(action)


def resources(statement: dict[str, Any]) -> list[Any]:
    resource = statement["Resource"]
    return resource if isinstance(resource, list) else [resource]


def all_actions(template: dict[str, Any], name: str) -> set[str]:
    return set().union(*map(actions, statements(template, name)))


def depends_on(template: dict[str, Any], logical_id: str) -> set[str]:
    """Every resource that is made before this one, by word or by reference."""
    found: set[str] = set()
    waiting = [logical_id]
    while waiting:
        item = template["Resources"][waiting.pop()]
        text = json.dumps(item)
        named = item.get("DependsOn", [])
        before = {named} if isinstance(named, str) else set(named)
        before |= {
            other
            for other in template["Resources"]
            if f'{{"Ref": "{other}"}}' in text or f'"Fn::GetAtt": ["{other}"' in text
        }
        waiting += before - found
        found |= before
    return found


def test_a_stage_without_it_has_neither_the_stack_nor_its_routes(dev: Synthesis) -> None:
    assert not (dev.folder / f"{ISSUER_STACK}.template.json").exists()
    assert "machines" not in json.dumps(dev.api)
    assert "GET /machine/me" not in json.dumps(dev.api)


def test_the_api_is_deployed_after_its_issuer(made: Synthesis) -> None:
    manifest = json.loads((made.folder / "manifest.json").read_text())["artifacts"]
    assert ISSUER_STACK in manifest[API_STACK]["dependencies"]
    assert API_STACK not in manifest[ISSUER_STACK].get("dependencies", [])


def test_the_issuer_is_complete_only_when_its_documents_answer(template: dict[str, Any]) -> None:
    [(logical_id, ready)] = of_type(template, "Custom::IssuerReady").items()
    rotation, _ = function(template, "key_rotation")
    assert ready["Properties"]["ServiceToken"] == {"Fn::GetAtt": [rotation, "Arn"]}
    before = {template["Resources"][name]["Type"] for name in depends_on(template, logical_id)}
    assert {
        "AWS::ApiGatewayV2::Route",
        "AWS::ApiGatewayV2::Stage",
        "AWS::ApiGatewayV2::Integration",
        "AWS::DynamoDB::Table",
        "AWS::IAM::Policy",
        "AWS::Lambda::Permission",
    } <= before
    for kind in ("AWS::IAM::Policy", "AWS::ApiGatewayV2::Route", "AWS::DynamoDB::Table"):
        assert of_type(template, kind).keys() <= depends_on(template, logical_id)


def test_no_scheduled_run_can_meet_the_deletion_of_the_keys(template: dict[str, Any]) -> None:
    [rule] = of_type(template, "AWS::Events::Rule")
    [ready] = of_type(template, "Custom::IssuerReady")
    assert ready in depends_on(template, rule)


def test_the_url_of_the_api_is_the_issuer_everywhere(
    made: Synthesis, template: dict[str, Any]
) -> None:
    [api] = of_type(template, "AWS::ApiGatewayV2::Api")
    endpoint = {"Fn::GetAtt": [api, "ApiEndpoint"]}
    variables = function(template, "token_issuer")[1]["Environment"]["Variables"]
    assert variables["ISSUER_URL"] == endpoint
    [ready] = of_type(template, "Custom::IssuerReady").values()
    assert ready["Properties"]["IssuerUrl"] == endpoint
    configuration = made.authorizer_of("GET /machine/me")["JwtConfiguration"]
    assert configuration["Audience"] == [variables["AUDIENCE"]]
    assert configuration["Issuer"]["Fn::ImportValue"].startswith(f"{ISSUER_STACK}:")
    assert made.imported(configuration["Issuer"]) == endpoint


def test_the_lambda_authorizer_takes_its_access_tokens_and_no_other_type(made: Synthesis) -> None:
    issuers = made.function("authorizer")["Environment"]["Variables"]["ISSUERS"]
    text = json.dumps(issuers)
    assert r"\"name\":\"machines\"" in text
    assert r"\"typ\":\"at+jwt\"" in text
    assert r"\"audiences\":[\"orders-api\"]" in text


def test_the_policy_lets_machines_read_and_not_write(made: Synthesis, local: Synthesis) -> None:
    policy = local.bundle("authorizer") / "policy.json"
    routes = json.loads(policy.read_text())["routes"]
    assert {"issuers": ["cognito", "machines"]} in routes["GET /orders"]["any_of"][0]
    assert {"issuers": ["cognito"]} in routes["POST /orders"]["any_of"][0]
    assert made.route("GET /machine/me")["AuthorizationScopes"] == ["orders/read"]


def test_its_routes_are_public_and_there_are_no_more(template: dict[str, Any]) -> None:
    routes = [item["Properties"] for item in of_type(template, "AWS::ApiGatewayV2::Route").values()]
    assert {route["RouteKey"] for route in routes} == {
        "POST /oauth2/token",
        *(f"{method} /.well-known/{name}" for method in ("GET", "HEAD") for name in DOCUMENTS),
    }
    assert {route["AuthorizationType"] for route in routes} == {"NONE"}


def test_iam_lets_the_public_function_do_nothing_with_any_key(template: dict[str, Any]) -> None:
    assert all_actions(template, "token_issuer") == {
        "dynamodb:GetItem",
        "dynamodb:UpdateItem",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    }


def test_the_rotation_may_make_keys_and_ask_the_issuer_for_a_signature(
    template: dict[str, Any],
) -> None:
    assert all_actions(template, "key_rotation") == {
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "kms:CreateKey",
        "kms:ListKeys",
        "kms:TagResource",
        "lambda:InvokeFunction",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    }
    issuer, _ = function(template, "token_issuer")
    [invoke] = [
        item
        for item in statements(template, "key_rotation")
        if "lambda:InvokeFunction" in actions(item)
    ]
    assert resources(invoke)[0] == {"Fn::GetAtt": [issuer, "Arn"]}


def test_readiness_is_proved_again_when_what_it_depends_on_changes(
    template: dict[str, Any],
) -> None:
    """CloudFormation sends an update when a property is another one."""
    [ready] = of_type(template, "Custom::IssuerReady").values()
    given = ready["Properties"]
    for name, prefix in (("token_issuer", "Issuer"), ("key_rotation", "Rotation")):
        _, deployed = function(template, name)
        assert given[f"{prefix}Code"] == deployed["Code"]["S3Key"]
        assert given[f"{prefix}Role"] == deployed["Role"]
        ring = deployed["Environment"]["Variables"]["KEY_RING_TABLE"]
        assert given["KeyRingTable"] == ring
    _, rotation = function(template, "key_rotation")
    variables = rotation["Environment"]["Variables"]
    assert given["TokenSeconds"] == variables["TOKEN_SECONDS"]
    assert given["RotationPeriodDays"] == variables["ROTATION_PERIOD_DAYS"]


def test_the_longest_first_deployment_fits_into_its_function_and_its_resource(
    template: dict[str, Any],
) -> None:
    """A minute for the table and the first key, five for its public half, five for the proof."""
    _, rotation = function(template, "key_rotation")
    [ready] = of_type(template, "Custom::IssuerReady").values()
    longest = 2 * sum(A_MINUTE) + 2 * sum(FIVE_MINUTES)
    assert longest < rotation["Timeout"] < int(ready["Properties"]["ServiceTimeout"])
    assert rotation["Timeout"] < SETTLED_SECONDS


def test_each_table_is_touched_only_by_those_who_must(template: dict[str, Any]) -> None:
    def touched(name: str, action: str) -> set[str]:
        return {
            resource["Fn::GetAtt"][0]
            for statement in statements(template, name)
            if f"dynamodb:{action}" in actions(statement)
            for resource in resources(statement)
        }

    def called(word: str) -> str:
        [name] = [name for name in of_type(template, "AWS::DynamoDB::Table") if word in name]
        return name

    key_ring, clients, rates = called("KeyRing"), called("Clients"), called("RateLimits")
    assert touched("token_issuer", "GetItem") == {key_ring, clients}
    assert touched("token_issuer", "UpdateItem") == {rates}
    for action in ("GetItem", "PutItem", "DeleteItem"):
        assert touched("key_rotation", action) == {key_ring}


def test_the_rotation_runs_every_hour(template: dict[str, Any]) -> None:
    [rule] = of_type(template, "AWS::Events::Rule").values()
    assert rule["Properties"]["ScheduleExpression"] == "rate(1 hour)"
    rotation, _ = function(template, "key_rotation")
    assert [target["Arn"] for target in rule["Properties"]["Targets"]] == [
        {"Fn::GetAtt": [rotation, "Arn"]}
    ]


def test_prod_keeps_clients_and_keys_whatever_is_deleted(folder: Path) -> None:
    made = synthesise(folder, "prod", kms_issuer=True)
    template = template_of(made, "jwt-authorizer-prod-issuer")
    tables = of_type(template, "AWS::DynamoDB::Table")
    for name, table in tables.items():
        kept = "RateLimits" not in name
        assert (table["DeletionPolicy"] == "Retain") is kept
        assert table["Properties"].get("DeletionProtectionEnabled", False) is kept
        recovery = table["Properties"].get("PointInTimeRecoverySpecification", {})
        assert recovery.get("PointInTimeRecoveryEnabled", False) is kept
    [ready] = of_type(template, "Custom::IssuerReady").values()
    assert ready["DeletionPolicy"] == "RetainExceptOnCreate"


def test_dev_deletes_its_keys_with_the_stack(template: dict[str, Any]) -> None:
    for kind in ("AWS::DynamoDB::Table", "Custom::IssuerReady"):
        for item in of_type(template, kind).values():
            assert item["DeletionPolicy"] == "Delete"


def test_every_table_is_paid_by_request(template: dict[str, Any]) -> None:
    modes = {
        item["Properties"]["BillingMode"]
        for item in of_type(template, "AWS::DynamoDB::Table").values()
    }
    assert modes == {"PAY_PER_REQUEST"}


def test_both_functions_can_read_their_settings(template: dict[str, Any]) -> None:

    def variables(name: str) -> dict[str, str]:
        given = function(template, name)[1]["Environment"]["Variables"]
        return {
            key: value if isinstance(value, str) else REFERRED.get(key, "https://a.example")
            for key, value in given.items()
        }

    assert Settings.from_env(variables("token_issuer")).token_seconds == 900
    rotation = RotationSettings.from_env(variables("key_rotation"))
    assert (rotation.token_seconds, rotation.key_owner) == (900, ISSUER_STACK)
    assert rotation.period_seconds == 30 * 86_400


def test_the_tag_that_the_rotation_may_give_is_the_one_that_keys_get() -> None:

    assert kms_keys.OWNER_TAG == signing_keys.OWNER_TAG


def test_a_stage_that_names_an_address_for_its_own_issuer_is_refused(folder: Path) -> None:
    address = {"machines": {"url": "https://other.example", "audiences": ["orders-api"]}}
    with pytest.raises(ConfigInvalid, match="issuers.machines: remove it"):
        synthesise(folder, kms_issuer=True, issuers=address)


def test_a_stage_may_trust_the_issuer_of_another(folder: Path) -> None:
    address = {"machines": {"url": "https://other.example", "audiences": ["orders-api"]}}
    made = synthesise(folder, issuers=address)
    assert made.authorizer_of("GET /machine/me")["JwtConfiguration"] == {
        "Audience": ["orders-api"],
        "Issuer": "https://other.example",
    }
