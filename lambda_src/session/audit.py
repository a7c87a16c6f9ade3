"""One log line and one metric for a request; never a token, a code or a state."""

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from session.errors import SessionError

SERVICE: Final = "session"
NAMESPACE: Final = "JwtAuthorizer"
INCOMPLETE: Final = "SessionSignOutIncomplete"
METRICS: Final = {
    "signed_in": "SessionSignedIn",
    "renewed": "SessionRenewed",
    "signed_out": "SessionSignedOut",
    "refused": "SessionRefused",
}
"""Each counts requests; its dimension is the reason."""


def make_logger() -> Logger:
    """Return the logger of the function; `POWERTOOLS_LOG_LEVEL` sets its level."""
    return Logger(service=SERVICE, logger_handler=_Stdout(), location=None, use_rfc3339=True)


class _Stdout(logging.Handler):
    """Writes to standard output as it is now."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stdout.write(f"{self.format(record)}\n")


@dataclass(slots=True)
class Record:
    """What is known of one request by the time it is answered."""

    request_id: str
    route: str
    source_ip: str
    outcome: str = "failed"
    reason: str = "internal_error"
    fields: dict[str, str] = field(default_factory=dict)
    incomplete: bool = False

    def done(self, outcome: str, **fields: str) -> None:
        """It went well: `signed_in`, `renewed` and so on."""
        self.outcome, self.reason = outcome, "ok"
        self.fields |= fields

    def signed_out(self, revocation: str, *, is_whole: bool, **fields: str) -> None:
        """A session was ended, if not everywhere: then an alarm may look for it."""
        self.done("signed_out", revocation=revocation, **fields)
        self.incomplete = not is_whole

    def refused(self, error: SessionError) -> None:
        """It did not; the caller learns less than the log."""
        self.outcome, self.reason = "refused", error.reason


class Audit:
    """Writes the records."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger

    @contextmanager
    def of(self, event: Mapping[str, Any]) -> Iterator[Record]:
        """A record of one request, written when the block ends, however it does."""
        context = event["requestContext"]
        source_ip = str(context.get("http", {}).get("sourceIp", ""))
        record = Record(str(context["requestId"]), str(event["routeKey"]), source_ip)
        try:
            yield record
        finally:
            fields = {
                "outcome": record.outcome,
                "reason": record.reason,
                "request_id": record.request_id,
                "route": record.route,
                "source_ip": record.source_ip,
                **record.fields,
            }
            self._logger.info("session_request", extra=fields)
            if record.outcome in METRICS:
                _count(METRICS[record.outcome], record.reason)
            if record.incomplete:
                _count(INCOMPLETE, record.fields["revocation"])


def _count(name: str, reason: str) -> None:
    with single_metric(name=name, unit=MetricUnit.Count, value=1, namespace=NAMESPACE) as metric:
        metric.add_dimension(name="reason", value=reason)
