"""Gateway event -> orders, for a caller whom the built-in JWT authorizer has passed.

Fails closed: an event that no JWT authorizer has passed is answered 403.
"""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from function_kit.answers import json_answer

PARTNER_ORDERS = ({"id": "order-9", "item": "shelf", "quantity": 4},)

logger = Logger()


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer `{"orders": [...], "issuer": ..., "sub": ...}`.

    Args:
        event: An HTTP API event, payload format 2.0.

    Returns:
        A payload format 2.0 response with a JSON body: 200, or 403 without claims.
    """
    request = APIGatewayProxyEventV2(event)
    claims = request.request_context.authorizer.jwt_claim
    if claims:
        status, body = (
            200,
            {
                "orders": list(PARTNER_ORDERS),
                "issuer": claims.get("iss"),
                "sub": claims.get("sub"),
            },
        )
    else:
        status, body = 403, {"message": "No JWT authorizer has passed this request"}
    logger.info(
        "answered",
        route_key=request.route_key,
        request_id=request.request_context.request_id,
        status=status,
    )
    return json_answer(status, body)
