import http.client
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from local.gateway.access_log import Exchange
from local.loopback.listener import listen_on_loopback
from local.this_app.decision_log import DecisionLog
from local.this_app.demo.callers import Caller, good_until, sign_everyone_in
from local.this_app.running_app import ServedApp, run_app
from local.this_app.synthesis.stage_app import read_this_app
from local.this_app.synthesis.synth import synthesise
from tests.sample.paths import APP_MODULE

MARGIN_SECONDS = 300


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def request_id(self) -> str:
        return self.headers["apigw-requestid"]


def send(address: str, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
    connection = http.client.HTTPConnection(address, timeout=20)
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read().decode())
    finally:
        connection.close()


@dataclass
class Api:
    """The local API over its socket, and what the gateway noted of each request."""

    stack: ServedApp
    decisions: DecisionLog
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    clock: Callable[[], float] = time.time
    _callers: dict[str, Caller] = field(default_factory=dict)

    @property
    def callers(self) -> dict[str, Caller]:
        """Everybody by name, signed in again well before a token ends."""
        if not self._callers or good_until(self._callers.values()) < self.clock() + MARGIN_SECONDS:
            self._callers = {caller.name: caller for caller in sign_everyone_in(self.stack)}
        return self._callers

    def call(
        self, method: str, path: str, caller: str | None = None, body: Any = None, **headers: str
    ) -> Answer:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        if caller is not None:
            names["authorization"] = f"Bearer {self.callers[caller].token}"
        return send(urlsplit(self.stack.api_url).netloc, method, path, body, names)

    def exchange(self, answer: Answer) -> Exchange:
        return self.exchanges[answer.request_id]

    def reason(self, answer: Answer) -> str:
        return self.decisions.reason(self.exchange(answer))


@pytest.fixture(scope="session")
def api() -> Iterator[Api]:
    exchanges: dict[str, Exchange] = {}
    decisions = DecisionLog(lambda _function, _line: None)

    def remember(exchange: Exchange) -> None:
        exchanges[exchange.request_id] = exchange

    app = read_this_app(synthesise("local", APP_MODULE))
    listener = listen_on_loopback(0)
    with run_app(app, listener, remember, decisions.on_line, lambda _step: None) as stack:
        yield Api(stack, decisions, exchanges)
