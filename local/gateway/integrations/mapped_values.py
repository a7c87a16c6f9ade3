"""A mapped value's parts -> its text for one request or response.

A variable that has no value alone makes no change; among other text it is empty.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from local.gateway.authorization import as_text
from local.gateway.context import RequestContext
from local.gateway.messages import GatewayResponse
from local.json_value import JsonValue
from local.template.local_app import Selection

MAX_JSON_BYTES = 100 * 1024
"""API Gateway cuts a body here before it applies a JSON path."""

_STEP = re.compile(r"([A-Za-z0-9_-]+)(?:\[(\d+)\])?")

LookUp = Callable[[Selection], str | None]


def mapped_value(parts: tuple[str | Selection, ...], look_up: LookUp) -> str | None:
    """Return the text of a value; None if it is one variable that has no value."""
    if len(parts) == 1 and isinstance(parts[0], Selection):
        return look_up(parts[0])
    return "".join(part if isinstance(part, str) else look_up(part) or "" for part in parts)


@dataclass(frozen=True, slots=True)
class RequestValues:
    """Looks up the variables of a request mapping.

    Args:
        context: The request, its route matched.
        variables: Every `$context` variable, the authorizer's too.
    """

    context: RequestContext
    variables: dict[str, str]

    def look_up(self, selection: Selection) -> str | None:
        """Return the value of one variable, or None."""
        context, name = self.context, selection.name
        match selection.source:
            case "request.header":
                return context.request.header(name)
            case "request.querystring":
                return context.query_value(name)
            case "request.path":
                return context.match.path_parameters.get(name) if name else context.path
            case "request.body":
                return _of_body(context.request.body, name)
            case "stageVariables":
                return context.stage.variables.get(name)
            case _:
                return self.variables.get(name)


@dataclass(frozen=True, slots=True)
class ResponseValues:
    """Looks up the variables of a response mapping; `request` has what is not the response's."""

    request: RequestValues
    response: GatewayResponse

    def look_up(self, selection: Selection) -> str | None:
        """Return the value of one variable, or None."""
        match selection.source:
            case "response.header":
                name = selection.name.lower()
                values = [value for key, value in self.response.headers if key == name]
                return ",".join(values) if values else None
            case "response.body":
                return _of_body(self.response.body, selection.name)
            case _:
                return self.request.look_up(selection)


def _of_body(body: bytes, path: str) -> str | None:
    if not path:
        return body.decode("utf-8", "replace")
    try:
        value: JsonValue = json.loads(body[:MAX_JSON_BYTES])
    except (ValueError, RecursionError):
        return None
    for name, index in _STEP.findall(path):
        value = value.get(name) if isinstance(value, dict) else None
        if index:
            position = int(index)
            is_there = isinstance(value, list) and position < len(value)
            value = value[position] if is_there and isinstance(value, list) else None
    return None if value is None else as_text(value)
