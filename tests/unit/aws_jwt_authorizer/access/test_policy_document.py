import json
from dataclasses import replace

import pytest

from aws_jwt_authorizer.access.conditions import rule_in_words
from aws_jwt_authorizer.access.policy_document import policy_json, print_policy
from aws_jwt_authorizer.access.rules import (
    AnyOf,
    Contains,
    ContainsAny,
    NoOlderThan,
    Not,
    Number,
    PathParameter,
    Route,
    Rule,
    TokenUse,
)
from tests.sample.access import ACCESS


def test_only_routes_behind_the_lambda_authorizer_stand_in_the_policy() -> None:
    policy = json.loads(policy_json(ACCESS))
    assert policy["version"] == 2
    assert list(policy["routes"]) == [
        *("GET /whoami", "GET /orders", "POST /orders", "DELETE /orders/{id}"),
        *("POST /orders/{id}/refund", "GET /users/{user}/orders"),
        *("GET /tenants/{tenant}/orders", "GET /inventory/{item}"),
        *("POST /session/revoke", "POST /admin/revocations"),
    ]


def test_a_rule_is_written_in_full() -> None:
    rule = Rule(
        issuers=("cognito",),
        token_use=TokenUse.ID,
        scopes_all=("orders/read", "orders/write"),
        scopes_any=("openid", "email"),
        groups_any=("admins",),
        claims={
            "tier": "gold",
            "level": 3,
            "staff": True,
            "tenant": PathParameter("tenant"),
            ("realm_access", "roles"): Contains("a", "b"),
            ("a.b",): ContainsAny("c", "d"),
            "score": Number(at_least=1, below=2.5),
            "auth_time": NoOlderThan(900),
            "status": Not("suspended"),
        },
        groups_all=("buyers", "support"),
        check="delegation:in_person",
    )
    table = replace(ACCESS, routes=(Route("GET /x/{tenant}", "orders", "lambda", rule),))
    assert json.loads(policy_json(table))["routes"]["GET /x/{tenant}"] == {
        "in_words": rule_in_words(rule, []),
        "any_of": [
            [
                {"issuers": ["cognito"]},
                {"token_use": "id"},
                {"scopes_all": ["orders/read", "orders/write"]},
                {"scopes_any": ["openid", "email"]},
                {"groups_all": ["buyers", "support"]},
                {"groups_any": ["admins"]},
                {"claim": ["tier"], "must": {"be_one_of": ["gold"]}},
                {"claim": ["level"], "must": {"be_one_of": [3]}},
                {"claim": ["staff"], "must": {"be_one_of": [True]}},
                {"claim": ["tenant"], "must": {"be_one_of": [{"path_parameter": "tenant"}]}},
                {"claim": ["realm_access", "roles"], "must": {"contain_all": ["a", "b"]}},
                {"claim": ["a.b"], "must": {"contain_any": ["c", "d"]}},
                {"claim": ["score"], "must": {"be_number": {"at_least": 1, "below": 2.5}}},
                {"claim": ["auth_time"], "must": {"be_no_older_than_seconds": 900}},
                {"claim": ["status"], "must": {"not": {"be_one_of": ["suspended"]}}},
                {"check": "delegation:in_person"},
            ]
        ],
        "cookie": False,
    }


def test_a_route_may_have_several_rules() -> None:
    asked = AnyOf(Rule(groups_any=("admins",)), Rule(claims={"sub": PathParameter("id")}))
    table = replace(ACCESS, routes=(Route("GET /x/{id}", "orders", "lambda", asked),))
    [route] = json.loads(policy_json(table))["routes"].values()
    assert route["any_of"] == [
        [{"groups_any": ["admins"]}],
        [{"claim": ["sub"], "must": {"be_one_of": [{"path_parameter": "id"}]}}],
    ]


def test_any_token_asks_for_nothing() -> None:
    assert json.loads(policy_json(ACCESS))["routes"]["GET /whoami"] == {
        "in_words": "a token of cognito or partner or machines",
        "any_of": [[]],
        "cookie": False,
    }


def test_a_route_that_takes_a_cookie_says_so() -> None:
    route = Route("GET /x", "orders", "lambda", Rule(), cookie=True)
    policy = json.loads(policy_json(replace(ACCESS, routes=(route,))))
    assert policy["routes"]["GET /x"]["cookie"] is True


def test_a_bad_table_is_answered_with_one_line_and_status_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert print_policy(replace(ACCESS, routes=())) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "stacks/access.py: ROUTES: name at least one route\n"
