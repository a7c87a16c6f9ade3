"""A backend's handler, and a browser that keeps its cookies as browsers do."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import session.handler
from jwt_verifier.freshness import Clocks
from session.cookie_keys import CookieKeys
from session.cookies import LOGIN_PREFIX
from session.secret_store import SecretStore
from session.settings import ClientAuthenticationMethod, Lifetimes, Settings
from tests.integration.cognito import http_client
from tests.integration.cognito.conftest import Cognito
from tests.integration.cognito.http_client import Browser

PUBLIC_URL = "https://abc123.execute-api.us-west-2.amazonaws.com"
CALLBACK_URL = f"{PUBLIC_URL}/session/callback"
APP_URL = f"{PUBLIC_URL}/app"
CLIENT_ID = "browser"
CLIENT_SECRET = "+of/the faulty issuer:s client"
SCOPES = "openid email profile orders/read orders/write"
IDLE_SECONDS, SESSION_SECONDS = 3_600, 43_200
OWN_PAGE = {"sec-fetch-site": "same-origin"}


@dataclass(frozen=True, slots=True)
class Aws:
    """AWS as the function knows it: two clients of the SDK, and a table."""

    secretsmanager: Any
    dynamodb: Any
    table: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: str
    set_cookies: tuple[str, ...]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def asked(self) -> dict[str, str]:
        """The query of where it redirects to."""
        query = urlsplit(self.headers["location"]).query
        return {name: values[0] for name, values in parse_qs(query).items()}

    @property
    def set_names(self) -> set[str]:
        """The cookies that it sets or deletes; a sign-in's by what all of those begin with."""
        names = {line.partition("=")[0] for line in self.set_cookies}
        return {LOGIN_PREFIX if name.startswith(LOGIN_PREFIX) else name for name in names}


@dataclass(frozen=True, slots=True)
class Backend:
    """One environment of the function."""

    handler: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    settings: Settings
    aws: Aws
    clock: Any
    bodies: list[str] = field(default_factory=list)

    @property
    def keys(self) -> CookieKeys:
        """The function's own keys, for a test that looks into a cookie or forges one."""
        store = SecretStore(self.aws.secretsmanager)
        clocks = Clocks(self.clock, self.clock)
        return CookieKeys(store, self.settings.cookie_secret_id, clocks)

    def beside(
        self, *, secretsmanager: Any = None, dynamodb: Any = None, secret_id: str | None = None
    ) -> "Backend":
        """Another environment of the same function."""
        secret_id = secret_id or self.settings.cookie_secret_id
        settings = replace(self.settings, cookie_secret_id=secret_id)
        aws = replace(
            self.aws,
            secretsmanager=secretsmanager or self.aws.secretsmanager,
            dynamodb=dynamodb or self.aws.dynamodb,
        )
        built = session.handler.build(
            settings,
            secretsmanager=aws.secretsmanager,
            dynamodb=aws.dynamodb,
            clock=self.clock,
            monotonic_clock=self.clock,
        )
        return Backend(built, settings, aws, self.clock)

    def answer(self, route: str, query: str, headers: Any, cookies: list[str]) -> Answer:
        event = {
            "version": "2.0",
            "routeKey": route,
            "rawQueryString": query,
            "headers": headers,
            "isBase64Encoded": False,
            "requestContext": {"requestId": "r-1", "http": {"sourceIp": "203.0.113.7"}},
            **({"cookies": cookies} if cookies else {}),
        }
        given = self.handler(event)
        self.bodies.append(given["body"])
        return Answer(given["statusCode"], given["headers"], given["body"], tuple(given["cookies"]))


def new_backend(
    aws: Aws,
    secret_id: str,
    client_secret_id: str,
    issuer: str,
    issuer_here: str,
    clock: Any,
    *,
    authentication: ClientAuthenticationMethod = "client_secret",
    **changes: Any,
) -> Backend:
    settings = Settings(
        issuer=issuer,
        discovery_uri=f"{issuer_here}/.well-known/openid-configuration",
        client_id=CLIENT_ID,
        client_authentication=authentication,
        client_secret_id=client_secret_id,
        client_secret_key="client_secret",
        scopes=SCOPES,
        public_url=PUBLIC_URL,
        cookie_secret_id=secret_id,
        revocation_table=aws.table,
        lifetimes=Lifetimes(IDLE_SECONDS, SESSION_SECONDS),
        stage="prod",
    )
    built = session.handler.build(
        settings,
        secretsmanager=aws.secretsmanager,
        dynamodb=aws.dynamodb,
        clock=clock,
        monotonic_clock=clock,
        **changes,
    )
    return Backend(built, settings, aws, clock)


