"""What the gateway answers by itself, through its socket."""

import socket
from urllib.parse import urlsplit

import pytest

from .conftest import Answer, Api

ORIGIN = "http://localhost:5173"


def raw(api: Api, data: bytes) -> bytes:
    parts = urlsplit(api.stack.api_url)
    assert parts.hostname
    assert parts.port
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall(data)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing"),
        ("GET", "/"),
        ("PUT", "/orders"),
        ("GET", "/orders/order-1"),
        ("DELETE", "/orders/a/b"),
        ("DELETE", "/orders/"),
        ("GET", "//orders"),
        ("GET", "/Orders"),
    ],
)
def test_what_no_route_declares_is_not_found_even_for_an_admin(
    api: Api, method: str, path: str
) -> None:
    answer = api.call(method, path, "admin")
    assert (answer.status, answer.json) == (404, {"message": "Not Found"})


def test_every_answer_carries_its_own_request_id(api: Api) -> None:
    answers = [api.call("GET", path) for path in ("/health", "/me", "/orders", "/nothing")]
    assert len({answer.request_id for answer in answers}) == len(answers)


def test_a_preflight_is_answered_without_a_token(api: Api) -> None:
    answer = api.call("OPTIONS", "/orders", origin=ORIGIN, access_control_request_method="POST")
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"] == "authorization,content-type"


def test_a_preflight_from_elsewhere_gets_no_leave(api: Api) -> None:
    answer = api.call(
        "OPTIONS",
        "/orders",
        origin="https://evil.example",
        access_control_request_method="POST",
    )
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_a_refusal_too_can_be_read_by_the_allowed_origin(api: Api) -> None:
    answer = api.call("GET", "/orders", origin=ORIGIN)
    assert answer.status == 401
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    exposed = "www-authenticate,apigw-requestid"
    assert answer.headers["access-control-expose-headers"] == exposed


def test_an_options_request_that_is_no_preflight_is_not_found(api: Api) -> None:
    assert api.call("OPTIONS", "/orders").status == 404


@pytest.mark.parametrize("size", [10_300, 60_000])
def test_headers_beyond_the_gateways_limit_are_refused(api: Api, size: int) -> None:
    assert api.call("GET", "/health", x_filler="a" * size).status == 431
    assert api.call("GET", "/health").status == 200


def test_headers_just_below_the_limit_pass(api: Api) -> None:
    assert api.call("GET", "/health", x_filler="a" * 9_900).status == 200


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
        b"GET /health HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n",
        b"GET /he\x00alth HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /health HTTP/1.1\r\n\r\n",
    ],
)
def test_a_malformed_request_gets_400_and_the_next_is_served(api: Api, data: bytes) -> None:
    assert raw(api, data).startswith(b"HTTP/1.1 400 ")
    assert api.call("GET", "/health").status == 200


@pytest.mark.parametrize("path", ["/orders%", "/%ff%fe", "/orders/%2e%2e", "/orders?%ff=%zz"])
def test_odd_percent_encoding_never_fails_the_gateway(api: Api, path: str) -> None:
    assert api.call("DELETE", path, "admin").status in {200, 400, 404}


def test_a_body_over_ten_megabytes_is_refused(api: Api) -> None:
    size = 10 * 1024 * 1024 + 1
    head = f"POST /orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {size}"
    data = f"{head}\r\n\r\n".encode() + b"a" * size
    assert raw(api, data).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_is_no_order_names_the_field(api: Api) -> None:
    answer = api.call("POST", "/orders", "admin", {"item": "lamp", "quantity": "many"})
    assert answer.status == 400
    assert "quantity" in answer.json["message"]


def test_the_access_log_line_is_the_stages_format(api: Api) -> None:
    answer = api.call("DELETE", "/orders/order-1", "user")
    line = api.exchange(answer).access_log
    assert line is not None
    assert f'"requestId": "{answer.request_id}"' in line
    assert '"status": "403"' in line
    assert str(api.callers["user"].token) not in line


def by_localhost(api: Api, method: str, path: str, **headers: str) -> Answer:
    port = api.stack.api_url.rpartition(":")[2]
    return api.call(method, path, host=f"localhost:{port}", **headers)


@pytest.mark.parametrize("path", ["/app", "/app?x=1&y=%2F", "/app/callback?code=a&state=b"])
def test_the_page_by_localhost_is_sent_to_its_own_name(api: Api, path: str) -> None:
    answer = by_localhost(api, "GET", path)
    assert (answer.status, answer.headers["location"]) == (302, f"{api.stack.api_url}{path}")
    assert answer.headers["cache-control"] == "no-store"


def test_what_a_browser_opens_by_localhost_is_sent_on_and_what_a_program_calls_is_served(
    api: Api,
) -> None:
    opened = by_localhost(api, "GET", "/session/login", sec_fetch_mode="navigate")
    assert opened.headers["location"] == f"{api.stack.api_url}/session/login"
    assert by_localhost(api, "GET", "/health").status == 200
    assert by_localhost(api, "GET", "/application").status == 404
    assert by_localhost(api, "POST", "/app").status == 404
    assert api.call("GET", "/app").status == 200
