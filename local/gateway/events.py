"""Request -> the payload 2.0 events that a Lambda integration and a Lambda authorizer get.

The rule: what is empty is absent; header names are lower case, repeats joined by commas (API
Gateway, "Create AWS Lambda proxy integrations for HTTP APIs").
"""

import base64
import re
from urllib.parse import parse_qsl, unquote

from local.gateway.context import RequestContext
from local.gateway.messages import GatewayRequest
from local.json_value import JsonObject, JsonValue

_TEXT_TYPES = ("application/json", "application/xml", "application/javascript")
_PERCENT_SIGN = re.compile("%25")


def integration_event(context: RequestContext, authorizer: JsonObject | None) -> JsonObject:
    """The event of a Lambda proxy integration.

    Args:
        context: The request, its route matched.
        authorizer: `{"jwt": ...}`, `{"lambda": ...}`, or None without an authorizer.
    """
    event = {"version": "2.0", **_common(context)}
    request_context = _request_context(context)
    if authorizer is not None:
        request_context["authorizer"] = authorizer
    event["requestContext"] = request_context
    request = context.request
    if request.body:
        text = _text_body(request)
        event["body"] = base64.b64encode(request.body).decode() if text is None else text
        event["isBase64Encoded"] = text is None
    else:
        event["isBase64Encoded"] = False
    return event


def authorizer_event(context: RequestContext, identity_values: list[str]) -> JsonObject:
    """The event of a Lambda authorizer: the integration's without body, with its identity."""
    api = context.api
    route_arn = (
        f"arn:aws:execute-api:{api.region}:{api.account_id}:{api.id}/{context.stage.name}"
        f"/{context.request.method}{_decoded_path(context.request.path)}"
    )
    identity: list[JsonValue] = list(identity_values)
    return {
        "version": "2.0",
        "type": "REQUEST",
        "routeArn": route_arn,
        "identitySource": identity,
        **_common(context),
        "requestContext": _request_context(context),
    }


def _common(context: RequestContext) -> JsonObject:
    request = context.request
    common: JsonObject = {
        "routeKey": context.match.route.key,
        "rawPath": _decoded_path(request.path),
        "rawQueryString": request.query,
        "headers": _headers(context),
    }
    if cookies := _cookies(request):
        common["cookies"] = list(cookies)
    if query := _query(request):
        common["queryStringParameters"] = dict(query)
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
        "domainPrefix": context.api.id,
        "http": {
            "method": request.method,
            "path": _decoded_path(request.path),
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": request.header("user-agent") or "",
        },
        "requestId": context.request_id,
        "routeKey": context.match.route.key,
        "stage": context.stage.name,
        "time": context.time,
        "timeEpoch": int(context.epoch_seconds * 1000),
    }


def _headers(context: RequestContext) -> JsonObject:
    request = context.request
    headers: dict[str, JsonValue] = {
        name: request.header(name) for name, _ in request.headers if name != "cookie"
    }
    forwarded = request.header("x-forwarded-for")
    headers["x-forwarded-for"] = (
        f"{forwarded}, {request.source_ip}" if forwarded else request.source_ip
    )
    headers["x-forwarded-port"] = str(request.port)
    headers["x-forwarded-proto"] = "http"
    return dict(sorted(headers.items()))


def _cookies(request: GatewayRequest) -> list[str]:
    lines = [value for name, value in request.headers if name == "cookie"]
    return [cookie.strip() for line in lines for cookie in line.split(";") if cookie.strip()]


def _query(request: GatewayRequest) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _decoded_path(path: str) -> str:
    # Observed: everything is decoded but the percent sign itself.
    return unquote(_PERCENT_SIGN.sub("%2525", path))


def _text_body(request: GatewayRequest) -> str | None:
    """The body as text, or None if the gateway would hand it over in base64."""
    media_type, _, parameters = (request.header("content-type") or "").lower().partition(";")
    is_text = media_type.strip().startswith("text/") or media_type.strip() in _TEXT_TYPES
    charset = re.search(r"charset=\"?([^\s;\"]+)", parameters)
    if not is_text or (charset and charset[1] != "utf-8"):
        return None
    try:
        return request.body.decode()
    except UnicodeDecodeError:
        return None
