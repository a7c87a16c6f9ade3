"""One log line and one metric for a request; never a token, a code or a state."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from function_kit import request_log
from session.errors import SessionError

SERVICE: Final = "session"
INCOMPLETE: Final = "SessionSignOutIncomplete"
METRICS: Final = {
    "signed_in": "SessionSignedIn",
    "renewed": "SessionRenewed",
    "signed_out": "SessionSignedOut",
    "refused": "SessionRefused",
}
"""Each counts requests; its dimension is the reason."""


@dataclass(slots=True)
class Record(request_log.Record):
    """What is known of one request by the time it is answered."""

    incomplete: bool = False

    def done(self, outcome: str, **fields: str) -> None:
        """Record a success: `signed_in`, `renewed` and so on."""
        self.outcome, self.reason = outcome, "ok"
        self.fields |= fields

    def signed_out(self, revocation: str, *, is_whole: bool, **fields: str) -> None:
        """Record a sign-out; one that is incomplete can raise an alarm."""
        self.done("signed_out", revocation=revocation, **fields)
        self.incomplete = not is_whole

    def refused(self, error: SessionError) -> None:
        """Record a refusal; the caller learns less than the log."""
        self.outcome, self.reason = "refused", error.reason


class Audit:
    """Writes the records of a stage."""

    def __init__(self, stage: str) -> None:
        self._logger = request_log.make_logger(SERVICE)
        self._metrics = request_log.Metrics(SERVICE, stage)

    @contextmanager
    def of(self, event: Mapping[str, Any]) -> Iterator[Record]:
        """Record one request; the line is written when the block ends, even by an exception."""
        context = event["requestContext"]
        record = Record(
            {
                "request_id": str(context["requestId"]),
                "route": str(event["routeKey"]),
                "source_ip": str(context.get("http", {}).get("sourceIp", "")),
            }
        )
        try:
            yield record
        finally:
            self._logger.info("session_request", extra=record.line)
            if record.outcome in METRICS:
                self._metrics.count(METRICS[record.outcome], reason=record.reason)
            if record.incomplete:
                self._metrics.count(INCOMPLETE, reason=record.fields["revocation"])
