"""What goes into the gateway and what comes out: requests and responses as plain values."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class GatewayRequest:
    """One HTTP request, as it came.

    Args:
        method: Upper case.
        path: Percent-encoded, before the question mark.
        query: Percent-encoded, after the question mark.
        headers: Names in lower case; repeats stay apart.
        body: Bytes as sent.
        source_ip: The client's address.
        protocol: Such as `HTTP/1.1`.
        port: Where the gateway listens.
        sent_names: Each header's name as the client first spelled it, by the name in lower case.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)
    source_ip: str = "127.0.0.1"
    protocol: str = "HTTP/1.1"
    port: int = 443
    sent_names: Mapping[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str | None:
        """Return a header's values joined by commas, as the gateway does; None if absent."""
        values = [value for key, value in self.headers if key == name.lower()]
        return ",".join(values) if values else None

    @property
    def size_bytes(self) -> int:
        """Request line and headers as they were on the wire."""
        target = len(self.path) + len(self.query) + (1 if self.query else 0)
        line = len(self.method) + target + len(self.protocol) + len("  \r\n")
        return line + sum(len(name) + len(value) + len(": \r\n") for name, value in self.headers)


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """One HTTP response; header names in lower case."""

    status: int
    headers: Headers
    body: bytes = field(repr=False)


class Refusal(Exception):
    """The gateway answers by itself, without the integration.

    Args:
        status: HTTP status.
        message: Goes to the caller, as API Gateway words it.
        reason: Goes to our log: what exactly was wrong.
        challenge: A `www-authenticate` value, or None.
    """

    def __init__(
        self, status: int, message: str, reason: str, challenge: str | None = None
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.message = message
        self.reason = reason
        self.challenge = challenge

    def response(self) -> GatewayResponse:
        """Answer with `{"message": ...}`, always JSON."""
        headers = [("content-type", "application/json")]
        if self.challenge is not None:
            headers.append(("www-authenticate", self.challenge))
        body = json.dumps({"message": self.message}, separators=(",", ":")).encode()
        return GatewayResponse(self.status, headers, body)


def unauthorized(reason: str, challenge: str | None = None) -> Refusal:
    """Answer 401."""
    return Refusal(401, "Unauthorized", reason, challenge)


def forbidden(reason: str, challenge: str | None = None) -> Refusal:
    """Answer 403."""
    return Refusal(403, "Forbidden", reason, challenge)


def not_found(reason: str) -> Refusal:
    """Answer 404, also for a wrong method: an HTTP API never answers 405."""
    return Refusal(404, "Not Found", reason)


def bad_request(reason: str) -> Refusal:
    """Answer 400."""
    return Refusal(400, "Bad Request", reason)


def internal_error(reason: str) -> Refusal:
    """Answer 500."""
    return Refusal(500, "Internal Server Error", reason)
