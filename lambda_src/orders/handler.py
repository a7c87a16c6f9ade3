"""Gateway event -> an answer about orders, for a caller whom the Lambda authorizer has passed.

The authorizer's rule says who may call a route; here it is only asked whose an order is, and that
is said by the caller's token alone, never by what the caller sends.
"""

import os
import secrets
import time
from functools import cache

from function_kit.aws import aws_client, call_limits
from function_kit.backend import Answer, Caller, Request, backend, caller_of
from function_kit.environment import required
from orders.new_order import NewOrder, OrderInvalid
from orders.order_table import OrderRefunded, OrderTable, OrderUnknown
from orders.owner import owner_named, owner_of

CALLS = call_limits(connect_seconds=1, read_seconds=2, attempts=2)


@backend
def handler(request: Request) -> Answer:
    """Answer the routes of orders: one's own, a tenant's, a user's; place, delete and refund one.

    200, 201, 400 naming the bad field, 403 without an authorizer's context, 404 for an order or a
    route that is not there, 409 for a refund that was made before.
    """
    try:
        return _answer(request, caller_of(request))
    except OrderInvalid as error:
        return 400, {"message": str(error)}
    except OrderUnknown as error:
        return 404, {"message": f"No order has the id {error!s:.100}"}
    except OrderRefunded as error:
        return 409, {"message": f"Refunded before: {error}"}


def _answer(request: Request, caller: Caller) -> Answer:
    parameters = request.path_parameters
    body: dict[str, object]
    match request.route_key:
        case "GET /orders":
            body = {"orders": _table().of_owner(owner_of(caller))}
        case "POST /orders":
            order, order_id = NewOrder.from_event(request), new_id(time.time())
            return 201, _table().place(order_id, order, owner_of(caller), caller.get("tenant"))
        case "DELETE /orders/{id}":
            _table().delete(parameters["id"])
            body = {"deleted": parameters["id"]}
        case "POST /orders/{id}/refund":
            _table().refund(parameters["id"], int(time.time()))
            body = {"refunded": parameters["id"]}
        case "GET /users/{user}/orders":
            owner = owner_named(parameters["user"], caller)
            body = {"user": parameters["user"], "orders": _table().of_owner(owner)}
        case "GET /tenants/{tenant}/orders":
            tenant = parameters["tenant"]
            body = {"tenant": tenant, "orders": _table().of_tenant(tenant)}
        case unknown:
            return 404, {"message": f"Orders has no route {unknown}"}
    return 200, body


def new_id(now_seconds: float) -> str:
    """Return an id that nobody guesses; later ones sort behind earlier ones."""
    return f"order-{int(now_seconds * 1000):012x}{secrets.token_hex(8)}"


@cache
def _table() -> OrderTable:
    return OrderTable(aws_client("dynamodb", CALLS), required(os.environ, "ORDERS_TABLE"))
