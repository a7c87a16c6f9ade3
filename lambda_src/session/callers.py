"""Who may ask: pages of this origin only, and to change something only with the session's token.

`Origin` is what a browser says of the page that asks, and no page can forge it (Fetch Standard).
With a GET to its own origin a browser sends none, and `Sec-Fetch-Site` instead.
"""

import hmac
from collections.abc import Mapping
from typing import Any

from function_kit.csrf_token import HEADER as CSRF_HEADER
from session.errors import Forbidden


def require_own_page(event: Mapping[str, Any], public_url: str) -> None:
    """Let a page of this origin read.

    Raises:
        Forbidden: Another page asks, or none.
    """
    headers = _headers(event)
    origin = headers.get("origin")
    if origin is None and headers.get("sec-fetch-site") == "same-origin":
        return
    _require(origin, public_url)


def require_own_origin(event: Mapping[str, Any], public_url: str) -> None:
    """Let a page of this origin write, if it holds the token: see `require_csrf_token`.

    Raises:
        Forbidden: Another page asks, or none, or without the header that no form can send.
    """
    headers = _headers(event)
    _require(headers.get("origin"), public_url)
    if not headers.get(CSRF_HEADER):
        raise Forbidden(f"the header {CSRF_HEADER} is missing", "csrf_token_missing")


def require_csrf_token(event: Mapping[str, Any], expected: str) -> None:
    """Let a caller that knows the session's token change it.

    Raises:
        Forbidden: The header holds another.
    """
    given = str(_headers(event).get(CSRF_HEADER, ""))
    if not hmac.compare_digest(given.encode(errors="surrogatepass"), expected.encode()):
        raise Forbidden(f"the header {CSRF_HEADER} is not this session's", "csrf_token_wrong")


def require_navigation(event: Mapping[str, Any]) -> None:
    """Let a browser as a whole come here: by a link or an address, not by a frame or a script.

    A browser says so with every request (Fetch Metadata Request Headers, section 2); one that says
    nothing is an old one.

    Raises:
        Forbidden: Something else asks.
    """
    headers = _headers(event)
    for name, expected in (("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")):
        if headers.get(name, expected) != expected:
            raise Forbidden("the request is not a browser's navigation", "navigation_missing")


def _require(origin: object, public_url: str) -> None:
    if origin is None:
        raise Forbidden("the request names no Origin", "origin_missing")
    if origin != public_url:
        raise Forbidden("the request comes from another Origin", "origin_foreign")


def _headers(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return event.get("headers") or {}
