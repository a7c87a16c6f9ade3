"""Servers on loopback that never come to an end, for whoever must give them up."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

PATIENCE_SECONDS = 10
Serve = Callable[[socket.socket], None]


def _drip(connection: socket.socket, head: bytes) -> None:
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
    "drips its head": lambda connection: _drip(connection, b"HTTP/1.1 200 OK\r\nx-a: "),
    "drips its body": lambda connection: _drip(
        connection, b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"
    ),
    "says nothing": lambda connection: _drip(connection, b""),
}


@contextmanager
def hostile_server(name: str) -> Iterator[str]:
    """Its address; the block ends only once the one client has been cut off."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                HOSTILE[name](connection)
            except OSError:
                return

    thread = Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    thread.join(PATIENCE_SECONDS)
    listener.close()
    assert not thread.is_alive(), "the client has left its connection open"
