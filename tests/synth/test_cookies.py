"""From a table whose routes take a cookie to the authorizer that reads it, over the template."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from authorizer.policy import RoutePolicy
from authorizer.route import RouteKey
from authorizer.settings import Settings
from aws_jwt_authorizer.access.rules import Route, Rule
from aws_jwt_authorizer.bundling.target import deployed_target
from local.template.local_app import LambdaAuthorizerConfig
from local.this_app.synthesis.stage_app import read_this_app
from stacks import assembly
from stacks.authorizer.token_authorizer import TokenAuthorizer
from stacks.identity.pool_tokens import PoolTokens
from stacks.revocation.revocation_table import RevocationTable
from stacks.stage.config import stage_config
from tests.sample.access import ACCESS
from tests.sample.paths import CDK_JSON
from tests.synth.synthesis import Synthesis, synthesise

POOL_URL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab3dE6gH9"
POOL = PoolTokens("eu-west-1_Ab3dE6gH9", POOL_URL, (POOL_URL,), ("client-1",))
COOKIE = Route("GET /cookie", "whoami", "lambda", Rule(), cookie=True)
HEADER = Route("GET /header", "whoami", "lambda", Rule())


def variables(folder: Path, *routes: Route, **told: Any) -> dict[str, Any]:
    """The environment of an authorizer that stands alone in a stack."""
    made = assembly.new_app(CDK_JSON, str(folder))
    made.node.set_context("aws:cdk:bundling-stacks", [])
    stack = cdk.Stack(made, "alone")
    config = stage_config("dev", made.node.try_get_context("stages"), None)
    TokenAuthorizer(
        stack,
        "TokenAuthorizer",
        config=config,
        target=deployed_target(),
        access=replace(ACCESS, issuers=ACCESS.issuers[:1], routes=routes),
        pool=POOL,
        revocations=RevocationTable(stack, "Revocations", config=config),
        **told,
    )
    made.synth()
    template = json.loads((folder / "alone.template.json").read_text())
    [function] = [
        item["Properties"]
        for item in template["Resources"].values()
        if item["Type"] == "AWS::Lambda::Function"
    ]
    found: dict[str, Any] = function["Environment"]["Variables"]
    return found


def test_the_origins_reach_the_function_where_a_route_takes_a_cookie(folder: Path) -> None:
    origins = ["https://app.example", "https://abcde12345.execute-api.eu-west-1.amazonaws.com"]
    told = variables(folder, HEADER, COOKIE, cookie_origins=origins)
    assert Settings.from_env(told).cookie_origins == set(origins)


def test_an_origin_may_be_known_only_once_it_is_deployed(folder: Path) -> None:
    parameter = cdk.Fn.import_value("api-url")
    told = variables(folder, COOKIE, cookie_origins=[parameter])["COOKIE_ORIGINS"]
    assert told == {"Fn::Join": ["", ['["', {"Fn::ImportValue": "api-url"}, '"]']]}


def test_without_an_origin_a_route_that_takes_a_cookie_is_told_of_none(folder: Path) -> None:
    assert Settings.from_env(variables(folder, COOKIE)).cookie_origins == frozenset()


def test_where_no_route_takes_a_cookie_no_origin_is_told(folder: Path) -> None:
    told = variables(folder, HEADER, cookie_origins=["https://app.example"])
    assert "COOKIE_ORIGINS" not in told
    assert Settings.from_env(told).cookie_origins == frozenset()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    """The stage that is bundled for this machine, with one route of each kind."""
    table = replace(ACCESS, routes=(COOKIE, HEADER))
    folder = tmp_path_factory.mktemp("cookies")
    return synthesise(
        folder, "local", access=table, bundled=True, kms_issuer=False, http_backends={}
    )


def test_the_policy_in_the_bundle_says_which_routes_take_a_cookie(made: Synthesis) -> None:
    policy = RoutePolicy.from_file(made.bundle("authorizer") / "policy.json")
    assert policy.takes_cookie(RouteKey(COOKIE.key))
    assert not policy.takes_cookie(RouteKey(HEADER.key))


def test_the_local_gateway_asks_the_authorizer_without_any_identity_source(
    made: Synthesis,
) -> None:
    routes = {route.key: route.authorizer for route in read_this_app(made.folder).api.routes}
    cookie, header = routes[COOKIE.key], routes[HEADER.key]
    assert isinstance(cookie, LambdaAuthorizerConfig)
    assert isinstance(header, LambdaAuthorizerConfig)
    assert (cookie.identity_sources, cookie.ttl_seconds) == ((), 0)
    assert header.identity_sources == ("$request.header.Authorization", "$context.routeKey")
    assert cookie.function_name == header.function_name
