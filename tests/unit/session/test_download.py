"""What one request of ours may take, in time and in bytes, from a server that means no good."""

import socket
from collections.abc import Callable, Iterator
from threading import Thread

import pytest

from session.download import Web
from session.errors import Unavailable

Serve = Callable[[socket.socket], None]


def drip(connection: socket.socket, head: bytes) -> None:
    """A byte at a time, each well within any socket's time-out, until nobody listens."""
    connection.sendall(head)
    connection.settimeout(0.05)
    while True:
        try:
            if not connection.recv(4096):
                return
        except TimeoutError:
            connection.sendall(b"x")


HOSTILE: dict[str, Serve] = {
    "drips its head": lambda connection: drip(connection, b"HTTP/1.1 200 OK\r\nx-a: "),
    "drips its body": lambda connection: drip(
        connection, b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"
    ),
    "says nothing": lambda connection: drip(connection, b""),
}


@pytest.fixture
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                HOSTILE[request.param](connection)
            except OSError:
                return

    thread = Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    thread.join()
    listener.close()


@pytest.mark.parametrize("url", HOSTILE, indirect=True)
def test_a_server_that_never_ends_is_given_up_and_cut_off(url: str) -> None:
    with pytest.raises(Unavailable) as given_up:
        Web(timeout_seconds=0.3).ask(url)
    assert given_up.value.reason == "issuer_timeout"


def test_nobody_there_is_no_answer() -> None:
    with pytest.raises(Unavailable) as nobody:
        Web(timeout_seconds=1).ask("http://127.0.0.1:9/")
    assert nobody.value.reason == "issuer_no_answer"
