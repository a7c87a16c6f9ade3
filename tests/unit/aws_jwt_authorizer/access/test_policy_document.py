import json
from dataclasses import replace

import pytest

from aws_jwt_authorizer.access.policy_document import policy_json, print_policy
from aws_jwt_authorizer.access.rules import PathParameter, Route, Rule, TokenUse
from tests.sample.access import ACCESS


def test_only_routes_behind_the_lambda_authorizer_stand_in_the_policy() -> None:
    policy = json.loads(policy_json(ACCESS))
    assert policy["version"] == 1
    assert list(policy["routes"]) == [
        *("GET /whoami", "GET /orders", "POST /orders", "DELETE /orders/{id}"),
        *("GET /tenants/{tenant}/orders", "GET /inventory/{item}"),
    ]


def test_a_rule_is_written_in_full() -> None:
    rule = Rule(
        issuers=("cognito",),
        token_use=TokenUse.ID,
        scopes_all=("orders/read", "orders/write"),
        scopes_any=("openid", "email"),
        groups_any=("admins",),
        claims={"tier": "gold", "level": 3, "staff": True, "tenant": PathParameter("tenant")},
    )
    table = replace(ACCESS, routes=(Route("GET /x/{tenant}", "orders", "lambda", rule),))
    assert json.loads(policy_json(table))["routes"]["GET /x/{tenant}"] == {
        "issuers": ["cognito"],
        "token_use": "id",
        "scopes_all": ["orders/read", "orders/write"],
        "scopes_any": ["openid", "email"],
        "groups_any": ["admins"],
        "claims": {
            "tier": "gold",
            "level": 3,
            "staff": True,
            "tenant": {"path_parameter": "tenant"},
        },
        "cookie": False,
    }


def test_any_token_asks_for_nothing() -> None:
    assert json.loads(policy_json(ACCESS))["routes"]["GET /whoami"] == {
        "issuers": [],
        "token_use": None,
        "scopes_all": [],
        "scopes_any": [],
        "groups_any": [],
        "claims": {},
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
