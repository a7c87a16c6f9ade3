"""A request that brings a cookie -> nothing, or why no page of ours can have sent it.

A browser adds cookies to whatever any page makes it send, so a cookie says who, and never
that they meant it. That is for two things to say which no other site can make a browser send: where
the request comes from, and a header that only our own page knows ("Origin", MDN; OWASP CSRF
prevention cheat sheet).
"""

from collections.abc import Mapping
from hmac import compare_digest
from typing import Final

from authorizer.errors import CsrfTokenInvalid, OriginNotAllowed
from authorizer.event_members import header_values, object_of
from function_kit import csrf_token
from jwt_verifier.tokens import UnverifiedToken

ORIGINLESS_METHODS: Final = ("GET", "HEAD")


def check_origin(members: Mapping[object, object], origins: frozenset[str]) -> None:
    """Refuse a request unless a page of these origins has made it.

    Browsers send `Origin` with all but `GET` and `HEAD` requests of the same origin (Fetch
    standard, "append a request Origin header"; MDN, "Origin"). For those two, `Sec-Fetch-Site`
    says it, which no script can set (Fetch Metadata Request Headers, section 2.3).

    Args:
        members: an event of payload format 2.0.
        origins: as browsers write them; compared to the letter.

    Raises:
        OriginNotAllowed: another origin, an opaque one (`null`), several, or none where a browser
            of ours would have sent one.
    """
    headers = members.get("headers")
    given = header_values(headers, "origin")
    if given:
        is_ours = len(given) == 1 and isinstance(given[0], str) and given[0] in origins
    else:
        http = object_of(object_of(members.get("requestContext")).get("http"))
        sites = header_values(headers, "sec-fetch-site")
        is_ours = http.get("method") in ORIGINLESS_METHODS and sites == ["same-origin"]
    if not is_ours:
        raise OriginNotAllowed("the request's origin is not allowed")


def check_csrf_token(headers: object, token: UnverifiedToken) -> None:
    """Refuse a request unless it holds the anti-CSRF token of this very access token.

    Args:
        headers: those of an event, or anything else.
        token: the access token of the cookie; ASCII.

    Raises:
        CsrfTokenInvalid: it is missing, stands there twice, or is another token's.
    """
    given = header_values(headers, csrf_token.HEADER)
    value = given[0] if len(given) == 1 else None
    if not isinstance(value, str):
        raise CsrfTokenInvalid("exactly one anti-CSRF token is required")
    expected = csrf_token.csrf_token(token)
    if not compare_digest(value.encode(errors="surrogatepass"), expected.encode()):
        raise CsrfTokenInvalid("the anti-CSRF token does not match the cookie")
