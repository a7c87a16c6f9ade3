"""Verified claims -> what a backend sees of them under `requestContext.authorizer.jwt`.

Every claim arrives as a string, an array as `[a b]`; a null claim does not arrive. So it
was observed; an object is rendered as JSON, which nobody has observed. A group with a space cannot
be told from two groups: read groups from a Lambda authorizer's context instead.
"""

import json

from local.json_value import JsonObject, JsonValue


def rendered_claims(claims: JsonObject) -> dict[str, str]:
    """Return every claim but the null ones, as a string."""
    return {name: _text(value) for name, value in claims.items() if value is not None}


def token_scopes(claims: JsonObject) -> tuple[str, ...]:
    """Return the scopes of a token: `scope`, a string, else `scp`, a string or an array.

    Nobody has measured what the service makes of a `scope` that is an array: here it gives none.
    """
    value = claims.get("scope", claims.get("scp"))
    if isinstance(value, str):
        return tuple(scope for scope in value.split(" ") if scope)
    if isinstance(value, list) and "scope" not in claims:
        return tuple(scope for scope in value if isinstance(scope, str))
    return ()


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
