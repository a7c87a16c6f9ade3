import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_apigatewayv2_integrations as integrations

from aws_jwt_authorizer.access.rules import Route, Rule
from aws_jwt_authorizer.function_sources import REVOCATIONS
from local.this_app.synthesis.stage_app import read_this_app
from stacks import assembly
from tests.sample.access import ACCESS, OWN_TOKEN
from tests.sample.paths import CDK_JSON
from tests.synth.synthesis import Synthesis, synthesise, table_of

IN_DEV = [
    route
    for route in ACCESS.routes
    if isinstance(route.backend, str)
    and route.key not in ("GET /partner/orders", "GET /machine/me")
    and route.backend != REVOCATIONS  # with revocation, which dev has not
]


def test_the_api_has_the_routes_of_the_table_and_no_other(dev: Synthesis) -> None:
    keys = [item["Properties"]["RouteKey"] for _, item in dev.resources("AWS::ApiGatewayV2::Route")]
    assert sorted(keys) == sorted(
        [
            *("GET /app", "GET /app/{file+}", "HEAD /app", "HEAD /app/{file+}"),
            *("GET /session/login", "GET /session/callback", "GET /session/me"),
            *("HEAD /session/login", "HEAD /session/callback", "HEAD /session/me"),
            *("POST /session/refresh", "POST /session/logout"),
            *("GET /health", "GET /me", "GET /whoami"),
            *("GET /orders", "POST /orders", "DELETE /orders/{id}"),
            *("POST /orders/{id}/refund", "GET /users/{user}/orders"),
            "GET /tenants/{tenant}/orders",
        ]
    )


@pytest.mark.parametrize("route", IN_DEV, ids=lambda route: route.key)
def test_a_route_has_the_authorizer_that_the_table_gives_it(dev: Synthesis, route: Any) -> None:
    kind = {"public": "NONE", "jwt": "JWT", "lambda": "CUSTOM"}[route.authorizer]
    made = dev.route(route.key)
    assert made["AuthorizationType"] == kind
    assert ("AuthorizerId" in made) == (route.authorizer != "public")


def test_only_routes_that_are_declared_public_have_no_authorizer(dev: Synthesis) -> None:
    routes = [item["Properties"] for _, item in dev.resources("AWS::ApiGatewayV2::Route")]
    open_routes = [item["RouteKey"] for item in routes if item["AuthorizationType"] == "NONE"]
    assert open_routes == [route.key for route in ACCESS.routes if route.authorizer == "public"]


def test_the_default_route_may_have_the_built_in_authorizer_and_preflights_are_warned_of(
    folder: Path,
) -> None:
    table = table_of("GET /me", Route("$default", "me", "jwt", OWN_TOKEN))
    made = synthesise(folder, access=table)
    assert made.route("$default")["AuthorizationType"] == "JWT"
    assert made.route("$default")["Target"] == made.route("GET /me")["Target"]
    cors = made.only("AWS::ApiGatewayV2::Api")["CorsConfiguration"]
    assert cors["AllowMethods"] == ["*", "GET"]
    # Fails without a permission for the route.
    served = read_this_app(folder)
    assert {route.key for route in served.api.routes} == {"GET /me", "$default"}
    [warning] = [text for text in served.warnings if "preflight" in text]
    assert 'add Route("OPTIONS /{path+}", backend=..., authorizer="public")' in warning


def test_a_route_that_is_added_by_hand_without_an_authorizer_stops_synth(folder: Path) -> None:
    made = assembly.new_app(CDK_JSON, str(folder))
    made.node.set_context("aws:cdk:bundling-stacks", [])
    assembly.build(made, ACCESS)
    stack = made.node.find_child("jwt-authorizer-dev-api")
    api = stack.node.find_child("Api").node.find_child("HttpApi")
    assert isinstance(api, apigwv2.HttpApi)
    nobody = apigwv2.ParameterMapping().remove_header("x-user-sub").remove_header("cookie")
    backend = integrations.HttpUrlIntegration(
        "Elsewhere", "https://backend.example.com", parameter_mapping=nobody
    )
    api.add_routes(path="/forgotten", integration=backend)
    with pytest.raises(RuntimeError, match="anybody may call this route: give it an authorizer"):
        made.synth()


def test_scopes_stand_on_no_route_that_the_gateway_does_not_check_itself(dev: Synthesis) -> None:
    for _, item in dev.resources("AWS::ApiGatewayV2::Route"):
        assert "AuthorizationScopes" not in item["Properties"]


def test_a_scope_on_a_jwt_route_is_checked_by_the_gateway(folder: Path) -> None:
    rule = Rule(issuers=("cognito",), scopes_any=("orders/read", "orders/write"))
    table = replace(ACCESS, routes=(Route("GET /x", "me", "jwt", rule),))
    made = synthesise(folder, access=table)
    assert made.route("GET /x")["AuthorizationScopes"] == ["orders/read", "orders/write"]


@pytest.mark.parametrize("route", IN_DEV, ids=lambda route: route.key)
def test_a_route_is_answered_by_the_backend_that_the_table_gives_it(
    dev: Synthesis, route: Any
) -> None:
    integration = dev.integration_of(route.key)
    assert integration["PayloadFormatVersion"] == "2.0"
    function_id = integration["IntegrationUri"]["Fn::GetAtt"][0]
    function = dev.api["Resources"][function_id]["Properties"]
    assert function["Handler"] == f"{route.backend}.handler.handler"


