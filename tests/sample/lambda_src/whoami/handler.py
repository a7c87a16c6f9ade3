"""Gateway event -> the caller, as the Lambda authorizer describes it.

Fails closed: an event that no Lambda authorizer has passed is answered 403.
"""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from function_kit.answers import json_answer

logger = Logger()


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer the authorizer's context: sub, client_id, scope and what else it has put there.

    Args:
        event: An HTTP API event, payload format 2.0.

    Returns:
        A payload format 2.0 response with a JSON body: 200, or 403 without a context.
    """
    request = APIGatewayProxyEventV2(event)
    caller = request.request_context.authorizer.get_lambda
    if caller:
        status, body = 200, caller
    else:
        status, body = 403, {"message": "No Lambda authorizer has passed this request"}
    logger.info(
        "answered",
        route_key=request.route_key,
        request_id=request.request_context.request_id,
        status=status,
    )
    return json_answer(status, body)
