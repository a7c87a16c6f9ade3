"""A request on its way -> what is known of it, and the `$context` variables that may name it."""

import base64
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from local.gateway.decoding import decoded_path, query_pairs
from local.gateway.messages import GatewayRequest
from local.gateway.routing import Match
from local.template.local_app import ApiConfig, StageConfig

_REQUEST_ID_BYTES = 11
"""Gives 16 characters of base64, the form of an HTTP API's request ids."""

_TRACE_ID_BYTES = 12


def new_request_id() -> str:
    """Return a request id as `apigw-requestid` shows it."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_REQUEST_ID_BYTES)).decode()


def new_trace_id(epoch_seconds: float) -> str:
    """Return a value of `x-amzn-trace-id` (AWS X-Ray, "Tracing header")."""
    return f"Root=1-{int(epoch_seconds):08x}-{secrets.token_hex(_TRACE_ID_BYTES)}"


@dataclass(frozen=True, slots=True)
class RequestContext:
    """All that is known about a request once its route is.

    Args:
        api: Whose request it is.
        stage: The selected stage.
        match: The selected route with its path parameters.
        request: As it came; its path and query can be decoded.
        path: Percent-encoded, without the stage.
        request_id: As in `apigw-requestid`.
        trace_id: As in `x-amzn-trace-id`.
        epoch_seconds: When it came, as Unix time.
    """

    api: ApiConfig
    stage: StageConfig
    match: Match
    request: GatewayRequest
    path: str
    request_id: str
    trace_id: str
    epoch_seconds: float

    @property
    def domain_name(self) -> str:
        """The host name that the deployed API would be called by."""
        return self.api.origins[0].removeprefix("https://")

    @property
    def domain_prefix(self) -> str:
        """The first label of that name."""
        return self.domain_name.partition(".")[0]

    @property
    def time(self) -> str:
        """When the request came, in the log's own format: `12/Mar/2026:19:03:58 +0000`."""
        return datetime.fromtimestamp(self.epoch_seconds, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")

    @property
    def time_epoch_ms(self) -> int:
        """When the request came, in milliseconds."""
        return int(self.epoch_seconds * 1000)

    @property
    def raw_path(self) -> str:
        """The path with its stage, decoded but for the percent sign."""
        return decoded_path(self.request.path)

    @property
    def resource(self) -> str:
        """The route's path as declared, or `$default`."""
        return self.match.route.key.rpartition(" ")[2]

    @property
    def route_arn(self) -> str:
        """What an authorizer's policy is held against; the path is the request's own."""
        api = self.api
        return (
            f"arn:aws:execute-api:{api.region}:{api.account_id}:{api.id}"
            f"/{self.stage.name}/{self.request.method}{decoded_path(self.path)}"
        )

    @property
    def query(self) -> list[tuple[str, str]]:
        """Names and values of the query string, in order."""
        return query_pairs(self.request.query)

    def query_value(self, name: str) -> str | None:
        """Return a query parameter's values joined by commas; None if absent. Names are exact."""
        values = [value for key, value in self.query if key == name]
        return ",".join(values) if values else None

    def variables(self) -> dict[str, str]:
        """List the `$context` variables that have a value before the integration is called."""
        request = self.request
        return {
            "accountId": self.api.account_id,
            "apiId": self.api.id,
            "domainName": self.domain_name,
            "domainPrefix": self.domain_prefix,
            "extendedRequestId": self.request_id,
            "httpMethod": request.method,
            "identity.sourceIp": request.source_ip,
            "identity.userAgent": request.header("user-agent") or "",
            "path": request.path,
            "protocol": request.protocol,
            "requestId": self.request_id,
            "requestTime": self.time,
            "requestTimeEpoch": str(self.time_epoch_ms),
            "routeKey": self.match.route.key,
            "stage": self.stage.name,
        }
