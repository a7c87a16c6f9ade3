"""Request -> response: *start here*. Limits, stage, CORS, route, throttle, authorizer, integration.

No sockets, and no clock but those handed in; a request is refused by raising a `Refusal`
at the step that refuses it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from local.behaviour import BODY_TOO_LARGE, HEAD_TOO_LARGE, THROTTLED
from local.gateway.access_log import Exchange
from local.gateway.authorization import Authorization
from local.gateway.authorizers.issuer_keys import IssuerKeys, KeysUnreachable
from local.gateway.authorizers.jwt_authorizer import JwtAuthorizer
from local.gateway.authorizers.lambda_authorizer import (
    Invoke,
    LambdaAuthorizer,
    allowed_authorization,
)
from local.gateway.context import RequestContext, new_request_id, new_trace_id
from local.gateway.cors import is_preflight, preflight_response, with_cors
from local.gateway.decoding import Undecodable, decoded_twice, query_pairs
from local.gateway.integrations.http_integration import HttpIntegrations
from local.gateway.integrations.lambda_integration import call_function
from local.gateway.integrations.mapped_values import RequestValues
from local.gateway.integrations.mapping import map_response
from local.gateway.integrations.passed_back import passed_back
from local.gateway.messages import (
    GatewayRequest,
    GatewayResponse,
    Refusal,
    bad_request,
    not_found,
)
from local.gateway.progress import Progress
from local.gateway.routing import DEFAULT_ROUTE_KEY, Match, Router
from local.gateway.throttle import Throttle
from local.template.local_app import (
    ApiConfig,
    HttpIntegrationConfig,
    JwtAuthorizerConfig,
    LambdaAuthorizerConfig,
    LambdaIntegrationConfig,
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


class Gateway:
    """One HTTP API.

    Args:
        api: What it serves.
        invoke: Runs a function.
        on_exchange: Called after each request.
        clocks: Replaced in tests.

    Raises:
        KeysUnreachable: A JWT authorizer's issuer has no working discovery endpoint.
    """

    def __init__(
        self,
        api: ApiConfig,
        invoke: Invoke,
        on_exchange: Callable[[Exchange], None],
        clocks: Clocks,
    ) -> None:
        self._api = api
        self._invoke = invoke
        self._on_exchange = on_exchange
        self._clocks = clocks
        self._router = Router(api.routes)
        self._stages = {stage.name: stage for stage in api.stages}
        self._throttles = {stage.name: Throttle(stage, clocks.monotonic) for stage in api.stages}
        authorizers = dict.fromkeys(route.authorizer for route in api.routes)
        trusting = [each for each in authorizers if isinstance(each, JwtAuthorizerConfig)]
        keys = IssuerKeys(
            {each.issuer: each.issuer_url or each.issuer for each in trusting}, clocks.monotonic
        )
        for authorizer in trusting:
            _check_discovery(keys, authorizer)
        self._jwt = JwtAuthorizer(keys, clocks.wall)
        self._lambda = LambdaAuthorizer(invoke, clocks.monotonic)
        self._http = HttpIntegrations()

    def forget_decisions(self) -> None:
        """Throw away what is kept of Lambda authorizers' answers ("ResetAuthorizersCache")."""
        self._lambda.forget()

    def handle(self, request: GatewayRequest) -> GatewayResponse:
        """Return the answer to one request."""
        progress = Progress(
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
        self._on_exchange(progress.exchange(response, self._clocks.monotonic()))
        return response

    def _answer(self, progress: Progress) -> GatewayResponse:
        request = progress.request
        if request.size_bytes > MAX_HEAD_BYTES:
            raise Refusal(*HEAD_TOO_LARGE, "request line and headers are larger than 10,240 bytes")
        if len(request.body) > MAX_BODY_BYTES:
            raise Refusal(*BODY_TOO_LARGE, "the body is larger than 10 MB")
        _check_decodable("path", decoded_twice, request.path)
        stage, path = self._stage(request.path)
        match = self._router.match(request.method, path)
        if self._api.cors and is_preflight(request) and not _catches_preflight(match):
            progress.reason = "preflight"
            return preflight_response(self._api.cors, request)
        if match is None:
            raise not_found("no route matches")
        _check_decodable("query string", query_pairs, request.query)
        context = RequestContext(
            api=self._api,
            stage=stage,
            match=match,
            request=request,
            path=path,
            request_id=progress.request_id,
            trace_id=new_trace_id(progress.epoch_seconds),
            epoch_seconds=progress.epoch_seconds,
        )
        progress.context = context
        if not self._throttles[stage.name].admits(match.route.key):
            raise Refusal(*THROTTLED, "the stage's throttle")
        try:
            authorization = self._authorize(progress, context)
        except Refusal as refusal:
            progress.variables["authorizer.error"] = refusal.reason
            raise
        progress.reason = "public" if authorization is None else "allowed"
        return self._integrate(progress, context, authorization)

    def _stage(self, path: str) -> tuple[StageConfig, str]:
        first, slash, rest = path.removeprefix("/").partition("/")
        if first != _DEFAULT_STAGE and first in self._stages:
            return self._stages[first], f"{slash}{rest}" or "/"
        if _DEFAULT_STAGE in self._stages:
            return self._stages[_DEFAULT_STAGE], path
        raise not_found("no stage matches")

    def _authorize(self, progress: Progress, context: RequestContext) -> Authorization | None:
        match context.match.route.authorizer:
            case JwtAuthorizerConfig() as config:
                return self._jwt.authorize(config, context)
            case LambdaAuthorizerConfig() as config:
                progress.decided_in = progress.request_id
                decision = self._lambda.decide(config, context)
                progress.decided_in = decision.request_id
                return allowed_authorization(decision)
            case None:
                return None

    def _integrate(
        self,
        progress: Progress,
        context: RequestContext,
        authorization: Authorization | None,
    ) -> GatewayResponse:
        if authorization is not None:
            progress.variables |= authorization.variables
        values = RequestValues(context, {**context.variables(), **progress.variables})
        integration = context.match.route.integration
        started_at = self._clocks.monotonic()
        try:
            match integration:
                case LambdaIntegrationConfig():
                    response = call_function(integration, context, authorization, self._invoke)
                case HttpIntegrationConfig():
                    response = self._http.call(integration, context, values)
        except Refusal as refusal:
            progress.variables["integrationErrorMessage"] = refusal.reason
            progress.variables["integration.error"] = refusal.reason
            raise
        finally:
            latency_ms = round((self._clocks.monotonic() - started_at) * 1000)
            progress.variables["integrationLatency"] = str(latency_ms)
            progress.variables["integration.latency"] = str(latency_ms)
        progress.variables["integrationStatus"] = str(response.status)
        progress.variables["integration.status"] = str(response.status)
        return passed_back(map_response(integration.response_mappings, response, values))


def _check_decodable(part: str, decode: Callable[[str], object], text: str) -> None:
    try:
        decode(text)
    except Undecodable as error:
        raise bad_request(f"the {part}: {error}") from error


def _check_discovery(keys: IssuerKeys, authorizer: JwtAuthorizerConfig) -> None:
    try:
        keys.check_discovery(authorizer.issuer)
    except KeysUnreachable as error:
        raise KeysUnreachable(
            f"authorizer {authorizer.name}, issuer {authorizer.issuer}: {error}"
        ) from error


def _catches_preflight(match: Match | None) -> bool:
    # A $default route behind an authorizer is asked first: AWS documents this exception.
    return (
        match is not None
        and match.route.key == DEFAULT_ROUTE_KEY
        and match.route.authorizer is not None
    )
