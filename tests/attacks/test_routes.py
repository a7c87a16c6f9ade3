"""Rows P5 to P7: a decision is for one route, as the gateway matched it, and for one moment."""

from typing import Any

import pytest

from tests.attacks.bench import Bench
from tests.attacks.forge import Mint
from tests.attacks.gateway_event import ROUTE_KEY, gateway_event
from tests.attacks.target import Target, policy_of

ADMIN_ROUTE = "DELETE /orders/{id}"


@pytest.fixture(scope="module")
def target(bench: Bench) -> Target:
    rules = {"orders": {"scopes_all": ["orders/read"]}, ADMIN_ROUTE: {"groups_any": ["admin"]}}
    return bench.target(policy=policy_of(**rules))


def _event(mint: Mint, route_key: object, **changes: Any) -> dict[str, Any]:
    value = f"Bearer {mint.token()}"
    event = gateway_event(value, routeKey=route_key, identitySource=[value, route_key])
    event["requestContext"]["routeKey"] = route_key
    return {**event, **changes}


def test_a_decision_for_one_route_is_not_used_for_another(target: Target, mint: Mint) -> None:
    """P5: the same token, now here, now there; nothing is remembered."""
    for _ in range(3):
        assert target.judge(_event(mint, ROUTE_KEY)).status == 200
        assert target.judge(_event(mint, ADMIN_ROUTE)).status == 403


@pytest.mark.parametrize(
    "route_key",
    [
        "$default",
        "ANY /orders",
        "GET /orders/",
        "GET //orders",
        "GET /Orders",
        "get /orders",
        "GET  /orders",
        "GET /orders ",
        "GET %2Forders",
        "GET /orders?x=1",
        "POST /orders",
        "DELETE /orders/7",
        "/orders",
        "GET",
        "*",
        "",
        None,
        7,
        ["GET /orders"],
        {"GET /orders": 1},
    ],
    ids=str,
)
def test_a_route_without_a_rule_is_denied(route_key: object, target: Target, mint: Mint) -> None:
    """P6: nothing is normalised and nothing is the default."""
    verdict = target.judge(_event(mint, route_key))
    assert (verdict.status, verdict.reason) == (403, "route_not_in_policy")


@pytest.mark.parametrize("path", ["/orders", "/orders/", "//orders", "/a/../orders", "/%6Frders"])
def test_the_path_of_the_request_counts_for_nothing(path: str, target: Target, mint: Mint) -> None:
    """P6: the gateway has matched a route; its key is the only thing that we go by."""
    allowed = _event(mint, ROUTE_KEY, rawPath="/orders/7")
    assert target.judge(allowed).status == 200
    denied = _event(mint, ADMIN_ROUTE, rawPath=path)
    denied["requestContext"]["http"] = {"method": "GET", "path": path}
    assert target.judge(denied).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"x-http-method-override": "GET"},
        {"x-http-method": "GET"},
        {"x-method-override": "GET"},
        {"x-original-url": "/orders"},
        {"x-rewrite-url": "/orders"},
        {"x-forwarded-uri": "/orders"},
        {"x-forwarded-prefix": "/dev"},
        {"x-amzn-route-key": ROUTE_KEY},
    ],
    ids=str,
)
def test_override_headers_count_for_nothing(
    headers: dict[str, str], target: Target, mint: Mint
) -> None:
    """P7: they change neither a denial nor an allowance."""
    for route_key, status in ((ADMIN_ROUTE, 403), (ROUTE_KEY, 200)):
        event = _event(mint, route_key)
        event["headers"].update(headers)
        assert target.judge(event).status == status


def test_a_stage_in_the_path_counts_for_nothing(target: Target, mint: Mint) -> None:
    """P7: a named stage stands before rawPath, and not in the route key."""
    event = _event(mint, ROUTE_KEY, rawPath="/dev/orders")
    event["requestContext"]["stage"] = "dev"
    assert target.judge(event).status == 200
    assert target.judge(_event(mint, "GET /dev/orders")).status == 403


def test_route_keys_that_contradict_each_other_are_denied(target: Target, mint: Mint) -> None:
    """P7: either way round, and if only the inner one is there."""
    for outer, inner in ((ROUTE_KEY, ADMIN_ROUTE), (ADMIN_ROUTE, ROUTE_KEY), (None, ROUTE_KEY)):
        event = _event(mint, outer)
        event["requestContext"]["routeKey"] = inner
        verdict = target.judge(event)
        assert (verdict.status, verdict.reason) == (403, "route_not_in_policy")
