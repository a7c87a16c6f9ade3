"""One log line for each request; never a token, a code or a state."""

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aws_lambda_powertools import Logger

from session.errors import SessionError

SERVICE: Final = "session"


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
    outcome: str = "failed"
    reason: str = "internal_error"
    fields: dict[str, str] = field(default_factory=dict)

    def done(self, outcome: str, **fields: str) -> None:
        """It went well: `signed_in`, `renewed` and so on."""
        self.outcome, self.reason = outcome, "ok"
        self.fields |= fields

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
        record = Record(str(event["requestContext"]["requestId"]), str(event["routeKey"]))
        try:
            yield record
        finally:
            fields = {
                "outcome": record.outcome,
                "reason": record.reason,
                "request_id": record.request_id,
                "route": record.route,
                **record.fields,
            }
            self._logger.info("session_request", extra=fields)
