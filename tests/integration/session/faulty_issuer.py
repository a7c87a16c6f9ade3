"""An OIDC issuer on loopback that answers as a test wants it, and remembers what it was asked."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl

from tests.integration.session.person import CLIENT_ID, Answer, Backend, Person
from tests.signing_key import SigningKey

Said = tuple[int, Any]
"""Status, and JSON or bytes."""


@dataclass
class FaultyIssuer:
    url: str
    clock: Callable[[], float]
    key: SigningKey = field(default_factory=lambda: SigningKey.generate("RS256"))
    says: dict[str, Said] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    id_claims: dict[str, Any] = field(default_factory=dict)
    id_header: dict[str, Any] = field(default_factory=dict)
    access_claims: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    proofs: list[str] = field(default_factory=list)
    """The Authorization header of each request, "" for none."""
    silent: Event = field(default_factory=Event)
    before_tokens: Callable[[], None] | None = None
    """What happens while a renewal is under way, once."""

    nonce: str = ""
    refreshes: int = 0
    _backend: list[Backend] = field(default_factory=list)

    @property
    def backend(self) -> Backend:
        return self._backend[0]

    @backend.setter
    def backend(self, backend: Backend) -> None:
        self._backend = [backend]

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def begun(self, person: Person) -> str:
        """The query of a good answer to a sign-in that has begun."""
        asked = person.login().asked
        self.nonce = asked["nonce"]
        return f"code=a-code&state={asked['state']}"

    def sign_in(self, person: Person) -> Answer:
        return person.callback(self.begun(person))

    def answer(self, path: str, form: dict[str, str]) -> Said:
        self.asked.append((path, form))
        if path in self.says:
            return self.says[path]
        match path:
            case "/.well-known/openid-configuration":
                return 200, self._metadata()
            case "/jwks":
                return 200, {"keys": self.keys or [self.key.jwk]}
            case "/token":
                return 200, self._token_answer(form)
        return 404, {}

    def id_token(self, **changes: Any) -> str:
        now = int(self.clock())
        claims = {
            "iss": self.url,
            "sub": "someone",
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            **self.id_claims,
            **changes,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return self.key.sign(kept, self.id_header)

    def access_token(self) -> str:
        now = int(self.clock())
        claims = {"iss": self.url, "sub": "someone", "iat": now, "exp": now + 300}
        return self.key.sign({**claims, "n": self.refreshes, **self.access_claims})

    def _token_answer(self, form: dict[str, str]) -> dict[str, Any]:
        refreshing = form["grant_type"] == "refresh_token"
        meanwhile, self.before_tokens = self.before_tokens, None
        if meanwhile:
            meanwhile()
        self.refreshes += refreshing
        answer = {
            "token_type": "Bearer",
            "access_token": self.access_token(),
            "expires_in": 300,
            "id_token": self.id_token(**({"nonce": None} if refreshing else {})),
            "refresh_token": f"refresh-token-number-{self.refreshes}",
            **self.tokens,
        }
        return {name: value for name, value in answer.items() if value is not None}

    def _metadata(self) -> dict[str, Any]:
        document = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize?kept=1",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "revocation_endpoint": f"{self.url}/revoke",
            "end_session_endpoint": f"{self.url}/end",
            **self.discovery,
        }
        return {name: value for name, value in document.items() if value is not None}


@contextmanager
def serve_faulty_issuer(clock: Callable[[], float]) -> Iterator[FaultyIssuer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._answer(dict(parse_qsl(body)))

        def _answer(self, form: dict[str, str]) -> None:
            issuer.proofs.append(self.headers.get("authorization", ""))
            status, said = issuer.answer(self.path.partition("?")[0], form)
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            if issuer.silent.is_set():
                while self.connection.recv(1):  # until the other side gives up
                    pass
                return
            self.send_response(status)
            for name, value in issuer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = FaultyIssuer(f"http://127.0.0.1:{server.server_port}", clock)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
