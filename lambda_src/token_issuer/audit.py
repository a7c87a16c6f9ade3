"""One log line and one metric for each token request; never a secret and never a token.

A client's name is logged only once it has proved that it is that client's.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from function_kit import request_log
from token_issuer.access_token import Grant
from token_issuer.errors import OAuthError

SERVICE: Final = "token_issuer"
SERVER_ERROR: Final = 500


@dataclass(slots=True)
class Record(request_log.Record):
    """What is known of one request by the time it is answered."""

    refused_keys: dict[str, str] = field(default_factory=dict)

    def authenticated(self, client_id: str) -> None:
        """Record the client that has authenticated."""
        self.fields["client_id"] = client_id

    def passed_over(self, kid: str, reason: str) -> None:
        """Record that KMS refused a published key, and that another one is tried."""
        self.refused_keys[kid] = reason

    def issued(self, grant: Grant, kid: str) -> None:
        """Record a token: its id, its scopes and the key that signed it."""
        self.outcome, self.reason = "issued", "ok"
        self.fields |= {"jti": grant.token_id, "scope": " ".join(grant.scopes), "kid": kid}

    def refused(self, error: OAuthError) -> None:
        """Record a refusal: by the caller's fault, or by ours or AWS's."""
        self.outcome = "failed" if error.status >= SERVER_ERROR else "refused"
        self.reason = error.reason


class Audit:
    """Writes the records of a stage."""

    def __init__(self, stage: str) -> None:
        self._logger = request_log.make_logger(SERVICE)
        self._metrics = request_log.Metrics(SERVICE, stage)

    @contextmanager
    def of(self, event: Mapping[str, Any]) -> Iterator[Record]:
        """Record one request; the line is written when the block ends, even by an exception."""
        request_id = str(event["requestContext"]["requestId"])
        record = Record({"request_id": request_id, "client_id": ""})
        try:
            yield record
        finally:
            for kid, reason in record.refused_keys.items():
                self.key_refused(kid, reason)
            self._logger.info("token_request", extra=record.line)
            self._metrics.count(record.outcome, reason=record.reason)

    def key_refused(self, kid: str, reason: str) -> None:
        """Write that KMS does not let a published key sign."""
        self._logger.error("key_refused", extra={"kid": kid, "reason": reason})
        self._metrics.count("key_refused", reason=reason)
