"""Request -> response: *start here*. Limits, stage, CORS, route, throttle, authorizer, integration.

The rule: no sockets, and no clock but those handed in; a request is refused by raising a `Refusal`
at the step that refuses it.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from local.gateway.access_log import Exchange, access_log_line
from local.gateway.context import RequestContext, new_request_id
from local.gateway.cors import is_preflight, preflight_response, with_cors
from local.gateway.events import integration_event
from local.gateway.issuer_keys import IssuerKeys
from local.gateway.jwt_authorizer import JwtAuthorizer
from local.gateway.lambda_authorizer import Invoke, LambdaAuthorizer, lambda_block
from local.gateway.messages import GatewayRequest, GatewayResponse, Refusal, not_found
from local.gateway.responses import integration_response
from local.gateway.routing import DEFAULT_ROUTE_KEY, Match, Router
from local.gateway.throttle import Throttle
from local.json_value import JsonObject
from local.template.local_app import (
    ApiConfig,
    JwtAuthorizerConfig,
    LambdaAuthorizerConfig,
    StageConfig,
)

MAX_HEAD_BYTES = 10_240
MAX_BODY_BYTES = 10 * 1024 * 1024
"""API Gateway quotas: request line and headers together, and the payload."""

_DEFAULT_STAGE = "$default"


@dataclass(frozen=True, slots=True)
class Clocks:
    """Where the gateway gets its time: seconds that only grow, and Unix time in seconds."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time


@dataclass(slots=True)
class _Progress:
    """What is known of a request so far, for its log line."""

    request: GatewayRequest
    request_id: str
    epoch_seconds: float
    started_at: float
    context: RequestContext | None = None
    decided_in: str | None = None
    reason: str = ""
    variables: dict[str, str] = field(default_factory=dict)


class Gateway:
    """One HTTP API.

    Args:
        api: What it serves.
        invoke: Runs a function.
        addresses: Where an issuer's documents are served on this machine, by issuer.
        on_exchange: Called after each request.
        clocks: Replaced in tests.

    Raises:
        KeysUnreachable: A JWT authorizer's issuer has no working discovery endpoint.
    """

    def __init__(
        self,
        api: ApiConfig,
        invoke: Invoke,
        addresses: Mapping[str, str],
        on_exchange: Callable[[Exchange], None],
        clocks: Clocks,
    ) -> None:
        self._api = api
        self._invoke = invoke
        self._on_exchange = on_exchange
        self._clocks = clocks
        self._router = Router(api.routes)
        self._stages = {stage.name: stage for stage in api.stages}
        self._throttles = {
            stage.name: Throttle(stage.throttle, clocks.monotonic) for stage in api.stages
        }
        keys = IssuerKeys(addresses, clocks.monotonic)
        for route in api.routes:
            if isinstance(route.authorizer, JwtAuthorizerConfig):
                keys.check_discovery(route.authorizer.issuer)
        self._jwt = JwtAuthorizer(keys, clocks.wall)
        self._lambda = LambdaAuthorizer(invoke, clocks.monotonic)

    def handle(self, request: GatewayRequest) -> GatewayResponse:
        """The answer to one request."""
        progress = _Progress(
            request, new_request_id(), self._clocks.wall(), self._clocks.monotonic()
        )
        try:
            response = self._answer(progress)
        except Refusal as refusal:
            progress.reason = refusal.reason
            progress.variables["error.message"] = refusal.message
            response = refusal.response()
        if self._api.cors and not is_preflight(request):
            response = with_cors(self._api.cors, request, response)
        headers = [*response.headers, ("apigw-requestid", progress.request_id)]
        response = GatewayResponse(response.status, headers, response.body)
        self._on_exchange(self._exchange(progress, response))
        return response

    def _answer(self, progress: _Progress) -> GatewayResponse:
        request = progress.request
        if request.size_bytes > MAX_HEAD_BYTES:
            raise Refusal(431, "Request Header Fields Too Large", "larger than 10,240 bytes")
        if len(request.body) > MAX_BODY_BYTES:
            raise Refusal(413, "Request Entity Too Large", "the body is larger than 10 MB")
        stage, path = self._stage(request.path)
        match = self._router.match(request.method, path)
        if self._api.cors and is_preflight(request) and not _catches_preflight(match):
            progress.reason = "preflight"
            return preflight_response(self._api.cors, request)
        if match is None:
            raise not_found("no route matches")
        context = RequestContext(
            self._api, stage, match, request, progress.request_id, progress.epoch_seconds
        )
        progress.context = context
        if not self._throttles[stage.name].admits(match.route.key):
            raise Refusal(429, "Too Many Requests", "the stage's throttle")
        try:
            authorizer = self._authorize(progress, context)
        except Refusal as refusal:
            progress.variables["authorizer.error"] = refusal.reason
            raise
        progress.reason = "public" if authorizer is None else "allowed"
        return self._integrate(progress, context, authorizer)

    def _stage(self, path: str) -> tuple[StageConfig, str]:
        first, slash, rest = path.removeprefix("/").partition("/")
        if first != _DEFAULT_STAGE and first in self._stages:
            return self._stages[first], f"{slash}{rest}" or "/"
        if _DEFAULT_STAGE in self._stages:
            return self._stages[_DEFAULT_STAGE], path
        raise not_found("no stage matches")

    def _authorize(self, progress: _Progress, context: RequestContext) -> JsonObject | None:
        match context.match.route.authorizer:
            case JwtAuthorizerConfig() as config:
                return self._jwt.authorize(config, context)
            case LambdaAuthorizerConfig() as config:
                progress.decided_in = progress.request_id
                decision = self._lambda.decide(config, context)
                progress.decided_in = decision.request_id
                return lambda_block(decision)
            case None:
                return None

    def _integrate(
        self, progress: _Progress, context: RequestContext, authorizer: JsonObject | None
    ) -> GatewayResponse:
        integration = context.match.route.integration
        event = json.dumps(integration_event(context, authorizer)).encode()
        started_at = self._clocks.monotonic()
        outcome = self._invoke(integration.function_name, event, integration.timeout_seconds)
        latency_ms = round((self._clocks.monotonic() - started_at) * 1000)
        progress.variables["integrationLatency"] = str(latency_ms)
        response = integration_response(outcome)
        progress.variables["integration.status"] = str(response.status)
        return response

    def _exchange(self, progress: _Progress, response: GatewayResponse) -> Exchange:
        latency_ms = round((self._clocks.monotonic() - progress.started_at) * 1000)
        context = progress.context
        access_log = None
        if context and context.stage.access_log_format is not None:
            variables = {
                **context.variables(),
                **progress.variables,
                "responseLatency": str(latency_ms),
                "responseLength": str(len(response.body)),
                "status": str(response.status),
            }
            access_log = access_log_line(context.stage.access_log_format, variables)
        return Exchange(
            request_id=progress.request_id,
            method=progress.request.method,
            path=progress.request.path,
            route_key=context.match.route.key if context else None,
            status=response.status,
            reason=progress.reason,
            decided_in=progress.decided_in,
            epoch_seconds=progress.epoch_seconds,
            latency_ms=latency_ms,
            access_log=access_log,
        )


def _catches_preflight(match: Match | None) -> bool:
    # A $default route behind an authorizer is asked first: AWS documents this exception.
    return (
        match is not None
        and match.route.key == DEFAULT_ROUTE_KEY
        and match.route.authorizer is not None
    )
