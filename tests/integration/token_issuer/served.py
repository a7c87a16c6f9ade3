"""An issuer's handler on loopback, as API Gateway puts it on the network; it also takes answers.

`PUT /answer` is where CloudFormation would wait for a custom resource.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(slots=True)
class Served:
    url: str = ""
    answer: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    put: list[dict[str, Any]] = field(default_factory=list)
    put_types: list[str | None] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@contextmanager
def served() -> Iterator[Served]:
    state = Served()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def do_PUT(self) -> None:
            state.put.append(json.loads(self._body()))
            state.put_types.append(self.headers["content-type"])
            self._send(200, {}, b"")

        def _answer(self) -> None:
            route_key = f"{self.command} {self.path}"
            state.asked.append(route_key)
            if state.answer is None:
                self._send(404, {}, b"{}")
                return
            response = state.answer(
                {
                    "routeKey": route_key,
                    "rawQueryString": "",
                    "headers": {name.lower(): value for name, value in self.headers.items()},
                    "body": base64.b64encode(self._body()).decode(),
                    "isBase64Encoded": True,
                    "requestContext": {
                        "domainName": self.headers["host"],
                        "requestId": "r-1",
                        "http": {"sourceIp": "127.0.0.1"},
                    },
                }
            )
            self._send(response["statusCode"], response["headers"], response["body"].encode())

        def _body(self) -> bytes:
            return self.rfile.read(int(self.headers.get("content-length") or 0))

        def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
