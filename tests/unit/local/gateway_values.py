"""Builders of what the pure parts take in: routes, requests, contexts."""

from collections.abc import Mapping
from itertools import count
from pathlib import Path

from local.gateway.access_log import Exchange
from local.gateway.authorizers.lambda_authorizer import Invoke
from local.gateway.context import RequestContext
from local.gateway.gateway import Clocks, Gateway
from local.gateway.messages import GatewayRequest, GatewayResponse
from local.gateway.routing import Match
from local.template.local_app import (
    ApiConfig,
    AuthorizerConfig,
    CorsConfig,
    FunctionConfig,
    LambdaIntegrationConfig,
    RouteConfig,
    StageConfig,
)

INTEGRATION = LambdaIntegrationConfig("integration", "backend", 30.0)
_NUMBERS = count()
STAGE = StageConfig("$default", None, None, {})


def route(
    key: str, authorizer: AuthorizerConfig | None = None, scopes: tuple[str, ...] = ()
) -> RouteConfig:
    return RouteConfig(key, INTEGRATION, authorizer, scopes)


def function_config(
    label: str, environment: Mapping[str, str], folder: Path = Path()
) -> FunctionConfig:
    """A function that nobody need start."""
    return FunctionConfig(
        name=label,
        arn=f"arn:aws:lambda:eu-west-1:123456789012:function:{label}",
        handler=f"{label}.handler.handler",
        runtime="python3.14",
        code_folder=folder,
        environment=dict(environment),
        memory_mb=128,
        timeout_seconds=3,
        log_format="JSON",
        log_level="",
    )


def http_api(
    *routes: RouteConfig,
    stages: tuple[StageConfig, ...] = (STAGE,),
    cors: CorsConfig | None = None,
) -> ApiConfig:
    return ApiConfig("abcdef1234", "Api", "eu-west-1", "123456789012", cors, stages, routes)


def request(
    method: str = "GET",
    path: str = "/orders",
    query: str = "",
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
) -> GatewayRequest:
    return GatewayRequest(method, path, query, headers, body)


def context(
    asked: GatewayRequest,
    matched: RouteConfig | None = None,
    stage: StageConfig = STAGE,
    **path_parameters: str,
) -> RequestContext:
    match = Match(matched or route("GET /orders"), path_parameters)
    request_id = f"request-{next(_NUMBERS)}"
    return RequestContext(
        api=http_api(),
        stage=stage,
        match=match,
        request=asked,
        path=asked.path,
        request_id=request_id,
        trace_id="Root=1-6ab13b80-0123456789abcdef01234567",
        epoch_seconds=1_790_000_000.5,
    )


class Ask:
    """A gateway of one route, and what it told of each request."""

    def __init__(self, only: RouteConfig, invoke: Invoke, stage: StageConfig = STAGE) -> None:
        self.exchanges: list[Exchange] = []
        api = http_api(only, stages=(stage,))
        self._gateway = Gateway(api, invoke, self.exchanges.append, Clocks())

    def __call__(self, asked: GatewayRequest) -> GatewayResponse:
        return self._gateway.handle(asked)
