"""Authorized request -> response through a Lambda function: event, invocation, answer."""

import json
from collections.abc import Callable

from local.behaviour import EVENT_TOO_LARGE
from local.gateway.authorization import Authorization
from local.gateway.context import RequestContext
from local.gateway.events.payload_v1 import integration_event_v1
from local.gateway.events.payload_v2 import integration_event_v2
from local.gateway.integrations.lambda_response import integration_response
from local.gateway.messages import GatewayResponse, Refusal, internal_error
from local.runtime.outcome import Outcome, Succeeded
from local.template.local_app import LambdaIntegrationConfig

MAX_EVENT_BYTES = 6_291_456
MAX_RESULT_BYTES = 6_291_556
"""AWS Lambda quotas: 6 MB for a synchronous invocation's payload; the result's limit as Lambda's
own error message names it."""


def call_function(
    config: LambdaIntegrationConfig,
    context: RequestContext,
    authorization: Authorization | None,
    invoke: Callable[[str, bytes, float], Outcome],
) -> GatewayResponse:
    """Ask a route's function.

    Args:
        config: The integration.
        context: The request, its route matched.
        authorization: What the route's authorizer found, or None without one.
        invoke: Function name, event as JSON, seconds to wait at most -> what came of it.

    Raises:
        Refusal: 413 for an event over 6 MB, 500 for a failed function or a malformed result, 503
            for one that took too long.
    """
    is_v2 = config.payload_format == "2.0"
    event = (integration_event_v2 if is_v2 else integration_event_v1)(context, authorization)
    # Half a surrogate pair, which a token's JSON can hold, is not a character.
    body = json.dumps(event, ensure_ascii=False).encode("utf-8", "replace")
    if len(body) > MAX_EVENT_BYTES:
        raise Refusal(*EVENT_TOO_LARGE, "the function's event would be larger than 6 MB")
    outcome = invoke(config.function_name, body, config.timeout_seconds)
    if isinstance(outcome, Succeeded) and len(outcome.payload) > MAX_RESULT_BYTES:
        raise internal_error("the function's result is larger than 6 MB")
    return integration_response(outcome, config.payload_format)
