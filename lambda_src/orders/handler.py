"""Gateway event -> an answer about orders, for a caller whom the Lambda authorizer has passed.

Fails closed: an event that no Lambda authorizer has passed is answered 403. Nothing is stored:
the same request always gets the same answer.
"""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from function_kit.answers import json_answer
from orders.new_order import NewOrder, OrderInvalid

SAMPLE_ORDERS = (
    {"id": "order-1", "item": "lamp", "quantity": 2},
    {"id": "order-2", "item": "desk", "quantity": 1},
)

logger = Logger()


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer the routes of orders: all, a tenant's, a user's; place, delete and refund one.

    Args:
        event: An HTTP API event, payload format 2.0.

    Returns:
        A payload format 2.0 response with a JSON body: 200, 201, 400 naming the bad field, 403
        without an authorizer's context, 404 for a route that is not one of these.
    """
    request = APIGatewayProxyEventV2(event)
    status, body = _answer(request)
    logger.info(
        "answered",
        route_key=request.route_key,
        request_id=request.request_context.request_id,
        status=status,
    )
    return json_answer(status, body)


def _answer(request: APIGatewayProxyEventV2) -> tuple[int, dict[str, Any]]:
    if not request.request_context.authorizer.get_lambda:
        return 403, {"message": "No Lambda authorizer has passed this request"}
    orders = list(SAMPLE_ORDERS)
    parameters = request.path_parameters
    match request.route_key:
        case "GET /orders":
            body: dict[str, Any] = {"orders": orders}
        case "POST /orders":
            return _place(request)
        case "DELETE /orders/{id}":
            body = {"deleted": parameters["id"]}
        case "POST /orders/{id}/refund":
            body = {"refunded": parameters["id"]}
        case "GET /users/{user}/orders":
            body = {"user": parameters["user"], "orders": orders}
        case "GET /tenants/{tenant}/orders":
            body = {"tenant": parameters["tenant"], "orders": orders}
        case unknown:
            return 404, {"message": f"Orders has no route {unknown}"}
    return 200, body


def _place(request: APIGatewayProxyEventV2) -> tuple[int, dict[str, Any]]:
    try:
        order = NewOrder.from_json(request.decoded_body)
    except UnicodeDecodeError:
        return 400, {"message": "body: send a JSON object in UTF-8"}
    except OrderInvalid as error:
        return 400, {"message": str(error)}
    return 201, {"id": order.id, "item": order.item, "quantity": order.quantity}
