"""The Lambda Runtime API for one function process, on a free loopback port. h11 parses it.

It carries messages and decides nothing (AWS Lambda, "Using the Lambda runtime API"). It
has no thread: a caller that waits for a report reads the sockets meanwhile.
"""

import contextlib
import json
import selectors
import socket
import time
from dataclasses import dataclass
from typing import Final

import h11

from local.runtime.reports import Answered, Idle, InitFailed, Raised, Report

_PREFIX: Final = "/2018-06-01/runtime/"
_CHUNK_BYTES: Final = 65_536
_SEND_SECONDS: Final = 10.0
"""How long a process may take to read what it asked for."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """One event for the process; the deadline is Unix time in milliseconds."""

    request_id: str
    event: bytes
    deadline_ms: int
    function_arn: str


class RuntimeApi:
    """Serves one process, one caller at a time; `close` must be called in the end."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._connections: set[_Connection] = set()
        self._waiting: _Connection | None = None

    @property
    def address(self) -> str:
        """Host and port, as AWS_LAMBDA_RUNTIME_API wants it."""
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def report(self, seconds: float) -> Report | None:
        """Wait for what the process says next.

        Returns:
            None if it says nothing in that time, or hangs up.
        """
        until = time.monotonic() + seconds
        while True:
            for connection in tuple(self._connections):
                if connection.request_is_complete:
                    report = self._take(connection)
                    if report is not None:
                        return report
            ready = self._selector.select(max(0.0, until - time.monotonic()))
            if not ready:
                return None
            for key, _ in ready:
                if key.fileobj is self._listener:
                    self._accept()
                elif not key.data.receive():
                    self._drop(key.data)
                    return None

    def submit(self, invocation: Invocation) -> None:
        """Hand the event to the process, which has asked for it: after `Idle` was reported."""
        connection, self._waiting = self._waiting, None
        if connection is None:
            raise RuntimeError("the process has not asked for an invocation")
        headers = [
            ("Content-Type", "application/json"),
            ("Lambda-Runtime-Aws-Request-Id", invocation.request_id),
            ("Lambda-Runtime-Deadline-Ms", str(invocation.deadline_ms)),
            ("Lambda-Runtime-Invoked-Function-Arn", invocation.function_arn),
        ]
        # A process that dies meanwhile is told from its exit, not from here.
        with contextlib.suppress(OSError, h11.ProtocolError):
            connection.answer(200, headers, invocation.event)

    def close(self) -> None:
        """Stop serving; a waiting process is let go."""
        for connection in tuple(self._connections):
            self._drop(connection)
        self._selector.close()
        self._listener.close()

    def _accept(self) -> None:
        accepted, _ = self._listener.accept()
        connection = _Connection(accepted)
        self._connections.add(connection)
        self._selector.register(accepted, selectors.EVENT_READ, connection)

    def _drop(self, connection: "_Connection") -> None:
        self._selector.unregister(connection.socket)
        self._connections.discard(connection)
        connection.socket.close()

    def _take(self, connection: "_Connection") -> Report | None:
        target, body = connection.take_request()
        path = target.removeprefix(_PREFIX)
        if path == "invocation/next":
            self._waiting = connection
            return Idle()
        report = _report(path, body)
        with contextlib.suppress(OSError, h11.ProtocolError):
            connection.answer(404 if report is None else 202, [], b"")
        return report


def _report(path: str, body: bytes) -> Report | None:
    if path == "init/error":
        return InitFailed(*_error(body))
    if path.startswith("invocation/") and path.endswith("/response"):
        return Answered(body)
    if path.startswith("invocation/") and path.endswith("/error"):
        return Raised(*_error(body))
    return None


def _error(body: bytes) -> tuple[str, str]:
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        return "Runtime.Unknown", "the runtime client reported an error that is not a JSON object"
    return str(document.get("errorType")), str(document.get("errorMessage"))


class _Connection:
    def __init__(self, accepted: socket.socket) -> None:
        self.socket = accepted
        # Else an answer waits for an acknowledgement: 44 ms.
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        accepted.settimeout(_SEND_SECONDS)
        self._protocol = h11.Connection(h11.SERVER)
        self._target = ""
        self._body = bytearray()
        self.request_is_complete = False

    def receive(self) -> bool:
        """Read what is there; False if the process has hung up or does not speak HTTP."""
        try:
            data = self.socket.recv(_CHUNK_BYTES)
            self._protocol.receive_data(data)
            self._read_events()
        except (OSError, h11.RemoteProtocolError):
            return False
        return bool(data)

    def take_request(self) -> tuple[str, bytes]:
        self.request_is_complete = False
        body, self._body = self._body, bytearray()
        return self._target, bytes(body)

    def answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        response = h11.Response(
            status_code=status, headers=[*headers, ("Content-Length", str(len(body)))]
        )
        parts = (response, h11.Data(data=body), h11.EndOfMessage())
        self.socket.sendall(b"".join(self._protocol.send(part) or b"" for part in parts))
        if self._protocol.our_state is h11.DONE:
            self._protocol.start_next_cycle()
            self._read_events()

    def _read_events(self) -> None:
        while True:
            if self._protocol.they_are_waiting_for_100_continue:
                go_on = h11.InformationalResponse(status_code=100, headers=[])
                self.socket.sendall(self._protocol.send(go_on) or b"")
            match self._protocol.next_event():
                case h11.Request(target=target):
                    self._target = target.decode("ascii")
                case h11.Data(data=data):
                    self._body += data
                case h11.EndOfMessage():
                    self.request_is_complete = True
                case _:
                    return
