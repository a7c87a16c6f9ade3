"""A provider that a test makes lie: any document, any token, and it counts who asks for what."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt

from tests.issuer import Issuer

CODE = "a-code"


@dataclass
class LyingProvider:
    """Honest until told otherwise.

    Attributes:
        issuer: Whose keys sign.
        claims: Of the ID token, over the honest ones; None leaves one out.
        id_token: Instead of the signed one.
        access_token: Which goes with it.
        header: Of the ID token, over the honest one; None leaves one out.
        documents: Members of the discovery document, over the honest ones; None leaves one out.
        answers: Path -> status and body, instead of what is honest.
        hanging: The path that is not answered before `let_go`.
        asked: What was asked: method, path, form, authorization header.
        nonce: Of the last request that was answered.
    """

    issuer: Issuer
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    id_token: str | None = None
    access_token: str = "their-token"
    documents: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str], str | None]] = field(default_factory=list)
    nonce: str | None = None
    hanging: str | None = None
    let_go: Event = field(default_factory=Event)

    def forget(self) -> None:
        """Be honest again."""
        self.claims, self.header, self.id_token = {}, {}, None
        self.access_token = "their-token"
        self.documents, self.answers, self.asked = {}, {}, []

    def answer_to(self, authorization_url: str, **changes: str | None) -> str:
        """Where the provider sends the browser; it keeps the nonce for the token."""
        query = dict(parse_qsl(urlsplit(authorization_url).query))
        self.nonce = query["nonce"]
        answer = {"code": CODE, "state": query["state"], **changes}
        kept = {name: value for name, value in answer.items() if value is not None}
        return f"{query['redirect_uri']}?{urlencode(kept)}"

    def metadata(self) -> dict[str, Any]:
        url = self.issuer.url
        honest = {
            **self.issuer.metadata(),
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "userinfo_endpoint": f"{url}/userinfo",
        }
        return {k: v for k, v in {**honest, **self.documents}.items() if v is not None}

    def tokens(self) -> dict[str, Any]:
        now = int(time.time())
        honest = {
            "iss": self.issuer.url,
            "sub": "ada",
            "aud": "our-client",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "email": "ada@corp.example",
        }
        claims = {k: v for k, v in {**honest, **self.claims}.items() if v is not None}
        signed = self.id_token or self.issuer.signing_key.sign(claims, self.header)
        return {"access_token": self.access_token, "token_type": "Bearer", "id_token": signed}

    def respond(
        self, method: str, path: str, form: dict[str, str], authorization: str | None
    ) -> tuple[int, bytes]:
        self.asked.append((method, path, form, authorization))
        if path == self.hanging:
            self.let_go.wait()
        if path in self.answers:
            return self.answers[path]
        honest: dict[str, Callable[[], dict[str, Any]]] = {
            "/.well-known/openid-configuration": self.metadata,
            "/.well-known/jwks.json": self.issuer.jwks,
            "/token": self.tokens,
            "/userinfo": lambda: {"sub": "ada", "name": "Ada of userInfo"},
        }
        if path not in honest:
            return 404, b"{}"
        return 200, json.dumps(honest[path]()).encode()


def unsigned(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "", algorithm="none")


@contextmanager
def serve_lying_provider(algorithm: str = "RS256") -> Iterator[LyingProvider]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    url = f"http://127.0.0.1:{server.server_port}"
    provider = LyingProvider(Issuer(url, algorithm))
    server.RequestHandlerClass = type("Handler", (_Handler,), {"provider": provider})
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    provider: LyingProvider

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        self._answer(dict(parse_qsl(self.rfile.read(length).decode())))

    def _answer(self, form: dict[str, str]) -> None:
        authorization = self.headers.get("authorization")
        status, body = self.provider.respond(self.command, self.path, form, authorization)
        self.send_response(status)
        if status == 302:
            self.send_header("location", f"{self.provider.issuer.url}/elsewhere")
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its parent's name
        """Stay silent."""
