"""Limits, throttling and cross-origin answers through a socket."""

import pytest

from local.gateway.gateway import Clocks

from .conftest import Answer, Api, Headers, Serve
from .templates import http_integration, lambda_authorizer, resource, route, stage

CORS = {
    "AllowOrigins": ["https://app.example", "http://localhost*"],
    "AllowMethods": ["GET", "POST"],
    "AllowHeaders": ["authorization"],
    "ExposeHeaders": ["x-a"],
    "AllowCredentials": True,
    "MaxAge": 60,
}


@pytest.fixture(scope="module")
def cors(serve_for_module: Serve, backend: str) -> Api:
    return serve_for_module(
        route("GET /a", "Lambda2", "Tokens"),
        route("GET /open"),
        route("GET /back", "Back"),
        Tokens=lambda_authorizer("$request.header.Authorization"),
        Back=http_integration(f"{backend}/headers"),
        Api=resource("Api", Name="Api", ProtocolType="HTTP", CorsConfiguration=CORS),
    )


def preflight(api: Api, path: str = "/a", origin: str = "https://app.example") -> Answer:
    asked = (("origin", origin), ("access-control-request-method", "GET"))
    return api.call("OPTIONS", path, asked)


def cross_origin(answer: Answer) -> dict[str, str]:
    return {k: v for k, v in answer.headers if k.startswith("access-control-")}


def test_the_gateway_answers_a_preflight_without_authorizer_or_route(cors: Api) -> None:
    for path in ("/a", "/nowhere"):
        answer = preflight(cors, path)
        assert (answer.status, answer.body) == (204, b"")
        assert cross_origin(answer) == {
            "access-control-allow-origin": "https://app.example",
            "access-control-allow-credentials": "true",
            "access-control-allow-methods": "GET,POST",
            "access-control-allow-headers": "authorization",
            "access-control-max-age": "60",
        }


def test_a_preflight_from_an_unlisted_origin_gets_no_leave(cors: Api) -> None:
    for origin in (
        "https://evil.example",
        "https://app.example.evil",
        "null",
        "HTTPS://app.example",
    ):
        answer = preflight(cors, origin=origin)
        assert (answer.status, cross_origin(answer)) == (204, {})
    assert cross_origin(preflight(cors, origin="http://localhost:5173"))


def test_options_that_is_no_preflight_is_a_request_like_any_other(cors: Api) -> None:
    assert cors.call("OPTIONS", "/a").status == 404
    assert cors.call("OPTIONS", "/a", (("origin", "https://app.example"),)).status == 404


def test_the_gateways_cors_headers_replace_the_integrations(cors: Api) -> None:
    mine = (("origin", "https://app.example"),)
    answer = cors.call("GET", "/back", mine)
    assert cross_origin(answer) == {
        "access-control-allow-origin": "https://app.example",
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "x-a",
    }
    assert cross_origin(cors.call("GET", "/back")) == {}
    assert cross_origin(cors.call("GET", "/back", (("origin", "https://evil.example"),))) == {}


def test_a_refusal_can_be_read_by_the_allowed_origin(cors: Api) -> None:
    answer = cors.call("GET", "/a", (("origin", "https://app.example"),))
    assert answer.status == 401
    assert answer.header("access-control-allow-origin") == "https://app.example"


def test_a_default_route_behind_an_authorizer_catches_the_preflight(serve: Serve) -> None:
    settings = resource("Api", Name="Api", ProtocolType="HTTP", CorsConfiguration=CORS)
    tokens = lambda_authorizer("$request.header.Authorization")
    api = serve(route("$default", "Lambda2", "Tokens"), Tokens=tokens, Api=settings)
    assert preflight(api).status == 401
    api = serve(
        route("$default", "Lambda2", "Tokens"),
        route("OPTIONS /{proxy+}"),
        Tokens=tokens,
        Api=settings,
    )
    assert preflight(api).status == 204


def test_without_cors_a_preflight_is_a_request_like_any_other(serve: Serve) -> None:
    api = serve(route("GET /a"), route("OPTIONS /b"))
    assert preflight(api).status == 404
    assert preflight(api, "/b").status == 200


def test_any_origin_is_a_star(serve: Serve) -> None:
    settings = resource(
        "Api", Name="Api", ProtocolType="HTTP", CorsConfiguration={"AllowOrigins": ["*"]}
    )
    api = serve(route("GET /a"), Api=settings)
    assert cross_origin(preflight(api)) == {"access-control-allow-origin": "*"}


THROTTLED = (429, {"message": "Too Many Requests"})


def test_one_request_too_many_is_429_until_the_bucket_fills(serve: Serve) -> None:
    now = [0.0]
    api = serve(
        route("GET /a"),
        route("GET /b"),
        route("GET /tight"),
        clocks=Clocks(monotonic=lambda: now[0]),
        Stage=stage(
            DefaultRouteSettings={"ThrottlingRateLimit": 2, "ThrottlingBurstLimit": 3},
            RouteSettings={"GET /tight": {"ThrottlingBurstLimit": 1}},
        ),
    )
    assert [api.call("GET", "/a").status for _ in range(4)] == [200, 200, 200, 429]
    refused = api.call("GET", "/a")
    assert (refused.status, refused.json) == THROTTLED
    assert api.call("GET", "/b").status == 200
    assert [api.call("GET", "/tight").status for _ in range(2)] == [200, 429]
    now[0] = 0.5
    assert [api.call("GET", "/a").status for _ in range(2)] == [200, 429]
    assert [api.call("GET", "/tight").status for _ in range(2)] == [200, 429]


def test_without_settings_nothing_is_throttled(serve: Serve) -> None:
    api = serve(route("GET /a"))
    assert {api.call("GET", "/a").status for _ in range(30)} == {200}


@pytest.fixture(scope="module")
def plain(serve_for_module: Serve) -> Api:
    return serve_for_module(route("ANY /a"))


def head_of(size: int, headers: Headers) -> bytes:
    """A request whose line and headers, without the blank line, have this many bytes."""
    lines = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers)
    head = b"GET /a HTTP/1.1\r\n" + lines + b"x-filler: "
    return head + b"a" * (size - len(head) - 2) + b"\r\n\r\n"


def test_request_line_and_headers_may_have_10240_bytes(plain: Api) -> None:
    headers = (("host", "x"), ("connection", "close"))
    assert plain.raw(head_of(10_240, headers)).startswith(b"HTTP/1.1 200 ")
    refused = plain.raw(head_of(10_241, headers))
    assert refused.startswith(b"HTTP/1.1 431 ")
    assert refused.endswith(b'{"message":"Request Header Fields Too Large"}')


def test_many_small_headers_count_together(plain: Api) -> None:
    few = tuple((f"x-{number}", "a") for number in range(900))
    many = tuple((f"x-{number}", "a") for number in range(1_400))
    assert plain.call("GET", "/a", few).status == 200
    assert plain.call("GET", "/a", many).status == 431


def test_a_long_request_line_counts_too(plain: Api) -> None:
    assert plain.call("GET", f"/a?x={'a' * 9_000}").status == 200
    assert plain.call("GET", f"/a?x={'a' * 11_000}").status == 431
