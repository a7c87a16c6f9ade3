"""Constants."""

from typing import Final

EVENT_TOO_LARGE: Final = (413, "Request Entity Too Large")
HEAD_TOO_LARGE: Final = (431, "Request Header Fields Too Large")
BODY_TOO_LARGE: Final = (413, "Request Entity Too Large")
LATE_INTEGRATION: Final = (503, "Service Unavailable")
UNREACHABLE_INTEGRATION: Final = (503, "Service Unavailable")
THROTTLED: Final = (429, "Too Many Requests")
JWT_LEEWAY_SECONDS: Final = 0
LAMBDA_AUTHORIZER_CHALLENGE: Final = "Bearer"
MAX_HTTP_RESPONSE_BYTES: Final = 10 * 1024 * 1024
ROUTABLE_METHODS: Final = frozenset(("GET", "PUT", "POST", "HEAD", "PATCH", "DELETE", "OPTIONS"))
