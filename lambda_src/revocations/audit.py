"""One log line and one metric for a request; never a token."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from function_kit import request_log
from function_kit.revocation.writing import Refused
from revocations.caller import Caller
from revocations.errors import RevocationsError

SERVICE: Final = "revocations"
METRICS: Final = {"revoked": "TokensRevoked", "refused": "RevocationRefused"}
"""Each counts requests; its dimension is the reason."""

MAX_VALUE_CHARACTERS: Final = 256


@dataclass(slots=True)
class Record(request_log.Record):
    """What is known of one request by the time it is answered."""

    def by(self, caller: Caller) -> None:
        """Record who asks."""
        self.fields["by"] = caller.name[:MAX_VALUE_CHARACTERS]

    def revoked(self, done: Refused) -> None:
        """Record what is refused from now on."""
        revocation = done.revocation
        self.outcome, self.reason = "revoked", revocation.kind
        self.fields |= {
            "issuer_name": revocation.issuer,
            "value": revocation.value[:MAX_VALUE_CHARACTERS],
            "refresh_tokens": done.refresh_tokens or "",
        }
        if revocation.issued_before is not None:
            self.fields["issued_before"] = str(revocation.issued_before)

    def refused(self, error: RevocationsError) -> None:
        """Record that nothing was done."""
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
            self._logger.info("revocation_request", extra=record.line)
            if record.outcome in METRICS:
                self._metrics.count(METRICS[record.outcome], reason=record.reason)
