"""The authorizer under attack: really built, over a real JWKS server on loopback."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from authorizer.authorize import Authorizer
from authorizer.handler import build
from authorizer.policy import RoutePolicy
from authorizer.response import SimpleResponse, Unauthorized
from authorizer.settings import Settings
from jwt_verifier.errors import KeysUnavailable
from jwt_verifier.freshness import Clock
from tests.attacks.forge import AUDIENCE, ISSUER
from tests.attacks.gateway_event import ROUTE_KEY, bearer
from tests.policies import policy_document

PLAIN_ISSUER: Mapping[str, Any] = {
    "name": "plain",
    "issuer": ISSUER,
    "audiences": [AUDIENCE],
    "token_use": "access",
    "algorithms": [
        *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
        *("ES256", "ES384", "ES512", "EdDSA"),
    ],
}

OPEN_POLICY = policy_document({ROUTE_KEY: {}})


def policy_of(**routes: Mapping[str, Any]) -> bytes:
    """Return a policy with a rule for `GET /orders` (`orders`) and any other route by name."""
    rules = {ROUTE_KEY if name == "orders" else name: rule for name, rule in routes.items()}
    return policy_document(rules)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a request: HTTP status, reason code, and the answer if there was one."""

    status: int
    reason: str
    answer: SimpleResponse | None = None

    @property
    def context(self) -> dict[str, Any]:
        """What a backend would get."""
        context = (self.answer or {}).get("context")
        assert isinstance(context, dict)
        return context


@dataclass
class Target:
    """An authorizer, and the reason that it logged last."""

    authorizer: Authorizer
    lines: list[str]

    def judge(self, event: object) -> Verdict:
        """Put an event to it; anything but its three kinds of answer is an error of the test."""
        self.lines.clear()
        try:
            answer = self.authorizer(event)
        except Unauthorized:
            return Verdict(401, self._only_reason())
        except KeysUnavailable:
            return Verdict(500, self._only_reason())
        allowed = answer["isAuthorized"]
        assert isinstance(allowed, bool)
        return Verdict(200 if allowed else 403, self._only_reason(), answer)

    def judge_token(self, token: str) -> Verdict:
        """Put the event of a request with this token to it."""
        return self.judge(bearer(token))

    def _only_reason(self) -> str:
        (line,) = map(json.loads, self.lines)  # one for each decision, never none or two
        reason = str(line["reason"])
        if line["outcome"] == "denied" and "detail" in line:
            reason += f":{line['detail']}"
        return reason


class JwksServer:
    """Serves documents by path and counts who asks for them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.documents: dict[str, bytes] = {}
        self.requests: Counter[str] = Counter()

    def publish(self, path: str, document: str) -> str:
        """Serve a document at a path from now on, and return its address."""
        self.documents[path] = document.encode()
        return self.url + path


@contextmanager
def serve_jwks() -> Iterator[JwksServer]:
    """Serve on 127.0.0.1, at a port of its own, until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Documents)
    published = JwksServer(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("Documents", (_Documents,), {"published": published})
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield published
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Documents(BaseHTTPRequestHandler):
    published: JwksServer

    def do_GET(self) -> None:
        self.published.requests[self.path] += 1
        body = self.published.documents.get(self.path, b"")
        self.send_response(200 if body else 404)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its parent's name
        pass


def build_target(
    *issuers: Mapping[str, Any],
    policy: bytes = OPEN_POLICY,
    wall_clock: Clock = time.time,
    monotonic_clock: Clock = time.monotonic,
    **environment: str,
) -> Target:
    """Build an authorizer as its handler would, from an environment and a policy."""
    variables = {"ISSUERS": json.dumps(issuers), "POLICY_FILE": "policy.json", **environment}
    lines: list[str] = []
    authorizer = build(
        Settings.from_env(variables),
        RoutePolicy.from_json(policy),
        wall_clock=wall_clock,
        monotonic_clock=monotonic_clock,
        write=lines.append,
    )
    return Target(authorizer, lines)
