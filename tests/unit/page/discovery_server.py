"""A loopback server that answers as a test tells it, and counts who asks."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc123xyz"
DOMAIN = "https://sign-in.example"
DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{DOMAIN}/oauth2/authorize",
    "token_endpoint": f"{DOMAIN}/oauth2/token",
    "revocation_endpoint": "https://revoke.example:8443/oauth2/revoke",
    "end_session_endpoint": f"{DOMAIN}/logout",
    "userinfo_endpoint": f"{DOMAIN}/oauth2/userInfo",
    "jwks_uri": f"{DOMAIN}/jwks.json",
}


@dataclass
class Discovery:
    """What is answered: a status, headers, a body; held back until `released` if it is not set."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = json.dumps(DOCUMENT).encode()
    asked: int = 0
    released: threading.Event = field(default_factory=threading.Event)
    uri: str = ""

    def says(self, **changes: Any) -> None:
        self.body = json.dumps({**DOCUMENT, **changes}).encode()


@contextmanager
def served() -> Iterator[Discovery]:
    discovery = Discovery()
    discovery.released.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            discovery.asked += 1
            discovery.released.wait(10)
            self.send_response(discovery.status)
            for name, value in discovery.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(discovery.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    discovery.uri = f"http://127.0.0.1:{server.server_port}/.well-known/openid-configuration"
    try:
        yield discovery
    finally:
        discovery.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
