"""One log line and one metric for each token request; never a secret and never a token.

A client's name is logged only once it has proved that it is that client's.
"""

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from token_issuer.access_token import Grant
from token_issuer.errors import OAuthError

SERVICE: Final = "token_issuer"
NAMESPACE: Final = "JwtAuthorizer"
SERVER_ERROR: Final = 500


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
    outcome: str = "failed"
    reason: str = "internal_error"
    client_id: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    refused_keys: dict[str, str] = field(default_factory=dict)

    def passed_over(self, kid: str, reason: str) -> None:
        """KMS has refused a key that is published, and another one is tried."""
        self.refused_keys[kid] = reason

    def issued(self, grant: Grant, kid: str) -> None:
        """There is a token: its id, its scopes, who signed it."""
        self.outcome, self.reason = "issued", "ok"
        self.fields = {"jti": grant.token_id, "scope": " ".join(grant.scopes), "kid": kid}

    def refused(self, error: OAuthError) -> None:
        """There is none: by the caller's fault, or by ours or AWS's."""
        self.outcome = "failed" if error.status >= SERVER_ERROR else "refused"
        self.reason = error.reason


class Audit:
    """Writes the records."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger

    @contextmanager
    def of(self, event: Mapping[str, Any]) -> Iterator[Record]:
        """A record of one request, written when the block ends, however it does."""
        record = Record(str(event["requestContext"]["requestId"]))
        try:
            yield record
        finally:
            fields = {
                "outcome": record.outcome,
                "reason": record.reason,
                "request_id": record.request_id,
                "client_id": record.client_id,
                **record.fields,
            }
            for kid, reason in record.refused_keys.items():
                self.key_refused(kid, reason)
            self._logger.info("token_request", extra=fields)
            _count(record.outcome, record.reason)

    def key_refused(self, kid: str, reason: str) -> None:
        """Write that KMS does not let a published key sign."""
        self._logger.error("key_refused", extra={"kid": kid, "reason": reason})
        _count("key_refused", reason)


def _count(name: str, reason: str) -> None:
    with single_metric(
        name=name,
        unit=MetricUnit.Count,
        value=1,
        namespace=NAMESPACE,
        default_dimensions={"service": SERVICE},
    ) as metric:
        metric.add_dimension(name="reason", value=reason)
