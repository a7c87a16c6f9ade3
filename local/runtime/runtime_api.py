"""The Lambda Runtime API for one function process, on a free loopback port.

The rule: it carries messages and decides nothing (AWS Lambda, "Using the Lambda runtime API").
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from threading import Thread
from typing import Final

_PREFIX: Final = "/2018-06-01/runtime/"
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Invocation:
    """One event for the process; the deadline is Unix time in milliseconds."""

    request_id: str
    event: bytes
    deadline_ms: int
    function_arn: str


@dataclass(frozen=True, slots=True)
class Idle:
    """The process asks for its next invocation."""


@dataclass(frozen=True, slots=True)
class InitFailed:
    """The handler could not be imported."""

    error_type: str
    message: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The handler's result, as JSON text."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Raised:
    """The handler raised, or its result is no JSON."""

    error_type: str
    message: str


Report = Idle | InitFailed | Answered | Raised


class RuntimeApi:
    """Serves one process.

    Args:
        report: Called, from any thread, with what the process says.
    """

    def __init__(self, report: Callable[[Report], None]) -> None:
        self._report = report
        self._invocations: SimpleQueue[Invocation | None] = SimpleQueue()
        self._server = _Server(self)
        self._thread = Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """`host:port`, for `AWS_LAMBDA_RUNTIME_API`."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def submit(self, invocation: Invocation) -> None:
        """Hand the process its next invocation."""
        self._invocations.put(invocation)

    def close(self) -> None:
        """Stop serving; a waiting process is let go."""
        self._invocations.put(None)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def next_invocation(self) -> Invocation | None:
        """Wait for the next invocation; None when the API closes."""
        self._report(Idle())
        return self._invocations.get()

    def receive(self, path: str, body: bytes) -> bool:
        """Take in what the process posts; False if the path is none of the API's."""
        if path == "init/error":
            self._report(InitFailed(*_error(body)))
        elif path.startswith("invocation/") and path.endswith("/response"):
            self._report(Answered(body))
        elif path.startswith("invocation/") and path.endswith("/error"):
            self._report(Raised(*_error(body)))
        else:
            return False
        return True


def _error(body: bytes) -> tuple[str, str]:
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        return "Runtime.Unknown", "the runtime client reported an error that is no JSON object"
    return str(document.get("errorType")), str(document.get("errorMessage"))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, api: RuntimeApi) -> None:
        self.api = api
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without both, an answer leaves in several packets and waits for an acknowledgement: 88 ms.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        if self.path != f"{_PREFIX}invocation/next":
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        invocation = self.server.api.next_invocation()
        if invocation is None:
            self.close_connection = True
            return
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": invocation.function_arn,
        }
        self._answer(HTTPStatus.OK, invocation.event, headers)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        known = self.path.startswith(_PREFIX) and self.server.api.receive(
            self.path.removeprefix(_PREFIX), body
        )
        self._answer(HTTPStatus.ACCEPTED if known else HTTPStatus.NOT_FOUND, b"", {})

    def _answer(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the function's own output is what a person wants to read."""