def test_the_lambda_authorizer_is_told_everything_and_left_no_default(dev: Synthesis) -> None:
    authorizer = dev.authorizer_of("GET /whoami")
    assert authorizer["AuthorizerPayloadFormatVersion"] == "2.0"
    assert authorizer["EnableSimpleResponses"] is True
    assert authorizer["AuthorizerResultTtlInSeconds"] == 60


def test_the_order_of_routes_names_nothing(dev: Synthesis, folder: Path) -> None:
    """A table that is sorted anew changes the policy's file, and so the authorizer's version."""
    other = synthesise(folder, access=replace(ACCESS, routes=tuple(reversed(ACCESS.routes))))
    names, other_names = (
        {name for name, item in made.all() if item["Type"] != "AWS::Lambda::Version"}
        for made in (dev, other)
    )
    assert names == other_names
    for key in ("GET /orders", "POST /orders"):
        assert other.integration_of(key) == dev.integration_of(key)


def test_a_decision_is_cached_for_one_token_and_one_route(dev: Synthesis) -> None:
    sources = dev.authorizer_of("GET /whoami")["IdentitySource"]
    assert sources == ["$request.header.Authorization", "$context.routeKey"]


def test_the_cache_can_be_turned_off(folder: Path) -> None:
    made = synthesise(folder, authorizer_cache_ttl_seconds=0)
    assert made.authorizer_of("GET /whoami")["AuthorizerResultTtlInSeconds"] == 0


def test_the_built_in_authorizer_accepts_the_pool_and_all_its_clients(dev: Synthesis) -> None:
    authorizer = dev.authorizer_of("GET /me")
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]
    audience = authorizer["JwtConfiguration"]["Audience"]
    *published, page = audience
    clients = [dev.imported(item)["Ref"] for item in published]
    every = [name for name, _ in dev.resources("AWS::Cognito::UserPoolClient")]
    assert [*clients, page["Ref"]] == every


def test_both_issuer_forms_of_the_pool_are_accepted_during_a_switch(folder: Path) -> None:
    made = synthesise(folder, cognito_issuer="updated", accept_both_cognito_issuers=True)
    variables = made.function("authorizer")["Environment"]["Variables"]
    text = "".join(part for part in variables["ISSUERS"]["Fn::Join"][1] if isinstance(part, str))
    assert text.count('"name":"cognito"') == 2
    assert text.index("https://issuer-cognito-idp.") < text.index("https://cognito-idp.")


def test_cors_is_what_the_stage_says(dev: Synthesis, folder: Path) -> None:
    cors = dev.only("AWS::ApiGatewayV2::Api")["CorsConfiguration"]
    assert cors["AllowOrigins"] == ["http://localhost:5173"]
    assert cors["AllowMethods"] == ["DELETE", "GET", "HEAD", "POST"]
    assert cors["AllowHeaders"] == ["authorization", "content-type"]
    assert "AllowCredentials" not in cors
    closed = synthesise(folder, allowed_origins=[]).only("AWS::ApiGatewayV2::Api")
    assert "CorsConfiguration" not in closed


def test_pages_may_send_the_headers_that_the_stage_names(folder: Path) -> None:
    headers = ["authorization", "idempotency-key", "traceparent"]
    made = synthesise(folder, access=table_of("GET /me"), allowed_headers=headers)
    cors = made.only("AWS::ApiGatewayV2::Api")["CorsConfiguration"]
    assert cors["AllowHeaders"] == headers


def test_the_access_log_is_json_with_a_request_id_and_never_a_claim(dev: Synthesis) -> None:
    settings = dev.only("AWS::ApiGatewayV2::Stage")["AccessLogSettings"]
    line = json.loads(settings["Format"])
    assert line["requestId"] == "$context.requestId"
    assert line["routeKey"] == "$context.routeKey"
    assert "claims" not in settings["Format"]
    log_group = settings["DestinationArn"]["Fn::GetAtt"][0]
    assert dev.api["Resources"][log_group]["Properties"]["RetentionInDays"] == 14


def test_a_function_runs_on_graviton_and_the_newest_python(dev: Synthesis) -> None:
    for _, item in dev.resources("AWS::Lambda::Function"):
        assert item["Properties"]["Architectures"] == ["arm64"]
        assert item["Properties"]["Runtime"] == "python3.14"


def test_the_gateway_may_call_a_function_only_for_this_api(dev: Synthesis) -> None:
    permissions = [item["Properties"] for _, item in dev.resources("AWS::Lambda::Permission")]
    permissions = [item for item in permissions if "apigateway" in item["Principal"]]
    routes = list(dev.resources("AWS::ApiGatewayV2::Route"))
    assert len(permissions) == len(routes) + 3  # and each of the three Lambda authorizers
    api_id = {"Ref": "ApiHttpApi4C294DC0"}
    for permission in permissions:
        assert permission["Principal"] == "apigateway.amazonaws.com"
        assert api_id in permission["SourceArn"]["Fn::Join"][1]
