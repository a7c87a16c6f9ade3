import json
from dataclasses import replace
from typing import Any

from aws_jwt_authorizer.access.policy_document import policy_json
from aws_jwt_authorizer.access.rules import AccessTable, Issuer, Route, Rule, TokenUse
from stacks.browser.page_routes import page_routes_json
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
        "any_of": [],
        "sample_body": None,
    }


def test_a_route_shows_its_rule_as_the_policy_has_it() -> None:
    rule = Rule(("cognito",), TokenUse.ACCESS, scopes_all=("orders/write",))
    [route] = shown(Route("POST /orders", "orders", "lambda", rule))
    assert route["any_of"] == [
        [
            {"issuers": ["cognito"], "in_words": "the issuer cognito"},
            {"token_use": "access", "in_words": "the use access"},
            {"scopes_all": ["orders/write"], "in_words": "the scope orders/write"},
        ]
    ]
    assert route["sample_body"] == {"item": "lamp", "quantity": 2}


def test_the_pages_own_routes_are_not_shown() -> None:
    own = [
        Route(key, "page", "public")
        for key in ("GET /app", "GET /app/{file+}", "GET /session/me", "POST /session/logout")
    ]
    assert [item["key"] for item in shown(*own, Route("GET /apples", "health", "public"))] == [
        "GET /apples"
    ]


def test_a_route_shows_its_rule_in_the_words_of_the_policy() -> None:
    route = Route("GET /x", "orders", "lambda", Rule(("cognito",), groups_any=("admins",)))
    [found] = shown(route)
    policy = json.loads(policy_json(table(route)))
    assert found["rule_in_words"] == policy["routes"]["GET /x"]["in_words"]


def test_the_page_is_told_the_name_of_the_issuer_that_it_signs_in_through() -> None:
    assert json.loads(page_routes_json(ACCESS, "partner"))["issuer_name"] == "partner"


def test_the_page_is_told_whether_the_api_can_end_its_session() -> None:
    without = tuple(route for route in ACCESS.routes if route.backend != "revocations")
    for routes, ends in ((ACCESS.routes, True), (without, False)):
        document = json.loads(page_routes_json(replace(ACCESS, routes=routes), "cognito"))
        assert document["revokes_sessions"] is ends


def test_equal_tables_give_equal_bytes_that_end_in_a_newline() -> None:
    first, second = (page_routes_json(item, "cognito") for item in (ACCESS, replace(ACCESS)))
    assert first == second
    assert first.endswith("}\n")
