"""Events whose answer is an IAM policy -> the event of payload 2.0, and its answer -> the policy.

REST APIs ask by events of the type TOKEN or REQUEST, HTTP APIs by payload format 1.0 ("Input to an
API Gateway Lambda authorizer" and "Output from an API Gateway Lambda authorizer", API Gateway
developer guide). The event says which it is; any other is an error, and nobody is let in.

A policy allows the one request that was asked about and no other, for nothing says it of others. So
where the gateway keeps it, by too little, other routes are refused and never opened.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from authorizer import called_route
from authorizer.event_members import header_values, object_of
from authorizer.response import SimpleResponse
from authorizer.route import NO_ROUTE, RouteKey

PolicyAnswer = dict[str, object]

LONGEST_RESOURCE_CHARACTERS: Final = 512
MOST_BYTES: Final = 8_192
"""Of a whole answer ("API Gateway quotas", API Gateway developer guide)."""

_VERSION: Final = "2012-10-17"
_ARN: Final = re.compile(
    r"arn:[a-z-]+:execute-api:[a-z0-9-]+:[0-9]+:[A-Za-z0-9]+/[^/*?]+/(?P<method>[A-Z]+)(?P<path>/.*)"
)
_MORE_THAN_ITSELF: Final = re.compile(r"[*?]|\$\{")
"""What IAM reads as more than the character: wildcards, and the start of a variable."""

_DEFAULT: Final = "$default"
_RESERVED: Final = "claims"
"""API Gateway keeps this member of a context to itself."""

_KINDS: Final = "HTTP API payload 2.0 and 1.0, REST API TOKEN and REQUEST"


class EventUnknown(Exception):
    """An event that no gateway sends that this function answers."""

    def __init__(self, event: object) -> None:
        members = object_of(event)
        shown = {name: members.get(name) for name in ("version", "type") if name in members}
        super().__init__(f"not an authorizer event of {_KINDS}: {shown!r:.200}")


def answer(
    event: object, ask: Callable[[object], SimpleResponse], route_keys: Iterable[RouteKey]
) -> PolicyAnswer:
    """Answer an event that wants a policy.

    Args:
        event: a decoded event, or anything else.
        ask: answers an event of payload 2.0; what it raises is the answer here too.
        route_keys: the routes that have a rule.

    Raises:
        EventUnknown: it is another kind of event.
    """
    members = object_of(event)
    method_arn = members.get("methodArn")
    if not isinstance(method_arn, str):
        raise EventUnknown(event)
    called = _ARN.fullmatch(method_arn)
    is_exact = (
        len(method_arn) <= LONGEST_RESOURCE_CHARACTERS
        and _MORE_THAN_ITSELF.search(method_arn) is None
    )
    keys = frozenset(route_keys) if called and is_exact else frozenset[RouteKey]()
    method, path = (called["method"], called["path"]) if called else ("", "")
    match members.get("type"), members.get("version"):
        case "TOKEN", None:
            as_asked = _of_token(members, method, path, keys)
        case "REQUEST", (None | "1.0") if isinstance(members.get("resource"), str):
            as_asked = _of_request(members, method, keys)
        case _:
            raise EventUnknown(event)
    return _policy(ask(as_asked), method_arn)


def _of_token(
    members: Mapping[object, object], method: str, path: str, keys: frozenset[RouteKey]
) -> dict[str, object]:
    """Return the event of payload 2.0 that asks the same: of a header, a method and a path."""
    key, parameters = called_route.find(method, path, keys)
    return {
        "headers": {"authorization": members.get("authorizationToken")},
        "routeKey": key,
        "rawPath": path,
        "pathParameters": dict(parameters),
    }


def _of_request(
    members: Mapping[object, object], method: str, keys: frozenset[RouteKey]
) -> dict[str, object]:
    """Return the event of payload 2.0 that asks the same; cookies count for nothing."""
    context = object_of(members.get("requestContext"))
    sources = members.get("identitySource")
    return {
        "headers": _headers(members),
        "identitySource": sources.split(",") if isinstance(sources, str) else None,
        "routeKey": _declared_route(members, context, method, keys),
        "rawPath": members.get("path"),
        "pathParameters": members.get("pathParameters"),
        "requestContext": {"requestId": context.get("requestId")},
    }


def _declared_route(
    members: Mapping[object, object],
    context: Mapping[object, object],
    method: str,
    keys: frozenset[RouteKey],
) -> RouteKey:
    """Return the route as declared; an event that contradicts itself names none."""
    declared = members.get("resource")
    if members.get("httpMethod") != method or context.get("resourcePath", declared) != declared:
        return NO_ROUTE
    wanted = [f"{method} {declared}", f"ANY {declared}"]
    if declared == _DEFAULT:
        wanted = [_DEFAULT]
    return next((key for key in map(RouteKey, wanted) if key in keys), NO_ROUTE)


def _headers(members: Mapping[object, object]) -> dict[object, object]:
    """Return the headers; a second Authorization stands there under another spelling."""
    headers = {**object_of(members.get("headers"))}
    for values in header_values(members.get("multiValueHeaders"), "authorization"):
        if isinstance(values, list) and len(values) > 1:
            headers |= {"authorization": values[0], "AUTHORIZATION": values[1]}
    return headers


def _policy(simple: SimpleResponse, method_arn: str) -> PolicyAnswer:
    given = simple.get("context")
    if simple.get("isAuthorized") is not True or not isinstance(given, dict):
        return _statement("Deny", method_arn, "denied")
    context = {name: _text(value) for name, value in given.items() if name != _RESERVED}
    if _RESERVED in given:
        _leave_out(context, _RESERVED)
    principal = context["sub"] or context["client_id"] or "unknown"
    made = {**_statement("Allow", method_arn, principal), "context": context}
    optional = [name for name in context if name not in _ALWAYS]
    while len(json.dumps(made, ensure_ascii=False).encode()) > MOST_BYTES and optional:
        name = optional.pop()
        context[name] = "[]" if name == "groups" else ""
        _leave_out(context, name)
    return made


_ALWAYS: Final = ("sub", "client_id", "token_use", "issuer", "issuer_name", "exp", "not_handed_on")


def _statement(effect: str, method_arn: str, principal: str) -> PolicyAnswer:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": method_arn}
    return {
        "principalId": principal,
        "policyDocument": {"Version": _VERSION, "Statement": [statement]},
    }


def _leave_out(context: dict[str, str], name: str) -> None:
    context["not_handed_on"] = f"{context['not_handed_on']} {name}".strip()


def _text(value: object) -> str:
    """Write a value as REST APIs hand it on: as text."""
    return value if isinstance(value, str) else json.dumps(value)
