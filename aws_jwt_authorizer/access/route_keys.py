"""Route key -> method and path, or what is wrong with it.

("Create routes for HTTP APIs in API Gateway", API Gateway developer guide.) Imports no CDK.
"""

import re
from collections.abc import Iterator

DEFAULT = "$default"
"""Takes each request that no other route takes."""

METHODS = ("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_WEBSOCKET = ("$connect", "$disconnect")
_PARAMETER = re.compile(r"\{([^{}]*?)(\+?)\}")
_NAME = re.compile(r"[A-Za-z0-9_]+")
_LITERAL = re.compile(r"[A-Za-z0-9._~:@!$&'()*,;=-]+")


def method_and_path(key: str) -> tuple[str, str]:
    """Return the method and the path of a key without problems; ANY and "" of `$default`."""
    method, _, path = key.partition(" ")
    return ("ANY", "") if key == DEFAULT else (method, path)


def route_key_problems(key: str) -> Iterator[str]:
    """Say what is wrong with a key and what to write; the first problem is the cause."""
    method, space, path = key.partition(" ")
    if key == DEFAULT:
        return
    if key in _WEBSOCKET:
        yield f"it belongs to WebSocket APIs, an HTTP API knows 'METHOD /path' and {DEFAULT!r}"
    elif not space or not method or not path.startswith("/") or path.split() != [path]:
        yield f"write it as 'METHOD /path', such as 'GET /orders/{{id}}', or as {DEFAULT!r}"
    elif method not in METHODS:
        yield f"{method!r} is not a method of an HTTP API, use one of {', '.join(METHODS)}"
    elif path != "/":
        yield from _path_problems(path)


def _path_problems(path: str) -> Iterator[str]:
    *before, last = path.removeprefix("/").split("/")
    if not last:
        yield "its path ends in '/', which API Gateway does not take: leave it out"
    elif "" in before:
        yield "its path has '//', which API Gateway does not take: write one '/'"
    for segment in before:
        if segment.startswith("{") and segment.endswith("+}"):
            yield f"{segment} takes all the rest of a path: make it the last segment"
    for segment in (*before, last):
        yield from _segment_problems(segment)


def _segment_problems(segment: str) -> Iterator[str]:
    parameter = _PARAMETER.fullmatch(segment)
    if parameter and not _NAME.fullmatch(parameter[1]):
        better = re.sub(r"[^A-Za-z0-9_]+", "_", parameter[1]).strip("_") or "name"
        yield (
            f"path parameter {segment} may be named with letters, digits and '_' only: "
            f"write {{{better}{parameter[2]}}}"
        )
    elif not parameter and ("{" in segment or "}" in segment):
        yield f"{segment!r} is only in part a {{parameter}}: let it be a whole segment"
    elif not parameter and segment and not _LITERAL.fullmatch(segment):
        yield (
            f"{segment!r} has characters that a path is not written with: "
            "use letters, digits and any of ._~:@!$&'()*,;=-"
        )
