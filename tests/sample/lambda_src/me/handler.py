"""Gateway event -> the caller's claims, as the built-in JWT authorizer hands them over.

Fails closed: an event that no JWT authorizer has passed is answered 403.
"""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from function_kit.answers import json_answer

logger = Logger()


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer `{"claims": {...}, "scopes": [...] | null}`.

    The gateway renders claims as strings, an array as `[a b]`; `scopes` is null unless the route
    asks for scopes.

    Args:
        event: An HTTP API event, payload format 2.0.

    Returns:
        A payload format 2.0 response with a JSON body: 200, or 403 without claims.
    """
    request = APIGatewayProxyEventV2(event)
    authorizer = request.request_context.authorizer
    if authorizer.jwt_claim:
        status, body = 200, {"claims": authorizer.jwt_claim, "scopes": authorizer.jwt_scopes}
    else:
        status, body = 403, {"message": "No JWT authorizer has passed this request"}
    logger.info(
        "answered",
        route_key=request.route_key,
        request_id=request.request_context.request_id,
        status=status,
    )
    return json_answer(status, body)
