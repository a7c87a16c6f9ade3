"""A service of AWS on loopback that answers every call with one error, or never."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass(slots=True)
class FaultyService:
    url: str = ""
    calls: list[str] = field(default_factory=list)


@contextmanager
def faulty_service(status: int, error: str) -> Iterator[FaultyService]:
    service = FaultyService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            service.calls.append(self.headers["x-amz-target"])
            body = json.dumps({"__type": error, "message": "as the test wants it"}).encode()
            self.send_response(status)
            self.send_header("content-type", "application/x-amz-json-1.1")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def hanging_service() -> Iterator[str]:
    """A service that takes connections and never answers; its URL."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


class HangingRing:
    """A client of DynamoDB, one of whose tables may hang while the others answer."""

    def __init__(self, answering: Any, hanging: Any, ring: str) -> None:
        self.answering, self.hanging, self.ring = answering, hanging, ring
        self.hangs = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.answering, name)

    def get_item(self, **arguments: Any) -> Any:
        hangs = self.hangs and arguments["TableName"] == self.ring
        return (self.hanging if hangs else self.answering).get_item(**arguments)
