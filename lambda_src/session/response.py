"""An answer's parts -> a payload format 2.0 response. Pure.

Nobody keeps an answer, and a page of ours runs nothing and stands in no frame.
"""

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from function_kit.answers import SECURE_HEADERS
from session.errors import SessionError, Unavailable

Response = dict[str, Any]

LOGIN_PATH: Final = "/session/login"
APP_PATH: Final = "/app"
_HEADERS: Final = {
    **SECURE_HEADERS,
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
}
CLEARED: Final = {"clear-site-data": '"cache", "storage"'}
"""What a browser throws away when a person signs out (Clear Site Data). Not "cookies", which would
sign the person out of every other application under the same registered domain."""

_PAGE_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "webrtc 'block'"
)
_TITLES: Final = {
    400: "You are not signed in",
    403: "You are not signed in",
    502: "Sign-in does not work",
    503: "Sign-in is temporarily unavailable",
}
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{words}</p>
<p><a href="{login}">Try again</a> or <a href="{app}">go back</a>.</p>
</main>
</body>
</html>
"""


def document(
    body: Mapping[str, object],
    cookies: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer a page of ours with JSON, which depends on the cookies."""
    return _json(200, body, {"vary": "Cookie", **(headers or {})}, cookies)


def refusal(error: SessionError, cookies: Sequence[str] = ()) -> Response:
    """Answer with JSON that names what went wrong."""
    return _json(error.status, {"error": error.code}, _waiting(error), cookies)


def page(error: SessionError, words: str, cookies: Sequence[str] = ()) -> Response:
    """Answer with a page for a person, with a link to try again.

    Args:
        error: Gives the status.
        words: What happened; whatever they hold is shown as text.
        cookies: Set-Cookie.
    """
    title = _TITLES[error.status]
    html = _PAGE.format(title=title, words=escape(words), login=LOGIN_PATH, app=APP_PATH)
    headers = {
        **_waiting(error),
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": _PAGE_POLICY,
    }
    return _response(error.status, headers, html, cookies)


def redirect(status: int, url: str, cookies: Sequence[str]) -> Response:
    """Send the browser on."""
    return _response(status, {"location": url}, "", cookies)


def method_not_allowed(allowed: str) -> Response:
    """Refuse a method that this route does not have (RFC 9110 section 15.5.6)."""
    return _json(405, {"error": "method_not_allowed"}, {"allow": allowed}, ())


def without_body(answer: Response) -> Response:
    """Return the answer to HEAD: the same headers (RFC 9110 section 9.3.2)."""
    return {**answer, "body": ""}


def not_found() -> Response:
    """Answer a route that is not ours."""
    return _json(404, {"error": "not_found"}, {}, ())


def _json(
    status: int, body: Mapping[str, object], headers: Mapping[str, str], cookies: Sequence[str]
) -> Response:
    typed = {**headers, "content-type": "application/json"}
    return _response(status, typed, json.dumps(body), cookies)


def _response(
    status: int, headers: Mapping[str, str], body: str, cookies: Sequence[str]
) -> Response:
    return {
        "statusCode": status,
        "headers": {**_HEADERS, **headers},
        "cookies": list(cookies),
        "body": body,
    }


def _waiting(error: SessionError) -> dict[str, str]:
    if not isinstance(error, Unavailable):
        return {}
    return {"retry-after": str(error.retry_after_seconds)}
