"""A JWKS over TLS on loopback, by an authority of the benchmark's own."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

PATH = "/.well-known/jwks.json"


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    document: ClassVar[bytes]

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(self.document)))
        self.end_headers()
        self.wfile.write(self.document)

    def log_message(self, *_words: object) -> None:
        """Say nothing of it."""


@contextmanager
def serve_jwks(document: bytes, certificate: Path) -> Iterator[str]:
    """Serve a document with a certificate and its key, both in one file; give its address."""
    answers = type("Answers", (_Answers,), {"document": document})
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ThreadingHTTPServer(("127.0.0.1", 0), answers) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.server_port}{PATH}"
        finally:
            server.shutdown()
            thread.join()
