"""One log line and one metric for each decision; never a token. The only user of Powertools.

Everything that a line says of a token has been verified, also of one that is refused after its
signature was found good; of any other token it says a fingerprint and a reason code. Lines are
ASCII JSON with every value cut, so no value can forge a second line.
"""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from authorizer.events import RequestOrigin
from authorizer.policy import Decision
from jwt_verifier.errors import TokenRejected, VerifierError
from jwt_verifier.jwks_cache import KeysEvent
from jwt_verifier.tokens import UnverifiedToken, VerifiedToken, fingerprint

SERVICE: Final = "authorizer"
NAMESPACE: Final = "JwtAuthorizer"
MAX_VALUE_CHARACTERS: Final = 128


def make_logger() -> Logger:
    """Return the logger of the function; `POWERTOOLS_LOG_LEVEL` sets its level."""
    to_json = partial(json.dumps, ensure_ascii=True, default=str, separators=(",", ":"))
    formatter = LambdaPowertoolsFormatter(json_serializer=to_json, utc=True, use_rfc3339=True)
    return Logger(
        service=SERVICE, logger_handler=_Stdout(), logger_formatter=formatter, location=None
    )


class _Stdout(logging.Handler):
    """Writes to standard output as it is now, where metrics are printed: the two never part."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stdout.write(f"{self.format(record)}\n")


class Record:
    """What is known of one request by the time it is answered."""

    def __init__(self, origin: RequestOrigin) -> None:
        self.outcome = "failed"
        self.reason = "internal_error"
        self.fields: dict[str, str] = {
            "route_key": origin.route_key,
            "request_id": origin.request_id,
        }

    def about(self, token: UnverifiedToken) -> None:
        """Name the token by its fingerprint."""
        self.fields["token"] = fingerprint(token)

    def rejected(self, rejection: TokenRejected) -> None:
        """The token is not acceptable."""
        self._conclude("rejected", rejection.code, str(rejection))
        facts = rejection.facts
        if facts is None:
            return
        self._name(facts.issuer, facts.key_id, facts.subject, facts.client_id)
        if facts.offending is not None:
            self.fields["offending"] = json.dumps(facts.offending)

    def decided(self, token: VerifiedToken, decision: Decision) -> None:
        """The token is good, and the policy has spoken."""
        self._conclude("allowed" if decision.allowed else "denied", decision.reason)
        self._name(token.issuer, token.key_id, token.subject, token.client_id)

    def failed(self, fault: Exception) -> None:
        """Nothing can be said about the token, and it is not the caller's fault."""
        if isinstance(fault, VerifierError):
            self._conclude("failed", fault.code, str(fault))
        else:
            self._conclude("failed", "internal_error", type(fault).__name__)

    def _name(self, issuer: str, kid: str, subject: str | None, client_id: str | None) -> None:
        self.fields["issuer"] = issuer
        self.fields["kid"] = kid
        self.fields["sub"] = subject or ""
        self.fields["client_id"] = client_id or ""

    def _conclude(self, outcome: str, reason: str, detail: str = "") -> None:
        self.outcome = outcome
        self.reason = reason
        if detail:
            self.fields["detail"] = detail


class Audit:
    """Writes the records of an authorizer."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger

    @contextmanager
    def of(self, origin: RequestOrigin) -> Iterator[Record]:
        """Give a record to fill in; it is written exactly once, whatever happens inside."""
        record = Record(origin)
        try:
            yield record
        except Exception as fault:
            if record.outcome != "rejected":  # a rejection is raised too: that is its 401
                record.failed(fault)
            raise
        finally:
            self._write(record)

    def keys_event(self, issuer_name: str, event: KeysEvent, detail: str) -> None:
        """Write what happened to an issuer's keys."""
        level = self._logger.info if event is KeysEvent.FETCHED else self._logger.warning
        level("keys", extra={"event": event, "issuer_name": issuer_name, "detail": _cut(detail)})
        _count(str(event), "issuer_name", issuer_name)

    def _write(self, record: Record) -> None:
        level = self._logger.error if record.outcome == "failed" else self._logger.info
        fields = {name: _cut(value) for name, value in record.fields.items()}
        level(
            "decision",
            extra={"outcome": record.outcome, "reason": _cut(record.reason), **fields},
        )
        _count(record.outcome, "reason", record.reason.partition(":")[0])


def _count(name: str, dimension: str, value: str) -> None:
    with single_metric(
        name=name,
        unit=MetricUnit.Count,
        value=1,
        namespace=NAMESPACE,
        default_dimensions={"service": SERVICE},
    ) as metric:
        metric.add_dimension(name=dimension, value=_cut(value))


def _cut(value: str) -> str:
    return value[:MAX_VALUE_CHARACTERS]
