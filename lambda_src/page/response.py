"""An answer's parts -> a payload format 2.0 response. Pure."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any, Final

from page.static_files import StaticFile, etag

Response = dict[str, Any]
Headers = Mapping[str, str]

_FOREVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_HTML: Final = "text/html; charset=utf-8"


def file(found: StaticFile, if_none_match: str | None, security: Headers) -> Response:
    """Answer with a file, or with 304 if the caller has it already (RFC 9110 section 13.1.2)."""
    tag = etag(found.text, security["content-security-policy"])
    headers = {
        **security,
        "cache-control": _FOREVER if found.is_hashed else _ASK_AGAIN,
        "etag": tag,
    }
    if if_none_match is not None and _matches(if_none_match, tag):
        return {"statusCode": 304, "headers": headers, "body": ""}
    return _answer(200, found.text, {**headers, "content-type": found.content_type})


def document(body: Mapping[str, object], security: Headers) -> Response:
    """Answer with JSON that nobody may cache."""
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return _answer(200, json.dumps(body), {**security, **headers})


def not_found(path: str, security: Headers) -> Response:
    """Answer with a page that says that nothing is here."""
    html = _page("Page not found", f"The page has no file {path[:200]}.")
    return _answer(404, html, {**security, "content-type": _HTML, "cache-control": "no-store"})


def method_not_allowed(security: Headers) -> Response:
    """Refuse a method other than GET and HEAD (RFC 9110 section 15.5.6)."""
    html = _page("Method not allowed", "Use GET or HEAD.")
    headers = {"content-type": _HTML, "cache-control": "no-store", "allow": "GET, HEAD"}
    return _answer(405, html, {**security, **headers})


def without_body(response: Response) -> Response:
    """Return the answer to HEAD: the same headers (RFC 9110 section 9.3.2)."""
    return {**response, "body": ""}


def _answer(status: int, body: str, headers: Headers) -> Response:
    return {"statusCode": status, "headers": dict(headers), "body": body}


def _matches(if_none_match: str, tag: str) -> bool:
    tags = [item.strip().removeprefix("W/") for item in if_none_match.split(",")]
    return "*" in tags or tag in tags


def _page(title: str, words: str) -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title></head><body><main><h1>{escape(title)}</h1>"
        f'<p>{escape(words)}</p><p><a href="/app">To the page</a></p></main></body></html>\n'
    )
