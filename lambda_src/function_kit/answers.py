"""Status and body -> a payload format 2.0 response, with what every answer carries. Pure."""

import json
from collections.abc import Mapping
from typing import Any, Final

SECURE_HEADERS: Final = {
    # Two years (RFC 6797; OWASP ASVS 5.0, 3.4.1). A browser heeds it over TLS alone.
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
    # Of requests that ask for no CORS: no page of another origin embeds an answer (Fetch standard).
    "cross-origin-resource-policy": "same-origin",
}
"""What a browser is told with every answer of ours."""

_API_HEADERS: Final = {
    **SECURE_HEADERS,
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "content-type": "application/json",
}


def json_answer(status: int, body: Mapping[str, object]) -> dict[str, Any]:
    """Return an answer of the API, which nobody keeps, frames or embeds."""
    return {"statusCode": status, "headers": dict(_API_HEADERS), "body": json.dumps(body)}
