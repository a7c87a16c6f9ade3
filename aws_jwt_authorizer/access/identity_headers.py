"""Route -> which headers tell an HTTP backend who calls, and from where they are filled.

A header that would carry identity is overwritten or removed on every route of the backend, so that
none of a client's own ever arrives, also where no authorizer has run although one should have.
"""

import re
from collections.abc import Iterator, Mapping

from aws_jwt_authorizer.access.rules import HttpBackend, Route

# What the gateway does with a variable that is missing or empty is not documented: alone, it might
# leave the client's own header in place. So each value begins with text, which is there whatever
# becomes of the variable, and only what is never empty may be asked for: these members of the
# Lambda authorizer's context, and the claims that every token of the built-in authorizer's issuers
# has (OpenID Connect Core 1.0 section 2, RFC 9068 section 2.2).
CONTEXT_MEMBERS = ("sub", "issuer", "issuer_name", "groups", "exp")
JWT_CLAIMS: Mapping[str, str] = {"sub": "sub", "issuer": "iss"}
# "Reserved headers", Transform API requests and responses, API Gateway developer guide.
RESERVED = re.compile(
    r"access-control-.*|apigw-.*|authorization|connection|content-(encoding|length|location)"
    r"|forwarded|keep-alive|origin|proxy-(authenticate|authorization)|te|trailers?"
    r"|transfer-encoding|upgrade|x-amzn?-.*|x-forwarded-(for|host|proto)|via"
)
COOKIE = "cookie"
HEADER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def identity_values(route: Route, backend: HttpBackend) -> dict[str, str | None]:
    """Map each identity header to its value, `sub=${context.authorizer.sub}`, or None to remove it.

    Args:
        route: A route that `header_problems` has nothing to say about.
        backend: Who answers it.
    """
    if route.authorizer == "public":
        return dict.fromkeys(backend.identity_headers)
    return {
        header: f"{member}=${{context.authorizer.{_variable(route, member)}}}"
        for header, member in backend.identity_headers.items()
    }


def _variable(route: Route, member: str) -> str:
    return f"claims.{JWT_CLAIMS[member]}" if route.authorizer == "jwt" else member


def header_problems(route: Route, backend: HttpBackend) -> Iterator[str]:
    """List what is wrong with the headers of a route's backend, a line each."""
    if not backend.identity_headers:
        yield "name at least one of its identity_headers, it must learn who calls"
    for header, member in backend.identity_headers.items():
        if not HEADER.fullmatch(header):
            yield f"header {header!r} must be lower-case letters, digits and single hyphens"
        elif RESERVED.fullmatch(header):
            yield f"header {header!r} is reserved by API Gateway, choose one such as 'x-user-sub'"
        elif header == COOKIE:
            yield "header 'cookie' is removed from every request, choose one such as 'x-user-sub'"
        if member not in CONTEXT_MEMBERS:
            yield (
                f"header {header!r} holds {member!r}, which may be empty or missing: use one of "
                f"{', '.join(CONTEXT_MEMBERS)}"
            )
        elif route.authorizer == "jwt" and member not in JWT_CLAIMS:
            yield (
                f"header {header!r} holds {member!r}, which a token of the built-in authorizer "
                f"may lack: use one of {', '.join(JWT_CLAIMS)}, or authorizer='lambda'"
            )
