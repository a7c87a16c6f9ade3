"""A request on its way -> the `$context` variables that identity sources and logs may name."""

import base64
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from local.gateway.messages import GatewayRequest
from local.gateway.routing import Match
from local.template.local_app import ApiConfig, StageConfig

_REQUEST_ID_BYTES = 11
"""Gives 16 characters of base64, the form of an HTTP API's request ids."""


def new_request_id() -> str:
    """A request id as `apigw-requestid` shows it."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_REQUEST_ID_BYTES)).decode()


@dataclass(frozen=True, slots=True)
class RequestContext:
    """All that is known about a request once its route is.

    `epoch_seconds` is when it came, as Unix time.
    """

    api: ApiConfig
    stage: StageConfig
    match: Match
    request: GatewayRequest
    request_id: str
    epoch_seconds: float

    @property
    def domain_name(self) -> str:
        """The host name that the deployed API would have."""
        return f"{self.api.id}.execute-api.{self.api.region}.amazonaws.com"

    @property
    def time(self) -> str:
        """When the request came, in the log's own format: `12/Mar/2026:19:03:58 +0000`."""
        return datetime.fromtimestamp(self.epoch_seconds, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")

    def variables(self) -> dict[str, str]:
        """Every `$context` variable that has a value before the integration is called."""
        request = self.request
        return {
            "accountId": self.api.account_id,
            "apiId": self.api.id,
            "domainName": self.domain_name,
            "domainPrefix": self.api.id,
            "httpMethod": request.method,
            "identity.sourceIp": request.source_ip,
            "identity.userAgent": request.header("user-agent") or "",
            "path": request.path,
            "protocol": request.protocol,
            "requestId": self.request_id,
            "requestTime": self.time,
            "requestTimeEpoch": str(int(self.epoch_seconds * 1000)),
            "routeKey": self.match.route.key,
            "stage": self.stage.name,
        }
