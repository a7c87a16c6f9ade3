"""Two users share a route that takes header or cookie: nobody is ever answered for somebody else.

Everything is real but the issuer's address: the synthesised template, its bundled authorizer and
backend under the runtime client, the gateway with its cache.
"""

import http.client
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pytest

from aws_jwt_authorizer.access.rules import Route, Rule
from function_kit.csrf_token import csrf_token
from local.gateway.access_log import Exchange
from local.gateway.gateway import Clocks, Gateway
from local.gateway.server import HttpServer
from local.loopback.listener import listen_on_loopback
from local.runtime.functions import Functions
from local.this_app.synthesis.stage_app import read_this_app
from tests.issuer import Issuer, serve_issuer
from tests.sample.access import ACCESS
from tests.synth.synthesis import synthesise

ROUTES = (
    Route("ANY /shared", "whoami", "lambda", Rule(), cookie=True),
    Route("GET /shared/{id}", "whoami", "lambda", Rule(), cookie=True),
    Route("GET /header", "whoami", "lambda", Rule()),
    Route("$default", "whoami", "lambda", Rule()),
)
ROUNDS = 20


@dataclass
class Api:
    port: int
    issuer: Issuer
    exchanges: dict[str, Exchange]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def token(self, user: str, **claims: Any) -> str:
        return self.issuer.mint(sub=user, aud="api", **claims)

    def call(self, headers: dict[str, str], path: str = "/shared", method: str = "GET") -> Any:
        """Whom the backend took the caller for, or the status of a refusal."""
        return self.ask(headers, path, method)[0]

    def ask(self, headers: dict[str, str], path: str, method: str) -> tuple[Any, str]:
        """The same, and the request id."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, headers=headers)
            response = connection.getresponse()
            body = response.read()
            caller = json.loads(body)["sub"] if response.status == 200 else response.status
            return caller, response.headers["apigw-requestid"]
        finally:
            connection.close()


def by_cookie(token: str, **headers: str) -> dict[str, str]:
    """What a browser sends for a script of our page that reads."""
    page = {"sec-fetch-site": "same-origin", "x-csrf-token": csrf_token(token)}
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"cookie": f"theme=dark; __Host-Http-access={token}", **page, **given}


def by_header(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("cookie") / "cdk.out"
    table = replace(ACCESS, routes=ROUTES)
    synthesise(folder, "local", access=table, bundled=True, kms_issuer=False, http_backends={})
    app = read_this_app(folder)
    listener = listen_on_loopback(0)
    port = listener.getsockname()[1]
    functions = Functions(lambda _function, _line: None)
    exchanges: dict[str, Exchange] = {}

    def remember(exchange: Exchange) -> None:
        exchanges[exchange.request_id] = exchange

    with serve_issuer() as issuer:
        told = {
            "ISSUERS": json.dumps([{"name": "x", "issuer": issuer.url, "audiences": ["api"]}]),
            "COOKIE_ORIGINS": json.dumps([f"http://127.0.0.1:{port}"]),
        }
        needed = [f for f in app.functions if f.handler.startswith(("authorizer.", "whoami."))]
        functions.update([replace(f, environment={**f.environment, **told}) for f in needed])
        gateway = Gateway(app.api, functions.invoke, remember, Clocks())
        server = HttpServer(gateway.handle, listener)
        try:
            yield Api(port, issuer, exchanges)
        finally:
            server.stop()
            functions.stop()


@pytest.mark.parametrize("path", ["/shared", "/shared/7"])
@pytest.mark.parametrize("ways", [(by_cookie, by_cookie), (by_cookie, by_header)])
def test_two_users_take_turns_and_each_is_answered_for_himself(
    api: Api, path: str, ways: Any
) -> None:
    calls = {user: way(api.token(user)) for user, way in zip(("ada", "bob"), ways, strict=True)}
    for _ in range(3):
        for user, headers in calls.items():
            assert api.call(headers, path) == user


@pytest.mark.parametrize(("method", "path"), [("GET", "/no/such/route"), ("POST", "/header")])
def test_the_default_route_of_the_table_takes_what_no_other_does_and_lets_in_by_its_rule(
    api: Api, method: str, path: str
) -> None:
    assert api.call(by_header(api.token("ada")), path, method) == "ada"
    assert api.call({}, path, method) == 401
    assert api.call(by_header(api.token("ada", exp=1)), path, method) == 401


def test_many_users_at_once_are_each_answered_for_themselves(api: Api) -> None:
    ways = {"ada": by_cookie, "bob": by_cookie, "eve": by_header}
    calls = [(user, way(api.token(user))) for user, way in ways.items()] * ROUNDS
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda call: api.call(call[1]), calls))
    assert answers == [user for user, _ in calls]


def test_no_answer_to_a_cookie_is_kept(api: Api) -> None:
    headers = by_cookie(api.token("ada"))
    for _ in range(2):
        caller, request_id = api.ask(headers, "/shared", "GET")
        assert caller == "ada"
        assert api.exchanges[request_id].decided_in == request_id


def test_the_same_user_may_come_by_either_way_but_not_by_both(api: Api) -> None:
    token = api.token("ada")
    assert api.call(by_cookie(token)) == api.call(by_header(token)) == "ada"
    assert api.call({**by_cookie(token), **by_header(token)}) == 401
    assert api.call({**by_cookie(token), **by_header(api.token("bob"))}) == 401


def test_the_page_may_write_as_browsers_let_it(api: Api) -> None:
    headers = by_cookie(api.token("ada"), origin=api.origin)
    for method in ("POST", "PUT", "DELETE"):
        assert api.call(headers, method=method) == "ada"
        assert api.call({**headers, "origin": "https://evil.example"}, method=method) == 401
        assert api.call({**headers, "origin": "null"}, method=method) == 401
        without = {name: value for name, value in headers.items() if name != "origin"}
        assert api.call(without, method=method) == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "none"},
        {"origin": "http://127.0.0.1:1"},
        {"x-csrf-token": ""},
        {"x-csrf-token": csrf_token("a.b.c")},
        {"cookie": ""},
    ],
    ids=str,
)
def test_whatever_another_site_makes_a_browser_send_is_refused(
    api: Api, headers: dict[str, str]
) -> None:
    assert api.call({**by_cookie(api.token("ada")), **headers}) == 401


def test_one_users_anti_csrf_token_does_not_open_anothers_cookie(api: Api) -> None:
    ada, bob = api.token("ada"), api.token("bob")
    assert api.call(by_cookie(ada, x_csrf_token=csrf_token(bob))) == 401


def test_a_long_token_comes_in_parts(api: Api) -> None:
    token = api.token("ada", padding="x" * 4_000)
    parts = f"__Host-Http-access={token[:3800]}; __Host-Http-access-1={token[3800:]}"
    assert len(token) > 3_800
    assert api.call({**by_cookie(token), "cookie": parts}) == "ada"
    first = parts.partition(";")[0]
    assert api.call({**by_cookie(token), "cookie": first}) == 401


def test_a_route_of_headers_takes_no_cookie(api: Api) -> None:
    token = api.token("ada")
    assert api.call(by_cookie(token), "/header") == 401
    assert api.call({**by_cookie(token), **by_header(api.token("bob"))}, "/header") == "bob"
