"""The callers that `tests/your_app` derives, for every word that a rule may use."""

from dataclasses import replace

import pytest

from authorizer.policy import RoutePolicy
from authorizer.route import RouteKey
from aws_jwt_authorizer.access.policy_document import policy_json
from aws_jwt_authorizer.access.rules import (
    ClaimValue,
    Contains,
    ContainsAny,
    NoOlderThan,
    Not,
    Number,
    OneOf,
    PathParameter,
    Route,
    Rule,
    TokenUse,
)
from tests.sample.access import ACCESS
from tests.your_app.callers import IN_THE_PATH, NOW, insider, outsiders

KEY = "GET /x/{name}"
NAME = PathParameter("name")
VALUES: list[ClaimValue] = [
    *("gold", 3, True, NAME, OneOf("a", "b"), OneOf(1, 2), OneOf(NAME, "a")),
    *(Contains("a", NAME), ContainsAny("a", "b"), NoOlderThan(900)),
    *(Number(at_least=1), Number(above=1), Number(at_most=1), Number(below=1)),
    *(Number(at_least=1, below=2), Number(above=0, at_most=1)),
    *(Not("gold"), Not(3), Not(of=True), Not(NAME), Not(OneOf("a", "b")), Not(OneOf(1, 2))),
    *(Not(Contains("a")), Not(ContainsAny("a", "b"))),
    *(Not(Number(at_least=1)), Not(Number(below=1)), Not(Number(above=1, at_most=2))),
]
RULES = [
    Rule(issuers=("cognito",)),
    Rule(token_use=TokenUse.ID),
    Rule(scopes_all=("a", "b")),
    Rule(scopes_any=("a", "b")),
    Rule(groups_all=("a", "b")),
    Rule(groups_any=("a", "b")),
    Rule(claims={("outer", "inner"): "a", ("outer", "other"): "b"}),
    *(Rule(claims={"claim": value}) for value in VALUES),
]


def allows(rule: Rule) -> list[bool]:
    table = replace(ACCESS, routes=(Route(KEY, "health", "lambda", rule),))
    policy = RoutePolicy.from_json(policy_json(table).encode())
    callers = [insider(rule, table), *(outsider.token for outsider in outsiders(rule, table))]
    return [
        policy.decide(caller, RouteKey(KEY), {"name": IN_THE_PATH}, NOW).allowed
        for caller in callers
    ]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_of_the_callers_of_a_rule_the_first_alone_passes(rule: Rule) -> None:
    first, *others = allows(rule)
    assert first
    assert others
    assert not any(others)
