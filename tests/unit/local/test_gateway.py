"""The gateway's own steps: limits, stages, CORS, throttle; a function stands behind each route."""

import json
from typing import Any

import pytest

from local.gateway.access_log import Exchange
from local.gateway.gateway import MAX_BODY_BYTES, Clocks, Gateway
from local.gateway.messages import GatewayRequest, GatewayResponse
from local.runtime.outcome import Outcome, Succeeded
from local.template.local_app import (
    ApiConfig,
    CorsConfig,
    LambdaAuthorizerConfig,
    StageConfig,
    ThrottleConfig,
)

from .gateway_values import http_api, request, route

AUTHORIZER = LambdaAuthorizerConfig(
    "a1", "Tokens", "authorizer", ("$request.header.Authorization",), 0
)
CORS = CorsConfig(
    allow_origins=("https://app.example", "https://*"),
    allow_methods=("GET",),
    allow_headers=("authorization",),
    expose_headers=("x-a",),
    allow_credentials=True,
    max_age_seconds=60,
)


def echo(name: str, event: bytes, _limit_seconds: float) -> Outcome:
    if name == "authorizer":
        return Succeeded(b'{"isAuthorized": true, "context": {"sub": "someone"}}')
    headers = {"access-control-allow-origin": "*", "content-type": "application/json"}
    body = {"statusCode": 200, "headers": headers, "body": event.decode()}
    return Succeeded(json.dumps(body).encode())


class Subject:
    def __init__(self, api: ApiConfig) -> None:
        self.now = [0.0]
        self.exchanges: list[Exchange] = []
        clocks = Clocks(lambda: self.now[0], lambda: 1_790_000_000.0)
        self.gateway = Gateway(api, echo, {}, self.exchanges.append, clocks)

    def ask(self, asked: GatewayRequest) -> GatewayResponse:
        return self.gateway.handle(asked)

    def event(self, asked: GatewayRequest) -> Any:
        return json.loads(self.ask(asked).body)


def headers(response: GatewayResponse) -> dict[str, str]:
    return dict(response.headers)


def test_a_route_is_served_with_the_authorizers_context() -> None:
    subject = Subject(http_api(route("GET /orders", AUTHORIZER)))
    event = subject.event(request(headers=(("authorization", "x"),)))
    assert event["requestContext"]["authorizer"] == {"lambda": {"sub": "someone"}}


def test_a_named_stage_is_the_first_segment_of_the_path() -> None:
    stages = (StageConfig("beta", None, None, {"colour": "green"}),)
    subject = Subject(http_api(route("GET /orders"), route("GET /"), stages=stages))
    event = subject.event(request(path="/beta/orders"))
    assert (event["rawPath"], event["stageVariables"]) == ("/beta/orders", {"colour": "green"})
    assert event["requestContext"]["stage"] == "beta"
    assert subject.ask(request(path="/beta")).status == 200
    for path in ("/orders", "/", "/other/orders", "/$default/orders"):
        assert subject.ask(request(path=path)).status == 404


def test_request_line_and_headers_may_have_10240_bytes_together() -> None:
    subject = Subject(http_api(route("GET /orders")))
    line = len("GET /orders HTTP/1.1\r\n")
    filler = 10_240 - line - len("x: \r\n")
    assert subject.ask(request(headers=(("x", "a" * filler),))).status == 200
    assert subject.ask(request(headers=(("x", "a" * (filler + 1)),))).status == 431


def test_a_body_over_ten_megabytes_is_the_gateways_to_refuse_and_over_six_lambdas() -> None:
    subject = Subject(http_api(route("POST /orders")))
    for size, reason in ((MAX_BODY_BYTES, "larger than 6 MB"), (MAX_BODY_BYTES + 1, "10 MB")):
        assert subject.ask(request("POST", body=b"a" * size)).status == 413
        assert reason in subject.exchanges[-1].reason


def test_one_request_too_many_is_429_until_the_bucket_fills() -> None:
    stages = (StageConfig("$default", None, ThrottleConfig(2.0, 3), {}),)
    subject = Subject(http_api(route("GET /orders"), route("GET /other"), stages=stages))
    assert [subject.ask(request()).status for _ in range(4)] == [200, 200, 200, 429]
    assert subject.ask(request(path="/other")).status == 200
    subject.now[0] = 0.5
    assert [subject.ask(request()).status for _ in range(2)] == [200, 429]


