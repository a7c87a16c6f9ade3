"""An OIDC issuer on loopback: a key pair, discovery, a JWKS, and tokens with any claims."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.signing_key import SigningKey

TOKEN_SECONDS = 900


class Issuer:
    """Signs tokens with its newest key and publishes all that it has not withdrawn."""

    def __init__(self, url: str, algorithm: str = "RS256") -> None:
        self.url = url
        self._algorithm = algorithm
        self.keys = [SigningKey.generate(algorithm)]

    @property
    def signing_key(self) -> SigningKey:
        """The key that signs now."""
        return self.keys[-1]

    def mint(self, **claims: object) -> str:
        """Return a signed token: 15 minutes, from now, with these claims; None leaves one out."""
        now = int(time.time())
        defaults = {"iss": self.url, "sub": "someone", "iat": now, "exp": now + TOKEN_SECONDS}
        chosen = {**defaults, **claims}
        return self.signing_key.sign({k: v for k, v in chosen.items() if v is not None})

    def rotate(self) -> SigningKey:
        """Sign with a new key from now on; the old ones stay published."""
        self.keys.append(SigningKey.generate(self._algorithm))
        return self.signing_key

    def withdraw(self, key: SigningKey) -> None:
        """Publish a key no longer."""
        self.keys.remove(key)

    def jwks(self) -> dict[str, Any]:
        """Return the JWK set (RFC 7517 section 5)."""
        return {"keys": [key.jwk for key in self.keys]}

    def metadata(self) -> dict[str, Any]:
        """Return the discovery document (OpenID Connect Discovery 1.0 section 3)."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/.well-known/jwks.json",
            "id_token_signing_alg_values_supported": [self._algorithm],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
        }


@contextmanager
def serve_issuer(algorithm: str = "RS256") -> Iterator[Issuer]:
    """Serve a new issuer on 127.0.0.1, at a port of its own, until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Documents)
    issuer = Issuer(f"http://127.0.0.1:{server.server_port}", algorithm)
    server.RequestHandlerClass = type("Documents", (_Documents,), {"issuer": issuer})
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Documents(BaseHTTPRequestHandler):
    issuer: Issuer

    def do_GET(self) -> None:
        """Serve the two documents of an issuer."""
        documents = {
            "/.well-known/openid-configuration": self.issuer.metadata,
            "/.well-known/jwks.json": self.issuer.jwks,
        }
        document = documents.get(self.path)
        body = json.dumps(document() if document else {"message": "Not Found"}).encode()
        self.send_response(200 if document else 404)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its parent's name
        """Stay silent: whoever serves an issuer has their own log."""
