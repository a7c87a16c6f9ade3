import json
from dataclasses import replace
from typing import Any

import pytest

from aws_jwt_authorizer.access.rules import (
    AccessTable,
    Issuer,
    PathParameter,
    Route,
    Rule,
    TokenUse,
)
from stacks.browser.page_routes import page_routes_json, rule_in_words
from tests.sample.access import ACCESS

ISSUERS = (Issuer("cognito"), Issuer("partner", "https://partner.example"))


def table(*routes: Route) -> AccessTable:
    return replace(ACCESS, issuers=ISSUERS, routes=routes)


def shown(*routes: Route) -> list[dict[str, Any]]:
    document = json.loads(page_routes_json(table(*routes), "cognito"))
    items: list[dict[str, Any]] = document["routes"]
    return items


def test_a_public_route_asks_for_nothing() -> None:
    [route] = shown(Route("GET /health", "health", "public"))
    assert route == {
        "key": "GET /health",
        "authorizer": "public",
        "public": True,
        "cookie": False,
        "rule_in_words": "anybody, without a token",
        "rule": None,
        "sample_body": None,
    }


def test_a_route_shows_its_rule_as_the_policy_has_it() -> None:
    rule = Rule(("cognito",), TokenUse.ACCESS, scopes_all=("orders/write",))
    [route] = shown(Route("POST /orders", "orders", "lambda", rule))
    assert route["rule"] == {
        "issuers": ["cognito"],
        "token_use": "access",
        "scopes_all": ["orders/write"],
        "scopes_any": [],
        "groups_any": [],
        "claims": {},
    }
    assert route["sample_body"] == {"item": "lamp", "quantity": 2}


def test_the_built_in_authorizer_takes_any_of_the_scopes() -> None:
    rule = Rule(("partner",), scopes_all=("orders:read",))
    [route] = shown(Route("GET /partner/orders", "partner_orders", "jwt", rule))
    assert (route["rule"]["scopes_all"], route["rule"]["scopes_any"]) == ([], ["orders:read"])


def test_the_pages_own_routes_are_not_shown() -> None:
    own = [
        Route(key, "page", "public")
        for key in ("GET /app", "GET /app/{file+}", "GET /session/me", "POST /session/logout")
    ]
    assert [item["key"] for item in shown(*own, Route("GET /apples", "health", "public"))] == [
        "GET /apples"
    ]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(), "a token of cognito or partner"),
        (Rule(token_use=TokenUse.ID), "an ID token of cognito or partner"),
        (
            Rule(("cognito",), TokenUse.ACCESS, scopes_all=("a", "b"), scopes_any=("c", "d")),
            "an access token of cognito with the scopes a, b and the scope c or d",
        ),
        (
            Rule(("cognito",), groups_any=("admins", "support")),
            "a token of cognito with membership of admins or support",
        ),
        (
            Rule(("cognito",), claims={"tenant": PathParameter("tenant"), "beta": True}),
            "a token of cognito with the claim tenant equal to {tenant} of the path and the claim beta equal to true",
        ),
    ],
)
def test_a_rule_is_told_in_words(rule: Rule, words: str) -> None:
    assert rule_in_words(rule, table()) == words


def test_the_page_is_told_the_name_of_the_issuer_that_it_signs_in_through() -> None:
    assert json.loads(page_routes_json(ACCESS, "partner"))["issuer_name"] == "partner"


def test_equal_tables_give_equal_bytes_that_end_in_a_newline() -> None:
    first, second = (page_routes_json(item, "cognito") for item in (ACCESS, replace(ACCESS)))
    assert first == second
    assert first.endswith("}\n")
