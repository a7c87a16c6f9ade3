"""A loopback API as small as the page's tests need: the page's function and a few routes.

The page, the authorizer, the policy and the issuer are the real ones; what stands between them here
is API Gateway's part and the backends'.
"""

import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from authorizer.handler import build as build_authorizer
from authorizer.policy import RoutePolicy
from authorizer.settings import Settings as AuthorizerSettings
from local.cognito.people import DemoUser, add_demo_users, add_groups_and_scopes, cognito_client
from local.cognito.server import CognitoServer
from page.handler import build as build_page
from page.settings import Settings as PageSettings
from session.handler import build as build_session
from session.settings import Settings as SessionSettings
from stacks.access import ACCESS, ROUTES
from stacks.page_routes import page_routes_json
from stacks.policy_document import policy_json
from stacks.rules import Route
from stacks.web_page import page_files
from tests.attacks.gateway_event import gateway_event
from tests.integration.cognito.conftest import client_config, pool_config

POOL_ID = "eu-west-1_browser12"
SCOPES = ("openid", "email", "orders/read")
NOT_HERE = ("GET /inventory/{item}",)
TABLE = replace(
    ACCESS,
    routes=tuple(
        replace(route, cookie=route.authorizer == "lambda")
        for route in ROUTES
        if route.key not in NOT_HERE
    ),
)

Answer = tuple[int, Sequence[tuple[str, str]], str]


@dataclass
class App:
    """What tests may look at and change.

    Attributes:
        url: The API's origin.
        cognito: The issuer.
        users: Who can sign in.
        down: Paths that answer 503 while they are in here.
        requests: Every request: method, path and headers in lower case.
    """

    url: str
    cognito: CognitoServer
    users: dict[str, DemoUser]
    down: set[str] = field(default_factory=set)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@dataclass(frozen=True)
class Secrets:
    """A client of Secrets Manager, and the secret's name there."""

    client: Any
    secret_id: str


