"""Verified claims -> what a back end sees of them under `requestContext.authorizer.jwt`.

The rule: every claim arrives as a string, an array as `[a b]`; a null claim does not arrive. So it
was observed; an object is rendered as JSON, which nobody has observed. A group with a space cannot
be told from two groups: read groups from a Lambda authorizer's context instead.
"""

import json

from local.json_value import JsonObject, JsonValue


def jwt_block(claims: JsonObject, route_scopes: tuple[str, ...]) -> JsonObject:
    """`{"claims": ..., "scopes": ...}`; scopes are null if the route asks for none."""
    rendered: JsonObject = {
        name: _text(value) for name, value in claims.items() if value is not None
    }
    scopes: list[JsonValue] = list(token_scopes(claims))
    return {"claims": rendered, "scopes": scopes if route_scopes else None}


def token_scopes(claims: JsonObject) -> list[str]:
    """The scopes of a token: `scope`, else `scp`, separated by spaces or a list."""
    value = claims.get("scope", claims.get("scp"))
    if isinstance(value, str):
        return [scope for scope in value.split(" ") if scope]
    if isinstance(value, list):
        return [scope for scope in value if isinstance(scope, str)]
    return []


def _text(value: JsonValue) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case list():
            return f"[{' '.join(_text(item) for item in value)}]"
        case _:
            return json.dumps(value, separators=(",", ":"))
