"""What a backend answers -> a Lambda handler, and who calls it.

Fails closed: a backend asks for the caller whom an authorizer has passed, and a request that none
has passed is answered 403 before anything is done for it.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from function_kit.answers import json_answer

Request = APIGatewayProxyEventV2
Answer = tuple[int, Mapping[str, object]]
"""The status, and what the body holds as JSON."""

Caller = Mapping[str, Any]
"""What our Lambda authorizer says of a caller, by the members of its context."""

Handler = Callable[[dict[str, Any], object], dict[str, Any]]
_FORBIDDEN: Final = 403

logger = Logger()


class NotPassed(Exception):
    """A request that the backend's authorizer has not passed: the message may be shown."""


def backend(answer: Callable[[Request], Answer]) -> Handler:
    """Make a handler of what answers a request; it logs each request, and nothing of its caller.

    Args:
        answer: Given an HTTP API event, payload format 2.0.

    Returns:
        A handler whose result is a payload format 2.0 response: the answer, or 403.
    """

    @wraps(answer)
    def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
        request = Request(event)
        try:
            status, body = answer(request)
        except NotPassed as error:
            status, body = _FORBIDDEN, {"message": str(error)}
        logger.info(
            "answered",
            route_key=request.route_key,
            request_id=request.request_context.request_id,
            status=status,
        )
        return json_answer(status, body)

    return handler


def caller_of(request: Request) -> Caller:
    """Return what our Lambda authorizer says of the caller: sub, issuer_name, groups and the rest.

    Raises:
        NotPassed: It has not passed the request.
    """
    caller = request.request_context.authorizer.get_lambda
    if not caller:
        raise NotPassed("No Lambda authorizer has passed this request")
    return caller


def claims_of(request: Request) -> Mapping[str, Any]:
    """Return the caller's claims, texts all, as API Gateway's built-in authorizer hands them over.

    Raises:
        NotPassed: It has not passed the request.
    """
    claims = request.request_context.authorizer.jwt_claim
    if not claims:
        raise NotPassed("No JWT authorizer has passed this request")
    return claims