@contextmanager
def serve_app(folder: Path, access_token_seconds: int, secrets: Secrets) -> Iterator[App]:
    """The app on loopback, with users of its own.

    Args:
        folder: An empty one, for the bundle.
        access_token_seconds: How long the page's tokens live.
        secrets: Holds the secret that seals cookies.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    url = f"http://127.0.0.1:{server.server_port}"
    cognito = CognitoServer([_pool(url, access_token_seconds)])
    try:
        app = App(url, cognito, _people(cognito))
        server.RequestHandlerClass = _handler(app, _Gateway(app, _bundle(folder), secrets))
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield app
        server.shutdown()
        thread.join()
    finally:
        server.server_close()
        cognito.stop()


def _pool(url: str, access_token_seconds: int) -> Any:
    web = client_config(
        "web",
        oauth_flows=frozenset({"code"}),
        oauth_scopes=SCOPES,
        callback_urls=(f"{url}/app/callback", f"{url}/session/callback"),
        logout_urls=(f"{url}/app",),
        access_token_seconds=access_token_seconds,
        id_token_seconds=access_token_seconds,
        rotation_grace_seconds=10,
    )
    return pool_config(POOL_ID, web)


def _people(cognito: CognitoServer) -> dict[str, DemoUser]:
    api = cognito_client(cognito.url, cognito.region)
    config = _pool("http://unused.example", 60)
    add_groups_and_scopes(api, config)
    users = add_demo_users(api, config)
    api.close()
    return {user.username.partition("@")[0]: user for user in users}


def _bundle(folder: Path) -> Path:
    for name, text in {**page_files(), "routes.json": page_routes_json(TABLE)}.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (folder / "policy.json").write_text(policy_json(TABLE), encoding="utf-8")
    return folder


class _Gateway:
    """Route, authorizer, backend: as much of API Gateway as the page can tell."""

    def __init__(self, app: App, folder: Path, secrets: Secrets) -> None:
        self._pool = app.cognito.pool(POOL_ID)
        documents = f"{app.cognito.url}/{POOL_ID}/.well-known"
        self._page = build_page(
            PageSettings(
                issuer=self._pool.issuer,
                discovery_uri=f"{documents}/openid-configuration",
                client_id="web",
                scopes=" ".join(SCOPES),
                public_url=app.url,
            ),
            folder,
        )
        self._session = build_session(
            SessionSettings(
                issuer=self._pool.issuer,
                discovery_uri=f"{documents}/openid-configuration",
                client_id="web",
                scopes=" ".join(SCOPES),
                public_url=app.url,
                cookie_secret_id=secrets.secret_id,
            ),
            secretsmanager=secrets.client,
        )
        issuer = {
            "name": "cognito",
            "issuer": self._pool.issuer,
            "client_ids": ["web"],
            "jwks_uri": f"{documents}/jwks.json",
        }
        self._authorizer = build_authorizer(
            AuthorizerSettings.from_env(
                {
                    "ISSUERS": json.dumps([issuer]),
                    "POLICY_FILE": str(folder / "policy.json"),
                    "LEEWAY_SECONDS": "0",
                    "COOKIE_ORIGINS": json.dumps([app.url]),
                }
            ),
            RoutePolicy.from_file(folder / "policy.json"),
        )

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        path, _, query = target.partition("?")
        event = _event(method, path, query, headers)
        if path.startswith("/session/"):
            return _lambda_answer(self._session({**event, "routeKey": f"{method} {path}"}))
        if path == "/app" or path.startswith("/app/"):
            return _lambda_answer(self._page(event))
        for route in TABLE.routes:
            declared, pattern = route.key.split(" ")
            found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern), path)
            if method == declared and found:
                parameters = found.groupdict()
                sources = None if route.cookie else [headers.get("authorization"), route.key]
                context = {**event["requestContext"], "routeKey": route.key}
                asked = {
                    **event,
                    "requestContext": context,
                    "routeKey": route.key,
                    "identitySource": sources,
                    "pathParameters": parameters,
                }
                refusal = self._refusal(route, asked)
                return refusal or _json(200, {"route": route.key, **parameters})
        return _json(404, {"message": "Not Found"})

    def _refusal(self, route: Route, event: dict[str, Any]) -> Answer | None:
        if route.authorizer == "public":
            return None
        given = event["headers"].get("authorization")
        if route.authorizer == "jwt":
            return self._jwt_refusal(route.key, given)
        if given is None and not route.cookie:
            return _json(401, {"message": "Unauthorized"})
        try:
            allowed = self._authorizer({**event, "type": "REQUEST"})["isAuthorized"]
        except Exception as error:  # noqa: BLE001  # as the gateway takes it
            message = str(error)
            return _json(401 if message == "Unauthorized" else 500, {"message": message})
        return None if allowed else _json(403, {"message": "Forbidden"})

    def _jwt_refusal(self, key: str, given: str | None) -> Answer | None:
        if given is None:
            return _json(401, {"message": "Unauthorized"})
        claims = self._pool.read_access_token(given.partition(" ")[2])
        if claims is not None and not self._pool.is_expired(claims) and key == "GET /me":
            return None
        words = 'Bearer error="invalid_token" error_description="signature does not match"'
        return _json(401, {"message": "Unauthorized"}, ("www-authenticate", words))


def _event(method: str, path: str, query: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """An event of payload format 2.0, whose cookies stand apart."""
    event = gateway_event(headers.get("authorization"))
    cookies = [cookie for cookie in headers.get("cookie", "").split("; ") if cookie]
    http = {**event["requestContext"]["http"], "method": method, "path": path}
    return {
        **event,
        "rawPath": path,
        "rawQueryString": query,
        "headers": {name: value for name, value in headers.items() if name != "cookie"},
        "requestContext": {**event["requestContext"], "http": http},
        "isBase64Encoded": False,
        **({"cookies": cookies} if cookies else {}),
    }


def _lambda_answer(made: Mapping[str, Any]) -> Answer:
    cookies = [("set-cookie", cookie) for cookie in made.get("cookies", ())]
    return made["statusCode"], [*made["headers"].items(), *cookies], made["body"]


def _json(status: int, body: object, *headers: tuple[str, str]) -> Answer:
    return status, [("content-type", "application/json"), *headers], json.dumps(body)


def _handler(app: App, gateway: _Gateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.rfile.read(int(headers.get("content-length", "0")))
            path = self.path.partition("?")[0]
            app.requests.append((self.command, path, headers))
            if path in app.down:
                status, sent, body = _json(503, {"message": "Service Unavailable"})
            else:
                status, sent, body = gateway.answer(self.command, self.path, headers)
            self.send_response(status)
            for name, value in sent:
                self.send_header(name, value)
            self.send_header("content-length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST = do_DELETE = do_HEAD = _serve  # noqa: N815  # the library's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
