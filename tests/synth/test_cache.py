"""What the gateway's cache of decisions tells apart, and that nothing can make it tell less."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigwv2

from aws_jwt_authorizer.access.rules import (
    AccessTable,
    AnyOf,
    NoOlderThan,
    PathParameter,
    Route,
    Rule,
)
from stacks import assembly
from tests.sample.access import ACCESS
from tests.sample.paths import CDK_JSON
from tests.synth.synthesis import Synthesis, synthesise, table_of

OF_TENANT = Rule(issuers=("cognito",), claims={"tenant": PathParameter("tenant")})
TWO_PARAMETERS = "GET /tenants/{tenant}/orders/{id}"
COOKIE_ROUTE = Route("GET /cookie", "whoami", "lambda", Rule(), cookie=True)
SMALL = table_of("GET /whoami", "GET /orders", "GET /tenants/{tenant}/orders")


@pytest.mark.parametrize("key", ["GET /tenants/{tenant}/orders", TWO_PARAMETERS])
def test_a_decision_by_the_path_is_not_cached(folder: Path, key: str) -> None:
    route = Route(TWO_PARAMETERS, "orders", "lambda", OF_TENANT)
    access = table_of("GET /whoami", "GET /tenants/{tenant}/orders", route)
    made = synthesise(folder, access=access)
    assert made.authorizer_of(key)["AuthorizerResultTtlInSeconds"] == 0
    assert made.authorizer_of("GET /whoami")["AuthorizerResultTtlInSeconds"] == 60


@pytest.mark.parametrize(
    "rule",
    [
        Rule(issuers=("cognito",), claims={"auth_time": NoOlderThan(900)}),
        Rule(check="delegation:in_person"),
        AnyOf(Rule(issuers=("cognito",)), OF_TENANT),
    ],
    ids=["the clock", "a check of the user's own", "one rule of several"],
)
def test_a_decision_by_what_no_cache_key_holds_is_not_cached(
    folder: Path, rule: Rule | AnyOf
) -> None:
    route = Route(TWO_PARAMETERS, "orders", "lambda", rule)
    made = synthesise(folder, access=table_of("GET /whoami", route))
    assert made.authorizer_of(TWO_PARAMETERS)["AuthorizerResultTtlInSeconds"] == 0


def test_one_function_stands_behind_every_lambda_authorizer(dev: Synthesis) -> None:
    every = [item["Properties"] for _, item in dev.resources("AWS::ApiGatewayV2::Authorizer")]
    uris = [str(item["AuthorizerUri"]) for item in every if item["AuthorizerType"] == "REQUEST"]
    assert len(uris) == 3
    assert len(set(uris)) == 1
    for item in every:
        if item["AuthorizerType"] == "REQUEST":
            assert item["EnableSimpleResponses"] is True
            assert item["AuthorizerPayloadFormatVersion"] == "2.0"


def built(folder: Path, access: AccessTable = SMALL) -> tuple[cdk.App, dict[str, Any]]:
    """The app before synth, and its Lambda authorizers by name."""
    made = assembly.new_app(CDK_JSON, str(folder))
    made.node.set_context("aws:cdk:bundling-stacks", [])
    assembly.build(made, access)
    every = made.node.find_child("jwt-authorizer-dev-api").node.find_all()
    return made, {item.name: item for item in every if isinstance(item, apigwv2.CfnAuthorizer)}


def test_a_cache_that_would_answer_for_another_route_stops_synth(folder: Path) -> None:
    made, authorizers = built(folder)
    authorizers["TokenAuthorizer"].identity_source = ["$request.header.Authorization"]
    with pytest.raises(RuntimeError) as caught:
        made.synth()
    text = "GET /whoami: its authorizer's cache must tell routes apart: $context.routeKey"
    assert text in str(caught.value)


@pytest.mark.parametrize("key", ["GET /tenants/{tenant}/orders", TWO_PARAMETERS])
@pytest.mark.parametrize("ttl_seconds", [1, None])
def test_a_cache_of_decisions_by_the_path_stops_synth(
    folder: Path, key: str, ttl_seconds: int | None
) -> None:
    route = Route(key, "orders", "lambda", OF_TENANT)
    made, authorizers = built(folder, replace(ACCESS, routes=(route,)))
    uncached = authorizers["TokenAuthorizerUncached"]
    uncached.authorizer_result_ttl_in_seconds = ttl_seconds
    uncached.identity_source = [
        *("$request.header.Authorization", "$context.routeKey", "$context.path")
    ]
    with pytest.raises(RuntimeError) as caught:
        made.synth()
    assert f"{key}: its decision depends on the path as it was sent: TTL 0" in str(caught.value)


def test_a_token_in_a_cookie_is_never_cached_and_nothing_is_asked_for(folder: Path) -> None:
    made = synthesise(folder, access=table_of("GET /whoami", COOKIE_ROUTE))
    authorizer = made.authorizer_of(COOKIE_ROUTE.key)
    assert authorizer["AuthorizerResultTtlInSeconds"] == 0
    assert "IdentitySource" not in authorizer
    assert made.authorizer_of("GET /whoami")["AuthorizerResultTtlInSeconds"] == 60
    assert authorizer["AuthorizerUri"] == made.authorizer_of("GET /whoami")["AuthorizerUri"]


@pytest.mark.parametrize(
    ("ttl_seconds", "sources", "problem"),
    [
        (1, [], "its token may be in a cookie, which no cache key holds: TTL 0"),
        (None, [], "its token may be in a cookie, which no cache key holds: TTL 0"),
        (0, ["$context.routeKey"], "its token may be in a cookie instead: no identity source"),
        (
            60,
            ["$request.header.Authorization", "$context.routeKey"],
            "its token may be in a cookie instead: no identity source",
        ),
    ],
)
def test_a_cache_or_a_demand_on_a_route_that_takes_a_cookie_stops_synth(
    folder: Path, ttl_seconds: int | None, sources: list[str], problem: str
) -> None:
    made, authorizers = built(folder, replace(ACCESS, routes=(COOKIE_ROUTE,)))
    authorizers["TokenOrCookieAuthorizer"].authorizer_result_ttl_in_seconds = ttl_seconds
    authorizers["TokenOrCookieAuthorizer"].identity_source = sources
    with pytest.raises(RuntimeError) as caught:
        made.synth()
    assert f"{COOKIE_ROUTE.key}: {problem}" in str(caught.value)


def test_without_a_cache_nothing_must_be_told_apart(folder: Path) -> None:
    made, authorizers = built(folder)
    for name, authorizer in authorizers.items():
        if authorizer.authorizer_type == "REQUEST" and name != "TokenOrCookieAuthorizer":
            authorizer.authorizer_result_ttl_in_seconds = 0
            authorizer.identity_source = ["$request.header.Authorization"]
    made.synth()
