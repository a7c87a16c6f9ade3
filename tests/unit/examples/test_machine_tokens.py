"""The client against a real token endpoint on loopback."""

import json
import subprocess
import sys
import threading
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from examples.machine_client.machine_tokens import MachineClient, MachineTokens, NoToken

ROOT = Path(__file__).parents[3]
SECRET = "s3cr+t / with: all"


@dataclass
class Endpoint:
    """Answers as it is told, and counts."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    expires_in: Any = 900
    asked: list[dict[str, Any]] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.hold.set()

    def answer(self) -> bytes:
        if self.body is not None:
            return json.dumps(self.body).encode()
        token = f"token-{len(self.asked)}"
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": self.expires_in}
        return json.dumps(answer).encode()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    state = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            state.asked.append({"authorization": self.headers["authorization"], **parse_qs(body)})
            state.hold.wait(10)
            answer = state.answer()
            self.send_response(state.status)
            for name, value in {**state.headers, "content-length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/oauth2/token"
    yield state
    state.hold.set()
    server.shutdown()
    server.server_close()
    thread.join()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(endpoint: Endpoint, clock: Clock) -> MachineTokens:
    client = MachineClient(endpoint.url, "billing", SECRET, ("orders/read", "orders/write"))
    return MachineTokens(client, clock=clock)


def test_it_asks_as_rfc_6749_says(endpoint: Endpoint, tokens: MachineTokens) -> None:
    assert tokens.get() == "token-1"
    [asked] = endpoint.asked
    assert asked["grant_type"] == ["client_credentials"]
    assert asked["scope"] == ["orders/read orders/write"]
    pair = b64decode(asked["authorization"].removeprefix("Basic ")).decode()
    assert pair == "billing:s3cr%2Bt+%2F+with%3A+all"


def test_one_token_serves_until_shortly_before_it_expires(
    endpoint: Endpoint, tokens: MachineTokens, clock: Clock
) -> None:
    assert {tokens.get() for _ in range(1000)} == {"token-1"}
    clock.now += 839
    assert tokens.get() == "token-1"
    clock.now += 1
    assert tokens.get() == "token-2"
    assert len(endpoint.asked) == 2


def test_a_short_token_is_kept_for_half_of_its_life(
    endpoint: Endpoint, tokens: MachineTokens, clock: Clock
) -> None:
    endpoint.expires_in = 60
    tokens.get()
    clock.now += 29
    assert tokens.get() == "token-1"
    clock.now += 1
    assert tokens.get() == "token-2"


def test_of_many_threads_one_asks_and_all_get_its_token(
    endpoint: Endpoint, tokens: MachineTokens
) -> None:
    endpoint.hold.clear()
    with ThreadPoolExecutor(20) as threads:
        futures = [threads.submit(tokens.get) for _ in range(20)]
        endpoint.hold.set()
        assert {future.result(timeout=10) for future in futures} == {"token-1"}
    assert len(endpoint.asked) == 1


def test_after_failures_it_asks_less_and_less_often(
    endpoint: Endpoint, tokens: MachineTokens, clock: Clock
) -> None:
    endpoint.status, endpoint.body = 500, {}
    for _ in range(600):
        with pytest.raises(NoToken):
            tokens.get()
        clock.now += 1
    assert 10 <= len(endpoint.asked) <= 25


def test_it_recovers_when_the_issuer_does(
    endpoint: Endpoint, tokens: MachineTokens, clock: Clock
) -> None:
    endpoint.status, endpoint.body = 503, {"error": "temporarily_unavailable"}
    with pytest.raises(NoToken, match="503: temporarily_unavailable"):
        tokens.get()
    endpoint.status, endpoint.body = 200, None
    clock.now += 1
    assert tokens.get() == "token-2"


def test_it_waits_as_long_as_the_issuer_asks_for(
    endpoint: Endpoint, tokens: MachineTokens, clock: Clock
) -> None:
    endpoint.status, endpoint.body, endpoint.headers = 429, {"error": "x"}, {"retry-after": "30"}
    for passed in (0, 29):
        clock.now = 1000.0 + passed
        with pytest.raises(NoToken):
            tokens.get()
    assert len(endpoint.asked) == 1
    endpoint.status, endpoint.body = 200, None
    clock.now = 1030.0
    assert tokens.get() == "token-2"


def test_an_old_token_is_used_while_the_issuer_is_down_and_not_after_its_end(
    endpoint: Endpoint, tokens: MachineTokens, clock: Clock
) -> None:
    assert tokens.get() == "token-1"
    endpoint.status, endpoint.body = 503, {}
    clock.now += 899
    assert tokens.get() == "token-1"
    clock.now += 1
    with pytest.raises(NoToken):
        tokens.get()


def test_a_token_that_an_api_refuses_is_forgotten_once(tokens: MachineTokens) -> None:
    first = tokens.get()
    tokens.forget(first)
    second = tokens.get()
    tokens.forget(first)
    assert tokens.get() == second == "token-2"


@pytest.mark.parametrize(
    "body",
    [[], "text", {}, {"access_token": "", "expires_in": 900}, {"access_token": "t"}]
    + [{"access_token": "t", "expires_in": seconds} for seconds in (0, -1, "900", True, None)],
)
def test_an_answer_without_a_token_or_its_lifetime_is_none(
    endpoint: Endpoint, tokens: MachineTokens, body: Any
) -> None:
    endpoint.body = body
    with pytest.raises(NoToken, match="without access_token or expires_in"):
        tokens.get()


def test_a_redirect_never_carries_the_secret_along(
    endpoint: Endpoint, tokens: MachineTokens
) -> None:
    endpoint.status, endpoint.headers = 307, {"location": endpoint.url}
    with pytest.raises(NoToken, match="307"):
        tokens.get()
    assert len(endpoint.asked) == 1


def test_an_endpoint_that_is_not_there_is_no_token_and_shows_no_secret() -> None:
    tokens = MachineTokens(MachineClient("http://127.0.0.1:9/token", "billing", SECRET))
    with pytest.raises(NoToken) as raised:
        tokens.get()
    assert SECRET not in str(raised.value)
    assert SECRET not in repr(MachineClient("https://a.example", "billing", SECRET))


@pytest.mark.parametrize("url", ["http://issuer.example/token", "ftp://a.example", "issuer"])
def test_a_secret_is_never_sent_unencrypted(url: str) -> None:
    with pytest.raises(ValueError, match="token_url: .*; give an https URL"):
        MachineClient(url, "billing", SECRET)


def test_the_command_says_what_is_missing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "examples.machine_client.call_api", "https://api.example/orders"],
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "TOKEN_URL: missing; set it in the environment\n"


def test_the_command_calls_an_api_on_this_machine_by_no_proxy(endpoint: Endpoint) -> None:
    client = {"TOKEN_URL": endpoint.url, "CLIENT_ID": "billing", "CLIENT_SECRET": SECRET}
    nobody = "http://127.0.0.1:9"
    done = subprocess.run(
        [sys.executable, "-m", "examples.machine_client.call_api", endpoint.url],
        cwd=ROOT,
        env={**client, "http_proxy": nobody, "HTTP_PROXY": nobody, "all_proxy": nobody},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.startswith("501 "), "the endpoint takes no GET, and says so itself"
