"""Your table: every rule lets somebody in and keeps somebody out, as the authorizer decides it."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app import APP
from authorizer.handler import build
from authorizer.policy import Decision, RoutePolicy
from authorizer.response import Unauthorized
from authorizer.route import RouteKey
from authorizer.settings import Settings
from aws_jwt_authorizer.access.cache_key import path_parameters
from aws_jwt_authorizer.access.conditions import Rule, rules_of
from aws_jwt_authorizer.access.policy_document import policy_json
from aws_jwt_authorizer.access.rules import AccessTable, Route
from jwt_verifier.tokens import VerifiedToken
from tests.your_app.callers import IN_THE_PATH, NOW, insider, outsiders
from tests.your_app.stages import STAGES, stage_of

ROOT = Path(__file__).parents[2]
RULED = [
    pytest.param(stage, route, rule, id=f"{stage}-{route.key}-{number}")
    for stage in STAGES
    for route in stage_of(stage).table.routes
    for number, rule in enumerate(rules_of(route.rule), 1)
]
every_rule = pytest.mark.parametrize(("stage", "route", "rule"), RULED)


def policy_of(table: AccessTable, route: Route, rule: Rule) -> RoutePolicy:
    """The authorizer's own reading of one rule of a route, whichever authorizer the route has."""
    alone = replace(route, authorizer="lambda", rule=replace(rule, check=None))
    return RoutePolicy.from_json(policy_json(replace(table, routes=(alone,))).encode())


def decision(table: AccessTable, route: Route, rule: Rule, token: VerifiedToken) -> Decision:
    parameters = dict.fromkeys(path_parameters(route.key), IN_THE_PATH)
    policy = policy_of(table, route, rule)
    return policy.decide(token, RouteKey(route.key), parameters, NOW)


@every_rule
def test_a_rule_lets_somebody_in(stage: str, route: Route, rule: Rule) -> None:
    table = stage_of(stage).table
    decided = decision(table, route, rule, insider(rule, table))
    assert decided == Decision(allowed=True, reason="allowed")


@every_rule
def test_a_rule_keeps_out_who_lacks_one_thing_that_it_asks_for(
    stage: str, route: Route, rule: Rule
) -> None:
    table = stage_of(stage).table
    for outsider in outsiders(rule, table):
        decided = decision(table, route, rule, outsider.token)
        assert not decided.allowed, f"{route.key} lets somebody in without {outsider.lacks}"


@every_rule
def test_a_rule_keeps_out_who_has_no_token(stage: str, route: Route, rule: Rule) -> None:
    """A rule that asks for nothing asks for a token all the same."""
    issuer = {"name": "own", "issuer": "https://issuer.example", "audiences": ["api"]}
    settings = Settings.from_env({"ISSUERS": json.dumps([issuer]), "POLICY_FILE": "policy.json"})
    authorize = build(settings, policy_of(stage_of(stage).table, route, rule))
    event = {
        "version": "2.0",
        "type": "REQUEST",
        "routeKey": route.key,
        "identitySource": [],
        "rawPath": "/",
        "headers": {},
        "requestContext": {"requestId": "request-1", "routeKey": route.key},
    }
    with pytest.raises(Unauthorized):
        authorize(event)


@pytest.mark.parametrize("stage", STAGES)
def test_every_route_says_who_may_call_it(stage: str) -> None:
    for route in stage_of(stage).table.routes:
        assert (route.authorizer == "public") is (route.rule is None), route.key


def test_the_command_prints_the_policy_that_is_bundled() -> None:
    done = subprocess.run(  # our own module
        [sys.executable, "-m", "stacks.access"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == policy_json(APP.access)
