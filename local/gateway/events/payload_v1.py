"""Request -> the payload 1.0 events that a Lambda integration and a Lambda authorizer get.

What is empty is null in an integration's event; repeats stand in the `multiValue`
members, and the single ones have the last; `path` is as sent, and so are the names of headers (API
Gateway, "Create AWS Lambda proxy integrations for HTTP APIs", and the requests that AWS recorded
for aws/aws-lambda-dotnet, Tools/LambdaTestTool-v2, Snapshots).
"""

import base64
from collections.abc import Iterable

from local.gateway.authorization import Authorization
from local.gateway.context import RequestContext
from local.gateway.events.request_parts import forwarded_headers, text_body
from local.json_value import JsonObject, JsonValue

_CANONICAL_NAMES = {
    name.lower(): name
    for name in (
        "Content-Length",
        "Content-Type",
        "Host",
        "User-Agent",
        "X-Amzn-Trace-Id",
        "X-Forwarded-For",
        "X-Forwarded-Port",
        "X-Forwarded-Proto",
    )
}
"""Names that every capture shows in this form, also of requests that had them in lower case."""

_IDENTITY_NULLS = (
    "accessKey",
    "accountId",
    "caller",
    "cognitoAmr",
    "cognitoAuthenticationProvider",
    "cognitoAuthenticationType",
    "cognitoIdentityId",
    "cognitoIdentityPoolId",
    "principalOrgId",
    "user",
    "userArn",
)


def integration_event_v1(
    context: RequestContext, authorization: Authorization | None
) -> JsonObject:
    """Return the event of a Lambda proxy integration.

    Args:
        context: The request, its route matched.
        authorization: What the route's authorizer found, or None without one.
    """
    request = context.request
    headers, query = _values(_header_pairs(context)), _values(context.query)
    text = text_body(request)
    body = text if text is not None else base64.b64encode(request.body).decode()
    return {
        "version": "1.0",
        "resource": context.resource,
        "path": request.path,
        "httpMethod": request.method,
        "headers": _last(headers),
        "multiValueHeaders": _all(headers),
        "queryStringParameters": _last(query) or None,
        "multiValueQueryStringParameters": _all(query) or None,
        "requestContext": _request_context(context, authorization),
        "pathParameters": dict(context.match.path_parameters) or None,
        "stageVariables": dict(context.stage.variables) or None,
        "body": body if request.body else None,
        "isBase64Encoded": bool(request.body) and text is None,
    }


def authorizer_event_v1(context: RequestContext, identity_values: list[str]) -> JsonObject:
    """Return the event of a Lambda authorizer; the identity's values are joined by commas."""
    identity = ",".join(identity_values)
    return {
        "version": "1.0",
        "type": "REQUEST",
        "methodArn": context.route_arn,
        "identitySource": identity,
        "authorizationToken": identity,
        "resource": context.resource,
        "path": context.request.path,
        "httpMethod": context.request.method,
        "headers": _last(_values(_header_pairs(context))),
        "queryStringParameters": _last(_values(context.query)),
        "pathParameters": dict(context.match.path_parameters),
        "stageVariables": dict(context.stage.variables),
        "requestContext": {
            "accountId": context.api.account_id,
            "apiId": context.api.id,
            "httpMethod": context.request.method,
            "identity": _identity(context),
            "path": context.raw_path,
            "requestId": context.request_id,
            "resourceId": context.match.route.key,
            "resourcePath": context.resource,
            "stage": context.stage.name,
        },
    }


def _request_context(context: RequestContext, authorization: Authorization | None) -> JsonObject:
    found: JsonObject = {
        "accountId": context.api.account_id,
        "apiId": context.api.id,
        "domainName": context.domain_name,
        "domainPrefix": context.domain_prefix,
        "extendedRequestId": context.request_id,
        "httpMethod": context.request.method,
        "identity": {**dict.fromkeys(_IDENTITY_NULLS), **_identity(context)},
        "path": context.raw_path,
        "protocol": context.request.protocol,
        "requestId": context.request_id,
        "requestTime": context.time,
        "requestTimeEpoch": context.time_epoch_ms,
        "resourceId": context.match.route.key,
        "resourcePath": context.resource,
        "stage": context.stage.name,
    }
    if authorization is not None:
        found["authorizer"] = authorization.in_payload_v1
    return found


def _identity(context: RequestContext) -> JsonObject:
    request = context.request
    return {"sourceIp": request.source_ip, "userAgent": request.header("user-agent") or ""}


def _header_pairs(context: RequestContext) -> Iterable[tuple[str, str]]:
    sent_names = context.request.sent_names
    for name, value in forwarded_headers(context):
        yield _CANONICAL_NAMES.get(name) or sent_names.get(name, name), value


def _values(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def _all(values: dict[str, list[str]]) -> JsonObject:
    found: dict[str, JsonValue] = {name: list(several) for name, several in values.items()}
    return found


def _last(values: dict[str, list[str]]) -> JsonObject:
    return {name: several[-1] for name, several in values.items()}
