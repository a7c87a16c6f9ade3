import pytest

from aws_jwt_authorizer.access.cache_key import CacheKey, cache_key
from aws_jwt_authorizer.access.rules import (
    AnyOf,
    Contains,
    ContainsAny,
    NoOlderThan,
    Not,
    OneOf,
    PathParameter,
    Route,
    Rule,
)

PARAMETER = PathParameter("tenant")
OF_TENANT = Rule(claims={"tenant": PathParameter("tenant")})


@pytest.mark.parametrize(
    ("key", "rule", "kept_by"),
    [
        ("GET /orders", None, CacheKey.ROUTE),
        ("GET /orders/{id}", Rule(), CacheKey.ROUTE),
        ("GET /t/{tenant}", Rule(claims={"tenant": "acme"}), CacheKey.ROUTE),
        ("GET /t/{tenant}", OF_TENANT, CacheKey.NOTHING),
        ("GET /t/{tenant+}", OF_TENANT, CacheKey.NOTHING),
        ("GET /t/{tenant}/orders", OF_TENANT, CacheKey.NOTHING),
        ("GET /t/{tenant}/orders/{id}", OF_TENANT, CacheKey.NOTHING),
        ("GET /{tenant}/{rest+}", OF_TENANT, CacheKey.NOTHING),
        ("GET /t/{tenant}", Rule(claims={"tenant": OneOf("a", "b")}), CacheKey.ROUTE),
        ("GET /t/{tenant}", Rule(claims={"t": Not(Contains("a"))}), CacheKey.ROUTE),
        ("GET /t/{tenant}", Rule(claims={"t": Not(PathParameter("tenant"))}), CacheKey.NOTHING),
        ("GET /t/{tenant}", Rule(claims={"t": Contains("a", PARAMETER)}), CacheKey.NOTHING),
        ("GET /t/{tenant}", Rule(claims={"t": Not(ContainsAny(PARAMETER))}), CacheKey.NOTHING),
        ("GET /t/{tenant}", Rule(claims={"auth_time": NoOlderThan(9)}), CacheKey.NOTHING),
        ("GET /t/{tenant}", Rule(check="delegation:in_person"), CacheKey.NOTHING),
        ("GET /t/{tenant}", AnyOf(Rule(), Rule()), CacheKey.ROUTE),
        ("GET /t/{tenant}", AnyOf(Rule(), OF_TENANT), CacheKey.NOTHING),
    ],
)
def test_a_decision_is_kept_by_all_that_it_depends_on(
    key: str, rule: Rule | AnyOf | None, kept_by: CacheKey
) -> None:
    assert cache_key(Route(key, "orders", "lambda", rule)) is kept_by


@pytest.mark.parametrize("rule", [Rule(), OF_TENANT])
def test_a_decision_about_a_token_in_a_cookie_is_not_kept(rule: Rule) -> None:
    route = Route("GET /t/{tenant}", "orders", "lambda", rule, cookie=True)
    assert cache_key(route) is CacheKey.COOKIE
