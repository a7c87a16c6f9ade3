"""Gateway event -> 200 for any caller: it shows that the route and the function work."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from function_kit.answers import json_answer

logger = Logger()


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer `{"status": "ok"}`.

    Args:
        event: An HTTP API event, payload format 2.0.

    Returns:
        A payload format 2.0 response with a JSON body.
    """
    request = APIGatewayProxyEventV2(event)
    logger.info(
        "answered",
        route_key=request.route_key,
        request_id=request.request_context.request_id,
        status=200,
    )
    return json_answer(200, {"status": "ok"})
