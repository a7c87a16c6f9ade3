import io
import json
from types import ModuleType
from typing import Any

import pytest

import health.handler
import me.handler
import orders.handler
import partner_orders.handler
import whoami.handler
from function_kit.backend import logger

CALLER = {"sub": "u-1", "client_id": "c-1", "scope": "orders/read orders/write", "exp": 1}
CLAIMS = {"sub": "u-1", "exp": "1787996002", "cognito:groups": "[admins support]"}
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1LTEifQ.c2ln"
MODULES = [health.handler, me.handler, whoami.handler, partner_orders.handler]


def event(route_key: str, authorizer: Any = None, **more: Any) -> dict[str, Any]:
    context = {"requestId": "r-1", "routeKey": route_key}
    if authorizer is not None:
        context["authorizer"] = authorizer
    headers = {"authorization": f"Bearer {TOKEN}"}
    return {"routeKey": route_key, "headers": headers, "requestContext": context, **more}


def answer(module: ModuleType, given: dict[str, Any]) -> tuple[int, Any]:
    response = module.handler(given, None)
    assert response["headers"] == {
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "content-type": "application/json",
        "cross-origin-resource-policy": "same-origin",
        "strict-transport-security": "max-age=63072000",
        "x-content-type-options": "nosniff",
    }
    return response["statusCode"], json.loads(response["body"])


def test_health_answers_anyone() -> None:
    assert answer(health.handler, event("GET /health")) == (200, {"status": "ok"})


def test_me_shows_the_claims_as_the_gateway_hands_them_over() -> None:
    jwt = {"claims": CLAIMS, "scopes": None}
    assert answer(me.handler, event("GET /me", {"jwt": jwt})) == (200, jwt)


def test_me_shows_the_scopes_of_a_route_that_asks_for_scopes() -> None:
    jwt = {"claims": CLAIMS, "scopes": ["orders/read"]}
    assert answer(me.handler, event("GET /me", {"jwt": jwt})) == (200, jwt)


def test_whoami_shows_the_context_of_the_lambda_authorizer() -> None:
    assert answer(whoami.handler, event("GET /whoami", {"lambda": CALLER})) == (200, CALLER)


def test_a_partner_sees_its_orders_and_whom_we_take_it_for() -> None:
    claims = {**CLAIMS, "iss": "https://login.partner.example"}
    jwt = {"jwt": {"claims": claims, "scopes": ["orders:read"]}}
    status, body = answer(partner_orders.handler, event("GET /partner/orders", jwt))
    assert (status, body["issuer"], body["sub"]) == (200, "https://login.partner.example", "u-1")
    assert body["orders"]


@pytest.mark.parametrize(
    "authorizer", [None, {}, {"lambda": None}, {"lambda": {}}, {"jwt": None}, {"jwt": {}}]
)
@pytest.mark.parametrize(
    ("module", "route_key"),
    [
        (me.handler, "GET /me"),
        (whoami.handler, "GET /whoami"),
        (orders.handler, "GET /orders"),
        (orders.handler, "POST /orders"),
        (orders.handler, "DELETE /orders/{id}"),
        (orders.handler, "POST /orders/{id}/refund"),
        (orders.handler, "GET /users/{user}/orders"),
        (orders.handler, "GET /tenants/{tenant}/orders"),
        (partner_orders.handler, "GET /partner/orders"),
    ],
)
def test_a_backend_refuses_whom_no_authorizer_has_passed(
    module: ModuleType, route_key: str, authorizer: Any
) -> None:
    status, body = answer(module, event(route_key, authorizer))
    assert status == 403
    assert "authorizer has passed this request" in body["message"]


def test_a_backend_does_not_take_one_authorizer_for_the_other() -> None:
    assert answer(me.handler, event("GET /me", {"lambda": CALLER}))[0] == 403
    jwt = {"jwt": {"claims": CLAIMS, "scopes": None}}
    assert answer(whoami.handler, event("GET /whoami", jwt))[0] == 403
    assert answer(orders.handler, event("GET /orders", jwt))[0] == 403
    assert answer(partner_orders.handler, event("GET /x", {"lambda": CALLER}))[0] == 403


@pytest.mark.parametrize("module", MODULES)
def test_a_backend_logs_the_request_and_never_a_token(module: Any) -> None:
    lines = io.StringIO()
    stream: Any = logger.registered_handler
    stream.setStream(lines)
    authorizer = {"lambda": CALLER, "jwt": {"claims": CLAIMS, "scopes": None}}
    given = event("GET /orders", authorizer)
    answer(module, given)
    line = json.loads(lines.getvalue())
    assert (line["request_id"], line["route_key"], line["status"]) == ("r-1", "GET /orders", 200)
    assert TOKEN not in lines.getvalue()
    assert "u-1" not in lines.getvalue()
