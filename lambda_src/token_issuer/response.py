"""An answer's parts -> a payload format 2.0 response. Pure."""

import json
from collections.abc import Mapping
from typing import Any, Final

from token_issuer.errors import ClientInvalid, OAuthError, RetryLater

Response = dict[str, Any]

_NO_STORE: Final = {"cache-control": "no-store", "pragma": "no-cache"}
"""RFC 6749 section 5.1: nobody may keep a token, nor an answer that stands for one."""


def token(access_token: str, scope: str, lifetime_seconds: int) -> Response:
    """Answer with a token (RFC 6749 section 5.1)."""
    body = {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": lifetime_seconds,
        "scope": scope,
    }
    return _json(200, body, _NO_STORE)


def refusal(error: OAuthError) -> Response:
    """Answer without one (RFC 6749 section 5.2)."""
    headers = dict(_NO_STORE)
    if isinstance(error, ClientInvalid):
        headers["www-authenticate"] = 'Basic realm="token", charset="UTF-8"'
    if isinstance(error, RetryLater):
        headers["retry-after"] = str(error.retry_after_seconds)
    return _json(error.status, {"error": error.code, "error_description": str(error)}, headers)


def document(body: Mapping[str, object], cache_seconds: int) -> Response:
    """Answer with a public document, cacheable for a time and readable by any origin."""
    headers = {
        "cache-control": f"public, max-age={cache_seconds}",
        "access-control-allow-origin": "*",
    }
    return _json(200, body, headers)


def not_found() -> Response:
    """Answer a route that is not ours."""
    return _json(404, {"message": "Not Found"}, {})


def _json(status: int, body: Mapping[str, object], headers: Mapping[str, str]) -> Response:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json", **headers},
        "body": json.dumps(body),
    }
