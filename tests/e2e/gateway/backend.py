"""An HTTP backend on loopback that answers with the request it got."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class _Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = self.path.partition("?")[0]
        seen = {
            "method": self.command,
            "target": self.path,
            "headers": [[name.lower(), value] for name, value in self.headers.items()],
            "body": body.decode("latin-1") if len(body) < 1000 else len(body),
        }
        content = json.dumps(seen).encode()
        status, headers = 200, [("content-type", "application/json")]
        if path.startswith("/status/"):
            status = int(path.removeprefix("/status/"))
        if path == "/headers":
            headers += [("x-a", "1"), ("x-a", "2"), ("connection", "x-hop"), ("x-hop", "1")]
            headers += [("set-cookie", "a=1"), ("access-control-allow-origin", "*")]
        if path == "/challenges":
            status = 401
            headers += [("WWW-Authenticate", "Basic"), ("www-authenticate", "Bearer")]
            headers += [("apigw-requestid", "mine"), ("Content-Type", "text/css")]
        if path == "/large":
            content = b"a" * (10 * 1024 * 1024 + 1)
        if path == "/redirect":
            status, headers = 302, [("location", "/elsewhere")]
        if path == "/slow":
            time.sleep(2)
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if path == "/drip":
            self._drip(content)
        elif self.command != "HEAD":
            self.wfile.write(content)

    def _drip(self, content: bytes) -> None:
        for byte in content[:30]:
            self.wfile.write(bytes([byte]))
            time.sleep(0.1)
        self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _answer  # noqa: N815 - http.server's

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its parent's name
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A gateway that hangs up is what some tests are about."""


@contextmanager
def serve_backend() -> Iterator[str]:
    """Serve until the block ends; gives the address."""
    server = _Server(("127.0.0.1", 0), _Echo)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
