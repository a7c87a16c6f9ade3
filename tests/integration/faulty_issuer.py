"""A JWKS server on loopback that misbehaves as told, and counts what is asked of it."""

import json
import re
import socket
import socketserver
import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

Fault = Callable[["Conversation"], None]
"""Answers one request, or fails to."""


@dataclass
class FaultyIssuer:
    """What the server serves now, and what it has been asked so far."""

    url: str
    jwks: dict[str, Any]
    fault: Fault
    requests: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    connections: int = 0
    bytes_sent: int = 0
    unfinished: int = 0
    gate: Event = field(default_factory=Event)
    closing: Event = field(default_factory=Event)

    @property
    def fetches(self) -> int:
        """How many requests were made."""
        return len(self.requests)

    def document(self) -> bytes:
        """Return the key set as it stands now."""
        return json.dumps(self.jwks).encode()


@dataclass(frozen=True)
class Conversation:
    """One request that has been read, and the connection to answer it on."""

    connection: socket.socket
    issuer: FaultyIssuer
    path: str

    def send(self, raw: bytes) -> None:
        """Send bytes as they are."""
        self.connection.sendall(raw)
        self.issuer.bytes_sent += len(raw)

    def answer(self, status: str, body: bytes, *headers: str) -> None:
        """Send a whole answer."""
        lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", "connection: close"]
        self.send("\r\n".join([*lines, *headers, "", ""]).encode() + body)

    def start(self, *headers: str) -> None:
        """Send the head of an answer of 200."""
        self.send("\r\n".join(["HTTP/1.1 200 OK", *headers, "", ""]).encode())

    def drip(self, chunks: Iterator[bytes], pause_seconds: float) -> None:
        """Send chunk by chunk until told to stop; being cut off leaves the answer unfinished."""
        self.issuer.unfinished += 1
        for chunk in chunks:
            if self.issuer.closing.wait(pause_seconds):
                return
            self.send(chunk)
        self.issuer.unfinished -= 1

    def reset(self) -> None:
        """Close the connection with a reset."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


class _Handler(socketserver.BaseRequestHandler):
    issuer: FaultyIssuer
    tls: ssl.SSLContext | None

    def handle(self) -> None:
        """Read one request and answer it; the other side may be gone at any moment."""
        self.issuer.connections += 1
        with suppress(OSError):
            connection = self.request
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as lines:
                request = lines.readline().decode()
                if not request:
                    return
                head = "".join(line.decode() for line in iter(lines.readline, b"\r\n"))
                length = re.search(r"(?im)^content-length: *(\d+)", head)
                body = lines.read(int(length[1]) if length else 0)
                path = request.split(" ")[1]
                self.issuer.requests.append(path)
                self.issuer.headers.append(head)
                self.issuer.bodies.append(body)
                self.issuer.fault(Conversation(connection, self.issuer, path))


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent: a connection that breaks is what this server is for."""


@contextmanager
def serve_faults(
    jwks: dict[str, Any], fault: Fault, tls: ssl.SSLContext | None = None
) -> Iterator[FaultyIssuer]:
    """Serve on 127.0.0.1, at a port of its own, until the block ends."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        scheme = "http" if tls is None else "https"
        issuer = FaultyIssuer(f"{scheme}://127.0.0.1:{server.server_address[1]}", jwks, fault)
        server.RequestHandlerClass = type("Handler", (_Handler,), {"issuer": issuer, "tls": tls})
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield issuer
        finally:
            issuer.closing.set()
            issuer.gate.set()
            server.shutdown()
            thread.join()