def preflight(origin: str = "https://app.example") -> GatewayRequest:
    wanted = (("origin", origin), ("access-control-request-method", "GET"))
    return request("OPTIONS", headers=wanted)


def test_the_gateway_answers_a_preflight_without_authorizer_or_route() -> None:
    subject = Subject(http_api(route("GET /orders", AUTHORIZER), cors=CORS))
    response = subject.ask(preflight())
    assert response.status == 204
    found = headers(response)
    assert found.pop("apigw-requestid")
    assert found == {
        "access-control-allow-origin": "https://app.example",
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET",
        "access-control-allow-headers": "authorization",
        "access-control-max-age": "60",
    }


def test_a_default_route_behind_an_authorizer_catches_the_preflight() -> None:
    subject = Subject(http_api(route("$default", AUTHORIZER), cors=CORS))
    assert subject.ask(preflight()).status == 401


def test_without_cors_a_preflight_is_a_request_like_any_other() -> None:
    assert Subject(http_api(route("GET /orders"))).ask(preflight()).status == 404


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://app.example", "https://app.example"),
        ("https://any.example", "https://any.example"),
        ("http://app.example", None),
        ("null", None),
    ],
)
def test_the_gateways_cors_headers_replace_the_integrations(
    origin: str, allowed: str | None
) -> None:
    subject = Subject(http_api(route("GET /orders"), cors=CORS))
    found = headers(subject.ask(request(headers=(("origin", origin),))))
    assert found.get("access-control-allow-origin") == allowed
    assert found.get("access-control-expose-headers") == ("x-a" if allowed else None)


def test_without_cors_the_integrations_own_headers_stay() -> None:
    found = headers(Subject(http_api(route("GET /orders"))).ask(request()))
    assert found["access-control-allow-origin"] == "*"


def test_the_access_log_has_the_stages_format() -> None:
    template = (
        '{"id": "$context.requestId", "s": $context.status, "e": "$context.authorizer.error"}'
    )
    stages = (StageConfig("$default", template, None, {}),)
    subject = Subject(http_api(route("GET /orders", AUTHORIZER), stages=stages))
    response = subject.ask(request())
    assert json.loads(str(subject.exchanges[0].access_log)) == {
        "id": headers(response)["apigw-requestid"],
        "s": 401,
        "e": "missing: an identity source is not provided",
    }


def test_a_value_cannot_break_out_of_the_access_logs_json() -> None:
    template = '{"agent": "$context.identity.userAgent", "none": "$context.nothing.here"}'
    stages = (StageConfig("$default", template, None, {}),)
    subject = Subject(http_api(route("GET /orders"), stages=stages))
    subject.ask(request(headers=(("user-agent", 'a", "forged": "\\'),)))
    logged = json.loads(str(subject.exchanges[0].access_log))
    assert logged == {"agent": 'a", "forged": "\\', "none": "-"}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("$request.header.x-TOKEN", "h"),
        ("$request.querystring.token", "q"),
        ("$stageVariables.colour", "green"),
        ("$context.httpMethod", "GET"),
    ],
)
def test_an_identity_source_may_stand_anywhere(source: str, value: str) -> None:
    seen: list[Any] = []

    def invoke(name: str, event: bytes, limit_seconds: float) -> Outcome:
        if name == "authorizer":
            seen.append(json.loads(event)["identitySource"])
        return echo(name, event, limit_seconds)

    authorizer = LambdaAuthorizerConfig("a1", "Tokens", "authorizer", (source,), 0)
    stages = (StageConfig("$default", None, None, {"colour": "green"}),)
    api = http_api(route("GET /orders", authorizer), stages=stages)
    gateway = Gateway(api, invoke, {}, lambda _: None, Clocks())
    assert gateway.handle(request(query="token=q", headers=(("x-token", "h"),))).status == 200
    assert seen == [[value]]
    missing = LambdaAuthorizerConfig("a1", "Tokens", "authorizer", (f"{source}x",), 0)
    gateway = Gateway(http_api(route("GET /orders", missing)), invoke, {}, lambda _: None, Clocks())
    assert gateway.handle(request(query="token=q", headers=(("x-token", "h"),))).status == 401
