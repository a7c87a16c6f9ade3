"""A request on its way through the gateway -> the Exchange that is told of it in the end."""

from dataclasses import dataclass, field

from local.gateway.access_log import Exchange, access_log_line
from local.gateway.context import RequestContext
from local.gateway.messages import GatewayRequest, GatewayResponse


@dataclass(slots=True)
class Progress:
    """What is known of a request so far.

    Args:
        request: As it came.
        request_id: As in `apigw-requestid`.
        epoch_seconds: When it came, as Unix time.
        started_at: The same on a clock that only grows, in seconds.
        context: Known once its route is.
        decided_in: The request id whose decision by a Lambda authorizer counts.
        reason: Why it was refused or may pass.
        variables: The `$context` variables that only its course gives a value.
    """

    request: GatewayRequest
    request_id: str
    epoch_seconds: float
    started_at: float
    context: RequestContext | None = None
    decided_in: str | None = None
    reason: str = ""
    variables: dict[str, str] = field(default_factory=dict)

    def exchange(self, response: GatewayResponse, now: float) -> Exchange:
        """Return the finished exchange, with the stage's line for it.

        Args:
            response: What the caller gets.
            now: On the clock of `started_at`.
        """
        latency_ms = round((now - self.started_at) * 1000)
        context = self.context
        return Exchange(
            request_id=self.request_id,
            method=self.request.method,
            path=self.request.path,
            route_key=context.match.route.key if context else None,
            status=response.status,
            reason=self.reason,
            decided_in=self.decided_in,
            epoch_seconds=self.epoch_seconds,
            latency_ms=latency_ms,
            access_log=self._access_log(context, response, latency_ms) if context else None,
        )

    def _access_log(
        self, context: RequestContext, response: GatewayResponse, latency_ms: int
    ) -> str | None:
        if context.stage.access_log_format is None:
            return None
        variables = {
            **context.variables(),
            **self.variables,
            "responseLatency": str(latency_ms),
            "responseLength": str(len(response.body)),
            "status": str(response.status),
        }
        return access_log_line(context.stage.access_log_format, variables)
