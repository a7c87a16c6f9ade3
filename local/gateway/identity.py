"""Identity source expressions -> their values in a request.

The rule: header names in any case, query names to the letter; an empty value is no value.
"""

from urllib.parse import parse_qsl

from local.gateway.context import RequestContext


def identity_value(source: str, context: RequestContext) -> str | None:
    """The value of one identity source, or None if the request has none.

    Args:
        source: `$request.header.X`, `$request.querystring.X`, `$context.X`, `$stageVariables.X`.
        context: The request, its route matched.
    """
    if name := _after(source, "$request.header."):
        value = context.request.header(name)
    elif name := _after(source, "$request.querystring."):
        pairs = parse_qsl(context.request.query, keep_blank_values=True)
        values = [value for key, value in pairs if key == name]
        value = ",".join(values) if values else None
    elif name := _after(source, "$stageVariables."):
        value = context.stage.variables.get(name)
    else:
        value = context.variables().get(source.removeprefix("$context."))
    return value or None


def _after(source: str, prefix: str) -> str:
    return source.removeprefix(prefix) if source.startswith(prefix) else ""
