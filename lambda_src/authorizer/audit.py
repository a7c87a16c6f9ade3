"""One line for each decision, its log entry and its metric; never a token.

Everything that a line says of a token has been verified, also of one that is refused after its
signature was found good; of any other token it says a fingerprint and a reason code. Lines are
ASCII JSON with every value cut, so no value can forge a second line.
"""

import json
import logging
import sys
from collections.abc import Callable
from typing import Final

from authorizer.decision_line import DecisionLines
from authorizer.errors import RevocationsUnavailable
from authorizer.events import RequestOrigin
from authorizer.policy import Decision
from function_kit import request_log
from jwt_verifier.errors import TokenRejected, VerifierError
from jwt_verifier.freshness import Clock
from jwt_verifier.jwks_cache import KeysEvent
from jwt_verifier.tokens import UnverifiedToken, VerifiedToken, fingerprint

SERVICE: Final = "authorizer"
MAX_VALUE_CHARACTERS: Final = 128
_USUAL_LEVEL: Final = ("INFO", logging.INFO)
_FAILED_LEVEL: Final = ("ERROR", logging.ERROR)
_NO_REVOCATIONS: Final = RevocationsUnavailable.code

WriteLine = Callable[[str], object]


class Record(request_log.Record):
    """What is known of one request by the time it is answered."""

    def __init__(self, origin: RequestOrigin) -> None:
        super().__init__({"route_key": origin.route_key, "request_id": origin.request_id})

    def about(self, token: UnverifiedToken) -> None:
        """Name the token by its fingerprint."""
        self.fields["token"] = fingerprint(token)

    def rejected(self, rejection: TokenRejected) -> None:
        """Record that the token was rejected."""
        self._conclude("rejected", rejection.code, str(rejection))
        facts = rejection.facts
        if facts is None:
            return
        self._name(facts.issuer, facts.key_id, facts.subject, facts.client_id)
        if facts.offending is not None:
            self.fields["offending"] = json.dumps(facts.offending)

    def decided(self, token: VerifiedToken, decision: Decision) -> None:
        """Record the policy's decision about a verified token."""
        reason, _, missing = decision.reason.partition(":")
        self._conclude("allowed" if decision.allowed else "denied", reason, missing)
        self._name(token.issuer, token.key_id, token.subject, token.client_id)

    def answered(self, not_handed_on: str) -> None:
        """Backends have the answer, but for what it could not hold."""
        if not_handed_on:
            self.fields["not_handed_on"] = not_handed_on

    def failed(self, fault: Exception) -> None:
        """Record a failure that says nothing about the token and is not the caller's fault."""
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


class Recording:
    """The time in which a record is filled in; when it ends, the record is written."""

    def __init__(self, record: Record, write: Callable[[Record], None]) -> None:
        self._record = record
        self._write = write

    def __enter__(self) -> Record:
        return self._record

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> None:
        try:
            # A rejection is raised too: that is its 401.
            if isinstance(fault, Exception) and self._record.outcome != "rejected":
                self._record.failed(fault)
        finally:
            self._write(self._record)


class Audit:
    """Writes the records of an authorizer; `write` takes each whole line, with its end."""

    def __init__(self, lines: DecisionLines, wall_clock: Clock, write: WriteLine) -> None:
        self._lines = lines
        self._wall_clock = wall_clock
        self._write_line = write
        self._logger = request_log.make_logger(SERVICE)
        self._metrics = request_log.Metrics(SERVICE, lines.stage)

    def of(self, origin: RequestOrigin) -> "Recording":
        """Give a record to fill in; it is written exactly once, whatever happens inside."""
        return Recording(Record(origin), self._write)

    def keys_event(self, issuer_name: str, event: KeysEvent, detail: str) -> None:
        """Write what happened to an issuer's keys."""
        level = self._logger.info if event is KeysEvent.FETCHED else self._logger.warning
        level("keys", extra={"event": event, "issuer_name": issuer_name, "detail": _cut(detail)})
        self._metrics.count(str(event), issuer_name=_cut(issuer_name))

    def revocations_unavailable(self, detail: str) -> None:
        """Write that what was taken back cannot be read."""
        self._logger.warning(
            "revocations", extra={"event": _NO_REVOCATIONS, "detail": _cut(detail)}
        )
        self._metrics.count(_NO_REVOCATIONS)

    def _write(self, record: Record) -> None:
        name, level = _FAILED_LEVEL if record.outcome == "failed" else _USUAL_LEVEL
        said: dict[str, str] = {}
        if level >= self._logger.log_level:
            said = {"level": name, "message": "decision", "outcome": record.outcome}
            for field, value in record.fields.items():
                said[field] = value[:MAX_VALUE_CHARACTERS]
        line = self._lines.line(record.outcome, _cut(record.reason), said, self._wall_clock())
        self._write_line(f"{line}\n")


def print_line(line: str) -> None:
    """Write to standard output as it is now, where every other line goes."""
    sys.stdout.write(line)


def _cut(value: str) -> str:
    return value[:MAX_VALUE_CHARACTERS]
