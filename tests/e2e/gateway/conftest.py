import http.client
import json
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from local.gateway.access_log import Exchange
from local.gateway.authorizers.lambda_authorizer import Invoke
from local.gateway.gateway import Clocks, Gateway
from local.gateway.server import HttpServer
from local.loopback import fetch
from local.loopback.listener import listen_on_loopback
from local.runtime.functions import Functions
from local.template.read import read_local_app
from tests.issuer import Issuer, serve_issuer

from .backend import serve_backend
from .templates import api as api_of
from .templates import route, write_assembly

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        values = self.all(name)
        return ",".join(values) if values else None

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


def until_closed(connection: socket.socket) -> bytes:
    received = b""
    try:
        while chunk := connection.recv(65536):
            received += chunk
    except ConnectionResetError:
        return received
    return received


@dataclass
class Api:
    """A served API over its socket."""

    url: str
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        assert parts.hostname
        assert parts.port
        return parts.hostname, parts.port

    def call(
        self, method: str, path: str, headers: Headers = (), body: bytes | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection(*self.address, timeout=30)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("content-length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            found = [(name.lower(), value) for name, value in response.getheaders()]
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def event(
        self, method: str, path: str, headers: Headers = (), body: bytes | None = None
    ) -> Any:
        answer = self.call(method, path, headers, body)
        assert answer.status == 200, answer
        return answer.json

    def raw(self, data: bytes, seconds: float = 20.0) -> bytes:
        """Send bytes as they are; gives everything until the server closes."""
        with socket.create_connection(self.address, timeout=seconds) as connection:
            connection.sendall(data)
            return until_closed(connection)

    @property
    def reason(self) -> str:
        return self.exchanges[-1].reason


Serve = Callable[..., Api]


@pytest.fixture(scope="session", autouse=True)
def patient_fetches() -> Iterator[None]:
    """An issuer of these tests is late only where a test is about that, however busy all is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetch, "FETCH_SECONDS", 30.0)
        yield


@pytest.fixture(scope="session")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Functions]:
    """The functions, under the real runtime client; every API of these tests invokes them."""
    folder = write_assembly(tmp_path_factory.mktemp("functions") / "out", api_of(route("$default")))
    running = Functions(lambda _name, _line: None)
    running.update(read_local_app(folder).functions)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    with serve_issuer() as serving:
        yield serving


@pytest.fixture(scope="session")
def backend() -> Iterator[str]:
    with serve_backend() as url:
        yield url


class Serving:
    """Serves templates until it is closed."""

    def __init__(self, functions: Functions, folder: Path) -> None:
        self._functions = functions
        self._folder = folder
        self._running = ExitStack()

    def serve(
        self,
        *routes: dict[str, Any],
        clocks: Clocks | None = None,
        invoke: Invoke | None = None,
        **changes: Any,
    ) -> Api:
        app = read_local_app(write_assembly(self._folder, api_of(*routes, **changes)))
        exchanges: list[Exchange] = []
        gateway = Gateway(
            app.api,
            invoke or self._functions.invoke,
            exchanges.append,
            clocks or Clocks(),
        )
        server = HttpServer(gateway.handle, listen_on_loopback(0))
        self._running.callback(server.stop)
        return Api(server.url, exchanges)

    def close(self) -> None:
        self._running.close()


@pytest.fixture
def serve(functions: Functions, tmp_path: Path) -> Iterator[Serve]:
    """Serves an API of these routes and further resources."""
    serving = Serving(functions, tmp_path / "out")
    yield serving.serve
    serving.close()


@pytest.fixture(scope="module")
def serve_for_module(
    functions: Functions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serve]:
    """The same, until the module's tests are done."""
    serving = Serving(functions, tmp_path_factory.mktemp("module") / "out")
    yield serving.serve
    serving.close()
