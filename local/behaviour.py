"""The values that the local gateway uses where AWS documents nothing.

`behaviour.toml` has a row for each undocumented behaviour: its evidence, our choice and the test
that holds it. Where nobody has measured AWS, the stricter value is chosen.
"""

from typing import Final

HEAD_TOO_LARGE: Final = (431, "Request Header Fields Too Large")
BODY_TOO_LARGE: Final = (413, "Request Entity Too Large")
EVENT_TOO_LARGE: Final = (413, "Request Entity Too Large")
THROTTLED: Final = (429, "Too Many Requests")
LATE_INTEGRATION: Final = (503, "Service Unavailable")
UNREACHABLE_INTEGRATION: Final = (503, "Service Unavailable")
"""Status, and the message of the body."""

ROUTABLE_METHODS: Final = frozenset(("GET", "PUT", "POST", "HEAD", "PATCH", "DELETE", "OPTIONS"))
JWT_LEEWAY_SECONDS: Final = 0
LAMBDA_AUTHORIZER_CHALLENGE: Final = "Bearer"
REMAPPED_CHALLENGE: Final = "x-amzn-remapped-www-authenticate"
MAX_HTTP_RESPONSE_BYTES: Final = 10 * 1024 * 1024
