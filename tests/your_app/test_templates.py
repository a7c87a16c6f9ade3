"""Your table and your stages, as they stand in the templates that would be deployed."""

from collections.abc import Mapping

import pytest

from aws_jwt_authorizer.access.conditions import rules_of
from aws_jwt_authorizer.access.rules import MachineClient, Route
from tests.synth.synthesis import Synthesis
from tests.your_app.stages import DEPLOYED, Stage, stage_of

KINDS = {"NONE": "public", "JWT": "jwt", "CUSTOM": "lambda"}
every_stage = pytest.mark.parametrize("stage", DEPLOYED)

Templates = Mapping[str, Synthesis]


def routes_by_key(stage: Stage) -> dict[str, Route]:
    return {route.key: route for route in stage.table.routes}


@every_stage
def test_the_api_has_the_routes_of_your_table_and_no_other(
    stage: str, synthesised: Templates
) -> None:
    made = synthesised[stage].resources("AWS::ApiGatewayV2::Route")
    kinds = {
        item["Properties"]["RouteKey"]: KINDS[item["Properties"]["AuthorizationType"]]
        for _, item in made
    }
    declared = {key: route.authorizer for key, route in routes_by_key(stage_of(stage)).items()}
    assert kinds == declared


@every_stage
def test_the_built_in_authorizer_asks_for_the_scopes_of_your_rules(
    stage: str, synthesised: Templates
) -> None:
    for key, route in routes_by_key(stage_of(stage)).items():
        if route.authorizer == "jwt":
            [rule] = rules_of(route.rule)
            asked = synthesised[stage].route(key).get("AuthorizationScopes", [])
            assert asked == [*rule.scopes_all, *rule.scopes_any], key


@every_stage
def test_your_groups_and_scopes_are_the_pools(stage: str, synthesised: Templates) -> None:
    made = synthesised[stage]
    groups = {
        item["Properties"]["GroupName"] for _, item in made.resources("AWS::Cognito::UserPoolGroup")
    }
    scopes = {
        f"{item['Properties']['Identifier']}/{scope['ScopeName']}"
        for _, item in made.resources("AWS::Cognito::UserPoolResourceServer")
        for scope in item["Properties"].get("Scopes", [])
    }
    table = stage_of(stage).table
    assert (groups, scopes) == (set(table.groups), set(table.scopes))


@every_stage
def test_your_clients_are_the_pools(stage: str, synthesised: Templates) -> None:
    table, made = stage_of(stage).table, synthesised[stage]
    clients = [item for _, item in made.resources("AWS::Cognito::UserPoolClient")]
    named = {item["Properties"].get("ClientName") for item in clients} - {None}
    assert named == {client.name for client in table.clients}
    for client in table.clients:
        properties = made.named_client(client.name)
        assert properties["GenerateSecret"] is isinstance(client, MachineClient)
        wanted = client.token_minutes or stage_of(stage).config.token_validity_minutes
        assert properties["AccessTokenValidity"] == wanted


@every_stage
def test_your_urls_and_origins_are_the_stages(stage: str, synthesised: Templates) -> None:
    config = stage_of(stage).config
    for name, client in config.clients.items():
        made = synthesised[stage].named_client(name)
        assert made.get("CallbackURLs", []) == list(client.callback_urls)
        assert made.get("LogoutURLs", []) == list(client.logout_urls)
        by_password = "ALLOW_USER_PASSWORD_AUTH" in made["ExplicitAuthFlows"]
        assert by_password is client.password_sign_in
    cors = synthesised[stage].only("AWS::ApiGatewayV2::Api").get("CorsConfiguration", {})
    assert cors.get("AllowOrigins", []) == list(config.allowed_origins)
    assert not cors or cors["AllowHeaders"] == list(config.allowed_headers)


@every_stage
def test_every_log_is_kept_for_as_long_as_the_stage_says(
    stage: str, synthesised: Templates
) -> None:
    logs = synthesised[stage].resources("AWS::Logs::LogGroup")
    days = {item["Properties"]["RetentionInDays"] for _, item in logs}
    assert days == {stage_of(stage).config.log_retention_days}


@every_stage
def test_every_function_of_your_table_is_there(stage: str, synthesised: Templates) -> None:
    functions = synthesised[stage].resources("AWS::Lambda::Function")
    handlers = {item["Properties"]["Handler"] for _, item in functions}
    for route in stage_of(stage).table.routes:
        if isinstance(route.backend, str):
            assert f"{route.backend}.handler.handler" in handlers
