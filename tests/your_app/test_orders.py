"""The sample backend that keeps something: whose an order is, and who may do what with it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

import orders.handler
import orders.needs
from local.loopback.listener import listen_on_loopback
from local.loopback.wsgi_server import WsgiServer
from tests.your_app.played_tables import REGION, PlayedTables

TABLES = orders.needs.NEEDS.tables
LAMP = '{"item": "lamp", "quantity": 2}'


def caller(sub: str, **more: Any) -> dict[str, Any]:
    return {"sub": sub, "issuer_name": "cognito", "groups": [], **more}


ADA, BOB = caller("ada", tenant="acme"), caller("bob", tenant="globex")
ADMIN = caller("admin", groups=["admins"])
NOBODY_KNOWN = "order-000000000000000000000000"


@pytest.fixture(autouse=True)
def played(monkeypatch: pytest.MonkeyPatch) -> Iterator[PlayedTables]:
    """An empty table, found as the deployed function finds its own."""
    tables = PlayedTables(TABLES)
    server = WsgiServer(tables, listen_on_loopback())
    variables = {
        "AWS_ACCESS_KEY_ID": "orders",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": server.url,
        "ORDERS_TABLE": "orders",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    orders.handler._table.cache_clear()
    yield tables
    orders.handler._table().dynamodb.close()
    server.stop()


def call(who: dict[str, Any] | None, key: str, **more: Any) -> tuple[int, Any]:
    context = {"requestId": "r-1", "routeKey": key, "authorizer": {"lambda": who}}
    response = orders.handler.handler({"routeKey": key, "requestContext": context, **more}, None)
    return response["statusCode"], json.loads(response["body"])


def place(who: dict[str, Any], body: str | None = LAMP, **more: Any) -> tuple[int, Any]:
    return call(who, "POST /orders", body=body, **more)


def of_id(who: dict[str, Any], key: str, order_id: str) -> tuple[int, Any]:
    return call(who, key, pathParameters={"id": order_id})


def own(who: dict[str, Any]) -> list[str]:
    status, body = call(who, "GET /orders")
    assert status == 200
    return [order["id"] for order in body["orders"]]


def test_an_order_is_its_callers_own_and_nobody_elses() -> None:
    status, placed = place(ADA)
    assert (status, placed["item"], placed["quantity"]) == (201, "lamp", 2)
    assert own(ADA) == [placed["id"]]
    assert own(BOB) == []


def test_two_orders_of_the_same_are_two_and_the_latest_stands_first() -> None:
    first, second = (place(ADA)[1]["id"] for _ in range(2))
    assert own(ADA) == sorted((first, second), reverse=True)


def test_a_subject_of_another_issuer_is_somebody_else() -> None:
    place(ADA)
    assert own({**ADA, "issuer_name": "machines"}) == []


@pytest.mark.parametrize("sub", [None, ""])
def test_an_order_is_nobodys_never(sub: str | None) -> None:
    who = {**ADA, "sub": sub}
    assert place(who) == call(who, "GET /orders")
    assert place(who)[0] == 403


def test_the_body_does_not_say_whose_an_order_is() -> None:
    body = '{"item": "lamp", "quantity": 2, "owner": "bob@cognito"}'
    assert place(ADA, body) == (400, {"message": "owner: unknown, send item and quantity"})
    assert own(BOB) == []


def test_a_users_orders_are_found_by_the_user_of_the_path() -> None:
    _, placed = place(ADA)
    for who in (ADA, ADMIN):
        asked = call(who, "GET /users/{user}/orders", pathParameters={"user": "ada"})
        assert asked == (200, {"user": "ada", "orders": [placed]})
    asked = call(ADMIN, "GET /users/{user}/orders", pathParameters={"user": "bob"})
    assert asked == (200, {"user": "bob", "orders": []})


def test_a_tenants_orders_are_those_of_its_people() -> None:
    placed = [place(who)[1] for who in (ADA, BOB, caller("eve"), caller("kim", tenant=""))]
    key = "GET /tenants/{tenant}/orders"
    for tenant, expected in (("acme", placed[:1]), ("globex", placed[1:2]), ("other", [])):
        asked = call(ADA, key, pathParameters={"tenant": tenant})
        assert asked == (200, {"tenant": tenant, "orders": expected})


def test_whom_the_rule_lets_delete_may_delete_any_order_once() -> None:
    order_id = place(ADA)[1]["id"]
    assert of_id(ADMIN, "DELETE /orders/{id}", order_id) == (200, {"deleted": order_id})
    assert own(ADA) == []
    assert of_id(ADMIN, "DELETE /orders/{id}", order_id)[0] == 404


def test_an_order_is_refunded_once_and_says_so() -> None:
    order_id = place(ADA)[1]["id"]
    refund = "POST /orders/{id}/refund"
    assert of_id(ADMIN, refund, order_id) == (200, {"refunded": order_id})
    assert of_id(ADMIN, refund, order_id)[0] == 409
    [order] = call(ADA, "GET /orders")[1]["orders"]
    assert order["refunded_at"] > 1_700_000_000


@pytest.mark.parametrize("key", ["DELETE /orders/{id}", "POST /orders/{id}/refund"])
@pytest.mark.parametrize("order_id", [NOBODY_KNOWN, "x" * 5000, "ü" * 600])
def test_an_order_that_is_not_there_is_not_found_and_none_is_made(key: str, order_id: str) -> None:
    said = {"message": f"No order has the id {order_id[:100]}"}
    assert of_id(ADMIN, key, order_id) == (404, said)
    assert own(ADMIN) == []


def test_nobody_has_a_name_that_no_key_can_hold() -> None:
    asked = call(ADMIN, "GET /users/{user}/orders", pathParameters={"user": "x" * 5000})
    assert asked[1]["orders"] == []


def test_what_is_done_with_the_table_is_what_is_declared_and_it_is_never_scanned(
    played: PlayedTables,
) -> None:
    order_id = place(ADA)[1]["id"]
    own(ADA)
    of_id(ADMIN, "POST /orders/{id}/refund", order_id)
    of_id(ADMIN, "DELETE /orders/{id}", order_id)
    assert played.operations == set(TABLES[0].actions)
    assert "Scan" not in played.operations


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (None, "body: send a JSON object"),
        ("", "body: send a JSON object"),
        ("{", "body: send a JSON object"),
        ("[" * 100_000, "body: send a JSON object"),
        ("[]", "body: send a JSON object"),
        ('{"item": "lamp"}', "quantity: send a whole number from 1 to 1000"),
        ('{"item": "lamp", "quantity": 0}', "quantity: send a whole number from 1 to 1000"),
        ('{"item": "lamp", "quantity": 1001}', "quantity: send a whole number from 1 to 1000"),
        ('{"item": "lamp", "quantity": true}', "quantity: send a whole number from 1 to 1000"),
        ('{"item": "lamp", "quantity": 1.0}', "quantity: send a whole number from 1 to 1000"),
        ('{"quantity": 1}', "item: send a text of 1 to 100 characters"),
        ('{"item": "", "quantity": 1}', "item: send a text of 1 to 100 characters"),
        ('{"item": 3, "quantity": 1}', "item: send a text of 1 to 100 characters"),
        ('{"item": "lamp", "quantity": 1, "x": 1}', "x: unknown, send item and quantity"),
    ],
)
def test_a_bad_order_is_refused_by_its_field(body: str | None, message: str) -> None:
    assert place(ADA, body) == (400, {"message": message})


def test_a_body_that_is_no_text_is_refused() -> None:
    answer = place(ADA, "/w==", isBase64Encoded=True)
    assert answer == (400, {"message": "body: send a JSON object in UTF-8"})


def test_an_order_may_come_in_base64() -> None:
    body = "eyJpdGVtIjogImxhbXAiLCAicXVhbnRpdHkiOiAyfQ=="
    assert place(ADA, body, isBase64Encoded=True)[0] == 201


def test_a_route_that_orders_does_not_know_is_not_found() -> None:
    assert call(ADA, "PUT /orders")[0] == 404
