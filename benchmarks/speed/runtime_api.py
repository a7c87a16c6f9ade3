"""Lambda's Runtime API on loopback, for one function at a time: it hands out events and waits.

("Using the Lambda runtime API for custom runtimes", AWS Lambda developer guide.)
"""

import socket
import time
from typing import Final, Self

import h11

SILENCE_SECONDS: Final = 30.0
_REQUEST_ID: Final = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"
_ARN: Final = "arn:aws:lambda:eu-west-1:123456789012:function:authorizer"
_LIMIT_MILLISECONDS: Final = 10_000


class RuntimeApi:
    """Serves the runtime of one process after the other, on one port."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(SILENCE_SECONDS)
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._socket: socket.socket | None = None
        self._http = h11.Connection(h11.SERVER)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.hang_up()
        self._listener.close()

    def hang_up(self) -> None:
        """Forget the process that was served."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def request(self) -> tuple[str, bytes]:
        """Wait for a request; return its path and body.

        Raises:
            TimeoutError: none came.
        """
        if self._http.their_state is h11.DONE and self._http.our_state is h11.DONE:
            self._http.start_next_cycle()
        path, body = "", b""
        while True:
            event = self._http.next_event() if self._socket else h11.NEED_DATA
            if event is h11.NEED_DATA:
                self._receive()
            elif isinstance(event, h11.Request):
                path = event.target.decode("ascii")
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                return path, body
            elif isinstance(event, h11.ConnectionClosed):
                self.hang_up()

    def give(self, event: bytes) -> None:
        """Answer the request for the next invocation with an event."""
        deadline = int(time.time() * 1000) + _LIMIT_MILLISECONDS
        self._answer(
            200,
            event,
            [
                ("Lambda-Runtime-Aws-Request-Id", _REQUEST_ID),
                ("Lambda-Runtime-Deadline-Ms", str(deadline)),
                ("Lambda-Runtime-Invoked-Function-Arn", _ARN),
            ],
        )

    def accept(self) -> None:
        """Answer a request that brought a response."""
        self._answer(202, b'{"status":"OK"}', [])

    def _receive(self) -> None:
        if self._socket is None:
            self._socket, _ = self._listener.accept()
            self._socket.settimeout(SILENCE_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._http = h11.Connection(h11.SERVER)
        if self._http.they_are_waiting_for_100_continue:
            self._send(h11.InformationalResponse(status_code=100, headers=[]))
        self._http.receive_data(self._socket.recv(65_536))

    def _answer(self, status: int, body: bytes, headers: list[tuple[str, str]]) -> None:
        fixed = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        response = h11.Response(status_code=status, headers=[*fixed, *headers])
        self._send(response, h11.Data(data=body), h11.EndOfMessage())

    def _send(self, *events: h11.Event) -> None:
        assert self._socket is not None  # noqa: S101  # somebody has asked
        sent = (self._http.send(event) or b"" for event in events)
        self._socket.sendall(b"".join(sent))
