"""The one server of everything on loopback that is not API Gateway or a function's runtime."""

import http.client
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from werkzeug.wrappers import Request, Response

from local.loopback.listener import listen_on_loopback, url_of
from local.loopback.wsgi_server import WsgiServer


@Request.application
def hello(request: Request) -> Response:
    return Response(f"hello {request.path}")


@pytest.fixture
def server() -> Iterator[WsgiServer]:
    serving = WsgiServer(hello, listen_on_loopback())
    yield serving
    serving.stop()


def ask(url: str, name: str | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    try:
        connection.request("GET", "/there", headers={} if name is None else {"Host": name})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_a_caller_that_comes_before_the_server_waits_for_it() -> None:
    listener = listen_on_loopback()
    host, port = listener.getsockname()
    with socket.create_connection((host, port), timeout=20) as early:
        early.sendall(f"GET /early HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        server = WsgiServer(hello, listener)
        try:
            answer = b"".join(iter(lambda: early.recv(4096), b""))
        finally:
            server.stop()
    assert answer.endswith(b"hello /early")


def test_it_serves_where_its_socket_was_bound() -> None:
    listener = listen_on_loopback()
    url = url_of(listener)
    server = WsgiServer(hello, listener)
    assert server.url == url
    assert ask(url) == (200, b"hello /there")
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        ask(url)


def test_it_is_bound_to_loopback_only(server: WsgiServer) -> None:
    port = urlsplit(server.url).port
    assert port
    with socket.socket() as other, pytest.raises(OSError, match="refused"):
        other.connect(("127.0.0.2", port))


def test_it_answers_under_its_own_names_only(server: WsgiServer) -> None:
    port = urlsplit(server.url).port
    assert ask(server.url, f"localhost:{port}")[0] == 200
    for name in ("rebound.example", f"rebound.example:{port}", "127.0.0.1", "127.0.0.1:1"):
        assert ask(server.url, name) == (404, b'{"message": "this server has another name"}')


def test_a_client_that_says_nothing_is_let_go(
    server: WsgiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = server._server.RequestHandlerClass
    monkeypatch.setattr(handler, "timeout", 0.1)
    for begun in (b"", b"POST /there HTTP/1.1\r\nHost: 127.0.0.1\r\n"):
        with socket.create_connection(("127.0.0.1", urlsplit(server.url).port), timeout=5) as slow:
            slow.sendall(begun)
            assert slow.recv(1) == b""
