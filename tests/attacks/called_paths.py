"""A path as a client sends it -> the events that API Gateway may make of it.

What a live HTTP API makes of `rawPath` is recorded (docs/local.md, "Percent-decoding"): decoded
twice, and cut at an encoded question mark. How it selects the route and fills `pathParameters` is
not, so each way of doing that is a way to attack a rule that reads a parameter.
"""

import posixpath
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

from tests.attacks.gateway_event import gateway_event

TENANT_ROUTE = "GET /tenants/{tenant}/orders"
FILE_ROUTE = "GET /tenants/{tenant}/files/{path+}"

Decode = Callable[[str], str]


def raw_path_of(sent: str) -> str:
    """Return `rawPath` as it was recorded."""
    return unquote(unquote(sent).partition("?")[0])


def _unchanged(text: str) -> str:
    return text


def _twice(text: str) -> str:
    return unquote(unquote(text))


def _cut(text: str) -> str:
    return unquote(text).partition("?")[0]


DECODINGS: dict[str, Decode] = {
    "not decoded": _unchanged,
    "decoded once": unquote,
    "decoded twice": _twice,
    "decoded and cut": _cut,
    "as rawPath": raw_path_of,
}


def events_of(sent: str, authorization: str) -> Iterator[dict[str, Any]]:
    """Give every event that the gateway may send for a path, whichever way it goes about it.

    Args:
        sent: the path as in the request line.
        authorization: the header's value.
    """
    for route_on in DECODINGS.values():
        segments = route_on(sent).removeprefix("/").split("/")
        for fill in DECODINGS.values():
            match segments:
                case ["tenants", tenant, "orders"] if tenant:
                    found = {"tenant": fill(tenant)}
                    yield _event(TENANT_ROUTE, sent, found, authorization)
                case ["tenants", tenant, "files", *rest] if tenant and rest:
                    found = {"tenant": fill(tenant), "path": fill("/".join(rest))}
                    yield _event(FILE_ROUTE, sent, found, authorization)
                case _:
                    pass


def tenants_read_from(path: str) -> set[str | None]:
    """Return whose data a server may take a path to be about, however it reads it."""
    read: set[str | None] = set()
    for _ in range(3):
        for separator in ("/", "\\"):
            for end in ("?", "#", "\n"):
                plain = path.partition(end)[0].replace(separator, "/")
                bare = "/".join(part.partition(";")[0] for part in plain.split("/"))
                read |= {_tenant_of(form) for form in (plain, posixpath.normpath(bare))}
        path = unquote(path)
    return read


def _tenant_of(path: str) -> str | None:
    match path.split("/"):
        case ["", "tenants", tenant, *_]:
            return tenant
        case _:
            return None


def _event(
    route_key: str, sent: str, parameters: dict[str, str], authorization: str
) -> dict[str, Any]:
    raw_path = raw_path_of(sent)
    event = gateway_event(authorization, identitySource=[authorization, route_key])
    event |= {"routeKey": route_key, "rawPath": raw_path, "pathParameters": parameters}
    event["requestContext"]["routeKey"] = route_key
    event["requestContext"]["http"]["path"] = raw_path
    return event