def refresh_as_backend(pool: Cognito, refresh_token: str) -> http_client.Answer:
    """A refresh by somebody who has the backend's secret too."""
    secret = pool.pool.clients[CLIENT_ID].secret
    return http_client.refresh(pool, refresh_token, CLIENT_ID, client_secret=secret)


@dataclass
class Person:
    """Somebody's browser: it sends Strict cookies within the site only, and forgets in time."""

    backend: Backend
    jar: dict[str, str] = field(default_factory=dict)
    same_site: dict[str, str] = field(default_factory=dict)
    ends_at: dict[str, float] = field(default_factory=dict)

    def ask(
        self, route: str, query: str = "", headers: Any = None, *, from_issuer: bool = False
    ) -> Answer:
        self.forget_old()
        cookies = [
            f"{name}={value}"
            for name, value in self.jar.items()
            if not (from_issuer and self.same_site.get(name) == "Strict")
        ]
        answer = self.backend.answer(route, query, headers or {}, cookies)
        for line in answer.set_cookies:
            self._keep(line)
        return answer

    def login(self, query: str = "") -> Answer:
        return self.ask("GET /session/login", query)

    def callback(self, query: str) -> Answer:
        return self.ask("GET /session/callback", query, from_issuer=True)

    def me(self) -> Answer:
        return self.ask("GET /session/me", "", OWN_PAGE)

    def post(self, path: str, **headers: str) -> Answer:
        """As the page does it, unless other headers are given; an empty one is left out."""
        told = self.me().json.get("session_csrf_token", "nobody-told-it")
        every = {"origin": PUBLIC_URL, "x_csrf_token": told, **headers}
        given = {name.replace("_", "-"): value for name, value in every.items() if value}
        return self.ask(f"POST {path}", "", given)

    def refresh(self, **headers: str) -> Answer:
        return self.post("/session/refresh", **headers)

    def logout(self, **headers: str) -> Answer:
        return self.post("/session/logout", **headers)

    def sign_in(self, pool: Cognito, who: str = "admin") -> Answer:
        """The whole way: login, the pool's page, callback."""
        user = pool.users[who]
        back = Browser(pool).sign_in(self.login().asked, user.username, user.password)
        return self.callback(urlsplit(back.headers["location"]).query)

    def content(self) -> dict[str, Any]:
        """What the sealed session holds."""
        value = self.joined("__Host-Http-session")
        content: dict[str, Any] = json.loads(self.backend.keys.open("__Host-Http-session", value))
        return content

    def put(self, content: dict[str, Any]) -> None:
        """Seal a session with other content, as only the function could."""
        sealed = self.backend.keys.seal("__Host-Http-session", json.dumps(content).encode())
        self.jar["__Host-Http-session"] = sealed

    def joined(self, name: str) -> str:
        """The whole value of a cookie that may be split."""
        parts = [name, *(f"{name}-{number}" for number in range(1, 9))]
        return "".join(self.jar.get(part, "") for part in parts)

    def forget_old(self) -> None:
        for name, ends_at in list(self.ends_at.items()):
            if self.backend.clock() >= ends_at:
                del self.jar[name], self.ends_at[name]

    def _keep(self, line: str) -> None:
        [(name, morsel)] = SimpleCookie(line).items()
        # Without these a browser does not take a cookie of such a name at all.
        assert name.startswith("__Host-")
        assert morsel["secure"]
        assert (morsel["path"], morsel["domain"], morsel["httponly"]) == ("/", "", True)
        assert len(name) + len(morsel.value) <= 4096
        self.jar.pop(name, None)
        self.ends_at.pop(name, None)
        if morsel["max-age"] == "0":
            return
        self.jar[name], self.same_site[name] = morsel.value, morsel["samesite"]
        if morsel["max-age"]:
            self.ends_at[name] = self.backend.clock() + int(morsel["max-age"])
