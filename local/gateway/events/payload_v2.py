"""Request -> the payload 2.0 events that a Lambda integration and a Lambda authorizer get.

What is empty is absent; header names are lower case, repeats joined by commas (API
Gateway, "Create AWS Lambda proxy integrations for HTTP APIs").
"""

import base64
from collections.abc import Iterable

from local.gateway.authorization import Authorization
from local.gateway.context import RequestContext
from local.gateway.events.request_parts import cookies, forwarded_headers, text_body
from local.json_value import JsonObject, JsonValue


def integration_event_v2(
    context: RequestContext, authorization: Authorization | None
) -> JsonObject:
    """Return the event of a Lambda proxy integration.

    Args:
        context: The request, its route matched.
        authorization: What the route's authorizer found, or None without one.
    """
    event = {"version": "2.0", **_common(context)}
    request_context = _request_context(context)
    if authorization is not None:
        request_context["authorizer"] = authorization.in_payload_v2
    event["requestContext"] = request_context
    request = context.request
    if request.body:
        text = text_body(request)
        event["body"] = base64.b64encode(request.body).decode() if text is None else text
        event["isBase64Encoded"] = text is None
    else:
        event["isBase64Encoded"] = False
    return event


def authorizer_event_v2(context: RequestContext, identity_values: list[str]) -> JsonObject:
    """Return a Lambda authorizer's event: the integration's without body, with its identity."""
    identity: list[JsonValue] = list(identity_values)
    return {
        "version": "2.0",
        "type": "REQUEST",
        "routeArn": context.route_arn,
        "identitySource": identity,
        **_common(context),
        "requestContext": _request_context(context),
    }


def _common(context: RequestContext) -> JsonObject:
    headers = _joined(h for h in forwarded_headers(context) if h[0] != "cookie")
    common: JsonObject = {
        "routeKey": context.match.route.key,
        "rawPath": context.raw_path,
        "rawQueryString": context.request.query,
        "headers": headers,
    }
    if found := cookies(context.request):
        common["cookies"] = list(found)
    if query := _joined(context.query):
        common["queryStringParameters"] = query
    if context.match.path_parameters:
        common["pathParameters"] = dict(context.match.path_parameters)
    if context.stage.variables:
        common["stageVariables"] = dict(context.stage.variables)
    return common


def _request_context(context: RequestContext) -> JsonObject:
    request = context.request
    return {
        "accountId": context.api.account_id,
        "apiId": context.api.id,
        "domainName": context.domain_name,
        "domainPrefix": context.domain_prefix,
        "http": {
            "method": request.method,
            "path": context.raw_path,
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": request.header("user-agent") or "",
        },
        "requestId": context.request_id,
        "routeKey": context.match.route.key,
        "stage": context.stage.name,
        "time": context.time,
        "timeEpoch": context.time_epoch_ms,
    }


def _joined(pairs: Iterable[tuple[str, str]]) -> JsonObject:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return dict(joined)
