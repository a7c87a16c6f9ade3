"""Gateway event -> the caller's claims, as the built-in JWT authorizer hands them over."""

from function_kit.backend import Answer, Request, backend, claims_of


@backend
def handler(request: Request) -> Answer:
    """Answer `{"claims": {...}, "scopes": [...] | null}`.

    The gateway renders claims as strings, an array as `[a b]`; `scopes` is null unless the route
    asks for scopes.
    """
    scopes = request.request_context.authorizer.jwt_scopes
    return 200, {"claims": claims_of(request), "scopes": scopes}
