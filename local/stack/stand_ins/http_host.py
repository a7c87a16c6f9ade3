"""A server on loopback in the place of an HTTP backend: it tells who the gateway says calls.

It trusts the identity headers as a server behind the gateway would (docs/backends.md),
answers 403 unless they name somebody, and never repeats a token.
"""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

IDENTITY_PREFIX = "x-user-"
_HOST = "127.0.0.1"
_POLL_SECONDS = 0.05


class HttpHost:
    """Served from the moment it is made; `stop` must be called in the end."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer((_HOST, 0), _Answers)
        self._thread = Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it is on this machine."""
        return f"http://{_HOST}:{self._server.server_port}"

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10.0  # seconds that a client may keep a thread waiting for its next byte

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        told = {
            name.lower(): value.partition("=")[2]
            for name, value in self.headers.items()
            if name.lower().startswith(IDENTITY_PREFIX)
        }
        caller = {name: value for name, value in told.items() if value}
        answer = {"method": self.command, "path": self.path, "caller": caller}
        body = json.dumps(answer).encode()
        self.send_response(200 if caller else 403)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_DELETE = do_GET = do_HEAD = do_PATCH = do_POST = do_PUT = _answer  # noqa: N815  # http.server's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its parent's name
        """Say nothing: the gateway's line tells it."""
