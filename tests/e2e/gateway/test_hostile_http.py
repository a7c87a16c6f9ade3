"""HTTP that no honest client sends: a 4xx or a closed connection, and others are served meanwhile."""

import json
import socket
import time
from collections.abc import Iterator

import pytest

import local.gateway.server
import local.gateway.server_protocol

from .conftest import Api, Serve, until_closed
from .templates import route

OK = b"HTTP/1.1 200 "
BAD = b"HTTP/1.1 400 "


@pytest.fixture(scope="module")
def api(serve_for_module: Serve) -> Api:
    return serve_for_module(route("ANY /a"), route("GET /a/{id}"))


@pytest.fixture(autouse=True)
def others_are_served(api: Api) -> Iterator[None]:
    yield
    assert api.call("GET", "/a").status == 200


def post(*headers: str, body: bytes = b"", line: str = "POST /a HTTP/1.1") -> bytes:
    lines = [line, "host: x", "connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


SMUGGLED = b"GET /a/smuggled HTTP/1.1\r\nhost: x\r\n\r\n"


@pytest.mark.parametrize(
    "data",
    [
        post("content-length: 5", "transfer-encoding: chunked", body=b"0\r\n\r\n" + SMUGGLED),
        post("transfer-encoding: chunked", "content-length: 5", body=b"0\r\n\r\n" + SMUGGLED),
        post("content-length: 1", "content-length: 2", body=b"ab"),
        post("content-length: 1, 2", body=b"ab"),
        post("content-length: +1", body=b"a"),
        post("content-length: -1"),
        post("content-length: 0x1", body=b"a"),
        post("content-length: 1 1", body=b"a"),
        post("content-length:"),
        post("content-length: " + "9" * 40),
        post("transfer-encoding: chunked, identity", body=b"0\r\n\r\n"),
        post("transfer-encoding: xchunked", body=b"0\r\n\r\n"),
        post("transfer-encoding: chunked", "transfer-encoding: chunked", body=b"0\r\n\r\n"),
        post("transfer-encoding : chunked", body=b"0\r\n\r\n"),
        post("transfer-encoding:\x0bchunked", body=b"0\r\n\r\n"),
        post("transfer-encoding: chunked", line="POST /a HTTP/1.0", body=b"0\r\n\r\n"),
        post("x-a: 1", " folded"),
        post("x-a: 1", "\tfolded: 2"),
        post("x-a: 1\nx-b: 2"),
        b"POST /a HTTP/1.1\nhost: x\n\n",
        b"POST /a HTTP/1.1\r\nhost: x\r\n\n",
        b"POST /a HTTP/1.1\r\nhost: x\n\r\n",
        post("x-a: 1\rx-b: 2"),
        post("x-a: a\x00b"),
        post("x a: 1"),
        post(": 1"),
        post("x-a"),
        post("host: y"),
        b"POST /a HTTP/1.1\r\n\r\n",
        post(line="POST /a HTTP/9.9"),
        post(line="POST /a"),
        post(line="POST  /a HTTP/1.1"),
        post(line="POST /a b HTTP/1.1"),
        post(line="POST /a\x00 HTTP/1.1"),
        post(line="POST /\u00e9 HTTP/1.1"),
        post(line="P@ST /a HTTP/1.1"),
        post(line="POST http://x/a HTTP/1.1"),
        post(line="POST //evil.example HTTP/1.1").replace(b"//evil", b"evil"),
        post(line="OPTIONS * HTTP/1.1"),
        post(line="CONNECT x:443 HTTP/1.1"),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"nonsense\r\n\r\n",
        b"\r\n\r\nGET /a HTTP/1.1\r\nhost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_two_servers_could_read_differently_is_400(api: Api, data: bytes) -> None:
    received = api.raw(data)
    assert received.startswith(BAD)
    assert received.count(b"HTTP/1.1 ") == 1
    assert "/a/smuggled" not in [exchange.path for exchange in api.exchanges]


@pytest.mark.parametrize(
    "body",
    [
        b"z\r\nabc\r\n0\r\n\r\n",
        b"-1\r\na\r\n0\r\n\r\n",
        b"0x3\r\nabc\r\n0\r\n\r\n",
        b"3\nabc\n0\n\n",
        b"3\r\nabcd\r\n0\r\n\r\n",
        b"3\r\nabcXX0\r\n\r\n",
        b"ffffffffffffffffffffff\r\na",
        b" 3\r\nabc\r\n0\r\n\r\n",
        b"3 ;\nabc\r\n0\r\n\r\n",
        b"3\r\nabc\r\n0\r\nx-trailer: 1\n\r\n",
        b"3\r\nabc\r\n0\r\nx-trailer: 1\r\n folded\r\n\r\n",
        b"3;" + b"a" * 20_000 + b"\r\nabc\r\n0\r\n\r\n",
    ],
)
def test_a_broken_chunk_is_400(api: Api, body: bytes) -> None:
    assert api.raw(post("transfer-encoding: chunked", body=body)).startswith(BAD)


def test_a_chunked_body_arrives_whole(api: Api) -> None:
    body = b'5;ext="x"\r\nhello\r\n06\r\n world\r\n0\r\nx-trailer: 1\r\n\r\n'
    received = api.raw(post("content-type: text/plain", "transfer-encoding: chunked", body=body))
    event = json.loads(received.partition(b"\r\n\r\n")[2])
    assert event["body"] == "hello world"
    assert not {"transfer-encoding", "x-trailer"} & event["headers"].keys()


def test_equal_content_lengths_are_one(api: Api) -> None:
    received = api.raw(post("content-length: 1", "content-length: 1", body=b"a"))
    assert json.loads(received.partition(b"\r\n\r\n")[2])["headers"]["content-length"] == "1"


def test_a_client_that_asks_first_is_told_to_go_on(api: Api) -> None:
    with socket.create_connection(api.address, timeout=20) as connection:
        connection.sendall(
            post("content-length: 2", "expect: 100-continue", "content-type: text/x")
        )
        assert connection.recv(4096).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"ok")
        received = until_closed(connection)
    assert json.loads(received.partition(b"\r\n\r\n")[2])["body"] == "ok"


def test_a_client_that_asks_first_with_too_much_is_refused_at_once(api: Api) -> None:
    received = api.raw(post("content-length: 99999999999", "expect: 100-continue"))
    assert received.startswith(b"HTTP/1.1 413 ")


def test_a_body_that_has_no_end_is_refused(api: Api) -> None:
    chunk = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
    received = api.raw(post("transfer-encoding: chunked", body=chunk * 11 + b"0\r\n\r\n"))
    assert received.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in received.lower()


@pytest.mark.parametrize("size", [20_000, 300_000])
def test_headers_far_beyond_the_limit_are_refused(api: Api, size: int) -> None:
    received = api.raw(post("x-filler: " + "a" * size))
    # What is far too large is not read to its end, so the answer may be lost in a reset.
    assert received.startswith((BAD, b"HTTP/1.1 431 ")) or received == b""


def test_a_request_line_without_end_is_refused(api: Api) -> None:
    assert api.raw(b"GET /" + b"a" * 100_000).startswith(BAD)


def test_pipelined_requests_are_answered_in_their_order(api: Api) -> None:
    requests = b"".join(f"GET /a/{n} HTTP/1.1\r\nhost: x\r\n\r\n".encode() for n in range(5))
    received = api.raw(requests + post())
    assert received.count(OK) == 6
    assert [received.index(f'"/a/{n}"'.encode()) for n in range(5)] == sorted(
        received.index(f'"/a/{n}"'.encode()) for n in range(5)
    )


def test_a_bad_request_after_a_good_one_ends_the_connection(api: Api) -> None:
    received = api.raw(b"GET /a HTTP/1.1\r\nhost: x\r\n\r\n" + b"x y z\r\n\r\n" + SMUGGLED)
    assert received.startswith(OK)
    assert received.count(b"HTTP/1.1 ") == 2
    assert BAD in received


def test_http_1_0_is_answered_and_closed(api: Api) -> None:
    received = api.raw(b"GET /a HTTP/1.0\r\n\r\n")
    assert received.startswith(OK)
    event = json.loads(received.partition(b"\r\n\r\n")[2])
    assert event["requestContext"]["http"]["protocol"] == "HTTP/1.0"


@pytest.mark.parametrize("upgrade", ["websocket", "h2c"])
def test_an_upgrade_is_not_made(api: Api, upgrade: str) -> None:
    data = f"GET /a HTTP/1.1\r\nhost: x\r\nconnection: upgrade, close\r\nupgrade: {upgrade}\r\n\r\n"
    assert api.raw(data.encode()).startswith(OK)


def test_a_client_cannot_name_its_own_address(api: Api) -> None:
    headers = (("x-forwarded-for", "10.0.0.1"), ("forwarded", "for=10.0.0.1"), ("x-real-ip", "1"))
    assert api.event("GET", "/a", headers)["requestContext"]["http"]["sourceIp"] == "127.0.0.1"


def test_a_slow_head_ends_the_connection(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local.gateway.server_protocol, "HEAD_SECONDS", 0.2)
    for data in (b"", b"GET /a HTTP/1.1\r\nhost: x\r\nx-a: "):
        with socket.create_connection(api.address, timeout=20) as connection:
            connection.sendall(data)
            assert until_closed(connection) == b""


def test_a_slow_second_head_ends_the_connection(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local.gateway.server_protocol, "NEXT_HEAD_SECONDS", 0.2)
    second = b"GET /a HTT"
    received = api.raw(b"GET /a HTTP/1.1\r\nhost: x\r\n\r\n" + second)
    assert received.startswith(OK)
    assert received.count(b"HTTP/1.1 ") == 1


def test_a_pipelined_request_has_its_own_time(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local.gateway.server_protocol, "NEXT_HEAD_SECONDS", 0.2)
    first = b"GET /a HTTP/1.1\r\nhost: x\r\n\r\n"
    assert api.raw(first + post("x-sleep: 0.6")).count(OK) == 2


def test_a_slow_body_is_408(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local.gateway.server, "_BODY_SECONDS", 0.3)
    received = api.raw(post("content-length: 10", body=b"a"))
    assert received.startswith(b"HTTP/1.1 408 ")


def test_a_client_that_does_not_read_its_answer_is_left(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The time begins when the answer is there, so it does not matter how long that took.
    monkeypatch.setattr(local.gateway.server_protocol, "READ_SECONDS", 0.2)
    with socket.socket() as connection:
        # Less than the answer fits into this machine's buffers: its rest waits for a reader.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        connection.connect(api.address)
        connection.sendall(b"GET /a HTTP/1.1\r\nhost: x\r\nx-large: 6200000\r\n\r\n")
        assert connection.recv(1, socket.MSG_PEEK) == b"H"
        assert [api.call("GET", "/a").status for _ in range(3)] == [200] * 3
        assert is_left(connection)


def is_left(connection: socket.socket) -> bool:
    """Whether the server hangs up although nothing is read: what is sent then comes back."""
    for _ in range(400):
        try:
            connection.sendall(b"G")
        except (ConnectionResetError, BrokenPipeError):
            return True
        time.sleep(0.05)
    return False


def test_a_client_that_leaves_costs_nothing(api: Api) -> None:
    for data in (post("content-length: 10"), b"GET /a HT", b"GET /a HTTP/1.1\r\nhost: x\r\n\r\n"):
        with socket.create_connection(api.address, timeout=20) as connection:
            connection.sendall(data)


def test_two_hundred_idle_connections_hold_nobody_up(api: Api) -> None:
    connections = [socket.create_connection(api.address, timeout=20) for _ in range(200)]
    try:
        for connection in connections:
            connection.sendall(b"GET /a HTTP/1.1\r\nhost")
        assert [api.call("GET", "/a").status for _ in range(5)] == [200] * 5
    finally:
        for connection in connections:
            connection.close()
