"""Gateway event -> AuthorizerRequest. Every byte of it is the caller's until proved otherwise.

The event is API Gateway's payload format 2.0 for a Lambda authorizer of an HTTP API.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from authorizer import access_cookie, page_request, path_parameters
from authorizer.errors import CredentialsAmbiguous, TokenMissing
from authorizer.event_members import header_values, object_of
from authorizer.path_parameters import PathParameters
from authorizer.route import NO_ROUTE, RouteKey
from jwt_verifier.compact import MAX_TOKEN_BYTES
from jwt_verifier.errors import TokenMalformed, TokenOversized
from jwt_verifier.tokens import UnverifiedToken

NO_COOKIES: Final = frozenset[str]()
"""No origin may send the token in a cookie: there is nothing but the header."""

_BEARER: Final = re.compile(r"(?i:bearer) +([A-Za-z0-9_.-]+)", re.ASCII)
"""The scheme alone is read in any case (RFC 9110 section 11.1): to ignore it in the token too would
cost a step for each of its characters."""


@dataclass(frozen=True, slots=True)
class RequestOrigin:
    """Which request this is about: known of every event, however broken."""

    route_key: RouteKey
    request_id: str


@dataclass(frozen=True, slots=True)
class AuthorizerRequest:
    """What the gateway asks: may the bearer of this token call this route.

    `path_parameters` is empty for a path that reads in two ways.
    """

    token: UnverifiedToken = field(repr=False)
    route_key: RouteKey
    request_id: str
    path_parameters: PathParameters


def origin(event: object) -> RequestOrigin:
    """Return the route key and the request id; `NO_ROUTE` and "" where the event names none.

    An event that names two different route keys names none: which of them was matched is unknown.
    """
    members = object_of(event)
    context = object_of(members.get("requestContext"))
    route_key, inner_route_key = members.get("routeKey"), context.get("routeKey")
    request_id = context.get("requestId")
    contradictory = inner_route_key is not None and inner_route_key != route_key
    return RequestOrigin(
        RouteKey(route_key) if isinstance(route_key, str) and not contradictory else NO_ROUTE,
        request_id if isinstance(request_id, str) else "",
    )


def parse(
    event: object,
    cookie_origins: frozenset[str] = NO_COOKIES,
    source: RequestOrigin | None = None,
) -> AuthorizerRequest:
    """Take the one token out of an event.

    Args:
        event: a decoded event of payload format 2.0, or anything else.
        cookie_origins: the origins whose pages may send the token in a cookie of this route. With
            none, cookies count for nothing at all.
        source: what `origin` said of the event, if it has been asked.

    Returns:
        The request; its token is of legal size and characters, and no more is known of it.

    Raises:
        TokenMissing: there is no Authorization header, and no cookie that counts.
        CredentialsAmbiguous: there are several, header and cookie among them, or another than the
            identity source, under which the gateway would cache the answer.
        TokenOversized: the value is longer than 10,240 bytes.
        TokenMalformed: the value is not `Bearer` and one token (RFC 6750 section 2.1), or the
            cookies are not the parts of one.
        OriginNotAllowed: there is a cookie, and no page of these origins sent it.
        CsrfTokenInvalid: there is a cookie, without the anti-CSRF token of its access token.
    """
    members = object_of(event)
    token = _token_of_cookie(members, cookie_origins) if cookie_origins else None
    source = source or origin(event)
    return AuthorizerRequest(
        _token_of_header(members) if token is None else token,
        source.route_key,
        source.request_id,
        path_parameters.unambiguous(
            source.route_key, members.get("rawPath"), members.get("pathParameters")
        ),
    )


def _token_of_header(members: Mapping[object, object]) -> UnverifiedToken:
    value = _authorization(members.get("headers"))
    if len(value) > MAX_TOKEN_BYTES:
        raise TokenOversized(f"{len(value)} characters")
    _check_identity_source(members.get("identitySource"), value)
    credentials = _BEARER.fullmatch(value)
    if credentials is None:
        raise TokenMalformed("the Authorization header is not Bearer and one token")
    return UnverifiedToken(credentials[1])


def _token_of_cookie(
    members: Mapping[object, object], origins: frozenset[str]
) -> UnverifiedToken | None:
    headers = members.get("headers")
    if header_values(headers, "cookie"):  # format 2.0 has a list of cookies in its place
        raise CredentialsAmbiguous("a cookie header, beside or for the list of cookies")
    found = access_cookie.find(members.get("cookies"))
    if not found:
        return None
    if header_values(headers, "authorization"):
        raise CredentialsAmbiguous("an Authorization header and a cookie")
    page_request.check_origin(members, origins)
    token = access_cookie.join(found)
    page_request.check_csrf_token(headers, token)
    _check_identity_source(members.get("identitySource"), token)
    return token


def _authorization(headers: object) -> str:
    values = header_values(headers, "authorization")
    if not values:
        raise TokenMissing("no Authorization header")
    if len(values) > 1:
        raise CredentialsAmbiguous("several Authorization headers")
    value = values[0]
    if not isinstance(value, str):
        raise TokenMalformed("the Authorization header is not a string")
    if not value:
        raise TokenMissing("the Authorization header is empty")
    return value


def _check_identity_source(sources: object, value: str) -> None:
    if not sources:
        return  # no identity source, no cache: the gateway remembers nothing
    if not (value == sources or (isinstance(sources, list) and value in sources)):
        raise CredentialsAmbiguous("the credential is not the identity source")
