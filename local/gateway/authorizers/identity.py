"""Identity source expressions -> their values in a request.

Header names in any case, query names to the letter; an empty value counts as none.
"""

from local.gateway.context import RequestContext


def identity_value(source: str, context: RequestContext) -> str | None:
    """Return the value of one identity source, or None if the request has none.

    Args:
        source: `$request.header.X`, `$request.querystring.X`, `$context.X`, `$stageVariables.X`.
        context: The request, its route matched.
    """
    if name := _after(source, "$request.header."):
        value = context.request.header(name)
    elif name := _after(source, "$request.querystring."):
        value = context.query_value(name)
    elif name := _after(source, "$stageVariables."):
        value = context.stage.variables.get(name)
    else:
        value = context.variables().get(source.removeprefix("$context."))
    return value or None


def _after(source: str, prefix: str) -> str:
    return source.removeprefix(prefix) if source.startswith(prefix) else ""
