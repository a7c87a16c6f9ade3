"""The client against a real token endpoint on loopback.

A renewal goes on in the background: a test that waits for it asks until it is there.
"""

import json
import subprocess
import sys
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest

from examples.machine_client.machine_tokens import (
    LONGEST_PAUSE_SECONDS,
    ElapsedSeconds,
    MachineTokens,
    TokensRejected,
)
from examples.machine_client.token_endpoint import (
    AnswerInvalid,
    EndpointUnreachable,
    MachineClient,
    NoToken,
    RequestRefused,
    TokenTypeUnsupported,
)

ROOT = Path(__file__).parents[3]
SECRET = "s3cr+t / with: all"


@dataclass
class Endpoint:
    """Answers as it is told, and counts."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    text: bytes | None = None
    drip: bytes = b""
    headers_drip: bool = False
    expires_in: Any = 900
    asked: list[dict[str, Any]] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.hold.set()

    def answer(self) -> bytes:
        if self.text is not None:
            return self.text
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
            for name, value in {"content-length": str(len(answer)), **state.headers}.items():
                self.send_header(name, value)
            if not state.headers_drip:
                self.end_headers()
            self.flush_headers()
            with suppress(OSError):
                while state.drip:
                    self.wfile.write(state.drip)
                    time.sleep(0.02)
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
    return MachineTokens(client, clock=clock, jitter=lambda least, _: least)


def renewed(tokens: MachineTokens, old: str) -> str:
    """The token that is there once the renewal in the background is done."""
    deadline = time.monotonic() + 30
    while (text := tokens.get()) == old and time.monotonic() < deadline:
        time.sleep(0.005)
    return text


def settle(tokens: MachineTokens) -> None:
    """Wait for the question that is being asked in the background."""
    if tokens._question:
        tokens._question.answered.wait(30)


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
    assert renewed(tokens, "token-1") == "token-2"
    assert len(endpoint.asked) == 2


def test_a_short_token_is_kept_for_half_of_its_life(
    endpoint: Endpoint, tokens: MachineTokens, clock: Clock
) -> None:
    endpoint.expires_in = 60
    earliest = MachineTokens(tokens._client, clock=clock, jitter=lambda _, most: most)
    assert earliest.get() == "token-1"
    clock.now += 29
    assert earliest.get() == "token-1"
    clock.now += 1
    assert renewed(earliest, "token-1") == "token-2"


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
    settle(tokens)
    clock.now += 1
    with pytest.raises(RequestRefused):
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
    with pytest.raises(AnswerInvalid, match="without access_token or expires_in"):
        tokens.get()


def test_a_redirect_never_carries_the_secret_along(
    endpoint: Endpoint, tokens: MachineTokens
) -> None:
    endpoint.status, endpoint.headers = 307, {"location": endpoint.url}
    with pytest.raises(RequestRefused, match="307"):
        tokens.get()
    assert len(endpoint.asked) == 1


def test_an_endpoint_that_is_not_there_is_no_token_and_shows_no_secret() -> None:
    tokens = MachineTokens(MachineClient("http://127.0.0.1:9/token", "billing", SECRET))
    with pytest.raises(EndpointUnreachable) as raised:
        tokens.get()
    assert SECRET not in str(raised.value)
    assert SECRET not in repr(MachineClient("https://a.example", "billing", SECRET))


def test_while_the_issuer_hangs_a_good_token_serves_every_thread_at_once(
    endpoint: Endpoint, tokens: MachineTokens, clock: Clock
) -> None:
    """The answer is held until all have their token: waiting for it would never end."""
    tokens.get()
    endpoint.hold.clear()
    clock.now += 845
    with ThreadPoolExecutor(8) as threads:
        futures = [threads.submit(tokens.get) for _ in range(80)]
        assert {future.result(timeout=60) for future in futures} == {"token-1"}
    endpoint.hold.set()
    assert renewed(tokens, "token-1") == "token-2"
    assert len(endpoint.asked) == 2


def test_an_api_that_refuses_every_token_gets_one_new_token_a_pause(
    endpoint: Endpoint, tokens: MachineTokens, clock: Clock
) -> None:
    for _ in range(500):
        with suppress(TokensRejected):
            tokens.forget(tokens.get())
    assert len(endpoint.asked) == 2
    for _ in range(600):
        clock.now += 1
        with suppress(TokensRejected):
            tokens.forget(tokens.get())
    assert len(endpoint.asked) <= 2 + 6 + 600 / (LONGEST_PAUSE_SECONDS / 2)


def test_a_refused_token_that_had_been_good_for_long_is_replaced_at_once(
    endpoint: Endpoint, tokens: MachineTokens, clock: Clock
) -> None:
    for _ in range(5):
        tokens.forget(tokens.get())
        tokens.get()
        clock.now += 61
    assert len(endpoint.asked) == 6


def test_while_tokens_are_refused_the_error_says_so_and_for_how_long(
    tokens: MachineTokens,
) -> None:
    for _ in range(2):
        tokens.forget(tokens.get())
    with pytest.raises(TokensRejected, match="the API refuses new tokens; not asking again"):
        tokens.get()


@pytest.mark.parametrize("part", ["headers", "body"])
def test_an_answer_that_drips_is_cut_when_its_whole_time_is_over(
    endpoint: Endpoint, clock: Clock, part: str
) -> None:
    endpoint.drip = b"x" if part == "body" else b"x-drip: x\r\n"
    endpoint.headers_drip = part == "headers"
    endpoint.headers = {"content-length": "1000000"}
    client = MachineClient(endpoint.url, "billing", SECRET)
    tokens = MachineTokens(client, clock=clock, limit_seconds=0.3)
    with pytest.raises(EndpointUnreachable, match="does not answer"):
        tokens.get()
    for thread in threading.enumerate():
        if thread.name == "token-question":
            thread.join(30)
            assert not thread.is_alive()
    endpoint.drip = b""


def test_processes_that_start_together_renew_at_different_times(
    endpoint: Endpoint, clock: Clock
) -> None:
    client = MachineClient(endpoint.url, "billing", SECRET)
    fleet = [MachineTokens(client, clock=clock) for _ in range(50)]
    renewals = []
    for tokens in fleet:
        tokens.get()
        assert tokens._token
        renewals.append(tokens._token.renew_at - clock.now)
    assert 780 <= min(renewals) <= max(renewals) <= 840
    assert max(renewals) - min(renewals) > 20


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("300", 300),
        ("7200", 3_600),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3_600),
        ("soon", 0),
        ("-5", 0),
        ("\u00b2", 0),
    ],
)
def test_retry_after_is_obeyed_up_to_an_hour(
    endpoint: Endpoint, tokens: MachineTokens, header: str, seconds: int
) -> None:
    endpoint.status, endpoint.body, endpoint.headers = 503, {}, {"retry-after": header}
    with pytest.raises(RequestRefused) as raised:
        tokens.get()
    assert raised.value.retry_after_seconds == seconds


def test_for_as_long_as_retry_after_says_nothing_is_asked(
    endpoint: Endpoint, tokens: MachineTokens, clock: Clock
) -> None:
    endpoint.status, endpoint.body, endpoint.headers = 429, {"error": "x"}, {"retry-after": "300"}
    for passed in (0, 61, 299):
        clock.now = 1000.0 + passed
        with pytest.raises(RequestRefused):
            tokens.get()
    assert len(endpoint.asked) == 1


@pytest.mark.parametrize("kind", ["DPoP", "mac", "", None, 7])
def test_a_token_that_is_not_a_bearer_token_is_not_used_as_one(
    endpoint: Endpoint, tokens: MachineTokens, kind: Any
) -> None:
    endpoint.body = {"access_token": "t", "expires_in": 900, "token_type": kind}
    with pytest.raises(TokenTypeUnsupported, match="only Bearer is supported"):
        tokens.get()


def test_the_token_type_is_read_without_regard_to_case(
    endpoint: Endpoint, tokens: MachineTokens
) -> None:
    endpoint.body = {"access_token": "t", "expires_in": 900, "token_type": "bearer"}
    assert tokens.get() == "t"


@pytest.mark.parametrize("text", [b"[" * 60_000, b"\xff\xfe", b"", b"{" * 100_001])
@pytest.mark.parametrize("status", [200, 400])
def test_an_answer_that_cannot_be_read_is_a_failure_like_any_other(
    endpoint: Endpoint, tokens: MachineTokens, text: bytes, status: int
) -> None:
    endpoint.text, endpoint.status = text, status
    with pytest.raises(AnswerInvalid if status == 200 else RequestRefused):
        tokens.get()


def test_each_failure_is_an_exception_of_its_own_and_stays_so_during_the_pause(
    endpoint: Endpoint, tokens: MachineTokens
) -> None:
    endpoint.status, endpoint.body = 401, {"error": "invalid_client"}
    for _ in range(2):
        with pytest.raises(RequestRefused, match="401: invalid_client"):
            tokens.get()
    kinds = (EndpointUnreachable, RequestRefused, AnswerInvalid, TokenTypeUnsupported)
    assert all(issubclass(kind, NoToken) for kind in (*kinds, TokensRejected))


@pytest.mark.parametrize("asleep", ["monotonic", "time"])
def test_a_token_ages_while_one_of_the_two_clocks_stands_still(
    monkeypatch: pytest.MonkeyPatch, asleep: str
) -> None:
    now = {"monotonic": 100.0, "time": 5000.0}
    with monkeypatch.context() as patched:
        for name in now:
            patched.setattr(f"time.{name}", partial(now.__getitem__, name))
        elapsed = ElapsedSeconds()
        for name in now:
            now[name] += 0 if name == asleep else 900
        assert elapsed() == 900


class RedirectingApi(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.seen.append(self.headers["authorization"])
        self.send_response(307)
        self.send_header("location", "/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass

    seen: ClassVar[list[str | None]] = []


def test_the_command_never_sends_the_token_to_where_an_api_redirects(endpoint: Endpoint) -> None:
    RedirectingApi.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), RedirectingApi) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/orders"
        done = subprocess.run(
            [sys.executable, "-m", "examples.machine_client.call_api", url],
            cwd=ROOT,
            env={"TOKEN_URL": endpoint.url, "CLIENT_ID": "billing", "CLIENT_SECRET": SECRET},
            capture_output=True,
            text=True,
            check=False,
        )
        server.shutdown()
        thread.join()
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("307")
    assert RedirectingApi.seen == ["Bearer token-1"]


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
