"""The applications under `examples/verifier`, each asked over its own framework."""

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import ModuleType
from typing import Any

import pytest
import urllib3
import uvicorn

from jwt_verifier import JwtVerifier
from tests.issuer import Issuer, serve_issuer

AUDIENCE = "orders-api"
POOL_ID = "eu-west-1_Abc123"
Ask = Callable[[dict[str, str]], int]


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with serve_issuer() as issuer:
        yield issuer


def example(name: str, monkeypatch: pytest.MonkeyPatch, **environment: str) -> ModuleType:
    """Import one anew, as a server that starts would."""
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    return importlib.reload(importlib.import_module(f"examples.verifier.{name}"))


class _Server(uvicorn.Server):
    """Says when it serves, so that nobody has to look again and again."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serves = Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.serves.set()


@contextmanager
def fastapi(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    module = example("fastapi_app", monkeypatch, ISSUER=issuer.url, AUDIENCE=AUDIENCE)
    server = _Server(uvicorn.Config(module.app, port=0, log_level="error"))
    thread = Thread(target=server.run)
    thread.start()
    assert server.serves.wait(60)
    port = server.servers[0].sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}/orders"
    try:
        yield lambda headers: urllib3.request("GET", url, headers=headers, retries=False).status
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def flask(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    module = example("flask_app", monkeypatch, ISSUER=issuer.url, AUDIENCE=AUDIENCE)
    client = module.app.test_client()
    yield lambda headers: client.get("/orders", headers=headers).status_code


@contextmanager
def plain_lambda(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """The pool of the example is the issuer here: its keys are served on loopback."""
    module = example("lambda_function", monkeypatch, USER_POOL_ID=POOL_ID, CLIENT_ID="c")
    monkeypatch.setattr(module, "verifier", JwtVerifier.oidc(issuer.url, audiences=[AUDIENCE]))
    yield lambda headers: module.handler({"headers": headers}, None)["statusCode"]


@pytest.fixture(params=[fastapi, flask, plain_lambda], ids=lambda make: make.__name__)
def ask(
    request: pytest.FixtureRequest, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ask]:
    with request.param(issuer, monkeypatch) as asked:
        yield asked


def test_a_good_token_is_let_in(ask: Ask, issuer: Issuer) -> None:
    assert ask({"authorization": f"Bearer {issuer.mint(aud=AUDIENCE)}"}) == 200


@pytest.mark.parametrize(
    "header", [{}, {"authorization": "Basic YTpi"}, {"authorization": "Bearer a.b.c"}], ids=str
)
def test_anything_else_is_401(ask: Ask, header: dict[str, Any]) -> None:
    assert ask(header) == 401


def test_a_token_for_another_audience_is_401(ask: Ask, issuer: Issuer) -> None:
    assert ask({"authorization": f"Bearer {issuer.mint(aud='another')}"}) == 401


def test_an_issuer_that_is_gone_is_503(ask: Ask, issuer: Issuer) -> None:
    unserved = issuer.mint(aud=AUDIENCE)
    issuer.metadata = dict  # type: ignore[method-assign]  # a document that names nobody
    assert ask({"authorization": f"Bearer {unserved}"}) == 503


def test_the_lambda_example_trusts_the_pool_that_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    module = example("lambda_function", monkeypatch, USER_POOL_ID=POOL_ID, CLIENT_ID="c")
    stranger = Issuer("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Another1")
    event = {"headers": {"authorization": f"Bearer {stranger.mint(client_id='c')}"}}
    assert module.handler(event, None) == {"statusCode": 401}
