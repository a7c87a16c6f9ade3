"""Many processes of one client start together, behind one NAT gateway, with the issuer's limits."""

import heapq
import random
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from examples.machine_client.machine_tokens import MachineTokens
from examples.machine_client.token_endpoint import MachineClient, NoToken
from tests.integration.token_issuer.issuer import START, Clock, make_table
from token_issuer import response
from token_issuer.errors import TooManyRequests
from token_issuer.rate import CLIENT_RATE, SOURCE_RATE, Rate
from token_issuer.rate_limit import RateLimit


class Limited:
    """The endpoint's limits, its answers to them, and nothing else of it: a clock that is given."""

    def __init__(self, dynamodb: Any, clock: Clock, client_rate: Rate) -> None:
        table = make_table(dynamodb, "rates", "id")
        self.clock, self.url = clock, ""
        self.sources = RateLimit(dynamodb, table, "source", SOURCE_RATE)
        self.clients = RateLimit(dynamodb, table, "client", client_rate)

    def answer(self) -> dict[str, Any]:
        try:
            self.sources.take("203.0.113.7", self.clock.now)
            self.clients.take("billing", self.clock.now)
        except TooManyRequests as refusal:
            return response.refusal(refusal)
        return response.token("token", "orders/read", 900)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limited(dynamodb: Any, clock: Clock, request: pytest.FixtureRequest) -> Iterator[Limited]:
    endpoint = Limited(dynamodb, clock, getattr(request, "param", CLIENT_RATE))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            answer = endpoint.answer()
            body = answer["body"].encode()
            self.send_response(answer["statusCode"])
            for name, value in {**answer["headers"], "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        endpoint.url = f"http://127.0.0.1:{server.server_port}/oauth2/token"
        yield endpoint
        server.shutdown()
        thread.join()


def seconds_until_all_have_a_token(limited: Limited, processes: int) -> float:
    """Each process tries when it starts, and again when its own pause is over."""
    chance = random.Random(7)
    client = MachineClient(limited.url, "billing", "secret")
    waiting = [(START + chance.uniform(0, 5), number) for number in range(processes)]
    fleet = [
        MachineTokens(client, clock=limited.clock, jitter=chance.uniform, limit_seconds=120)
        for _ in range(processes)
    ]
    heapq.heapify(waiting)
    while waiting:
        limited.clock.now, number = heapq.heappop(waiting)
        try:
            fleet[number].get()
        except NoToken:
            heapq.heappush(waiting, (fleet[number]._ask_again_at, number))
    return limited.clock.now - START


def test_three_hundred_processes_of_one_client_all_have_a_token_within_thirty_seconds(
    limited: Limited,
) -> None:
    assert seconds_until_all_have_a_token(limited, 300) < 30


@pytest.mark.parametrize("limited", [Rate(per_second=1, burst=5)], indirect=True)
def test_the_limit_of_a_client_is_what_makes_a_fleet_wait(limited: Limited) -> None:
    assert seconds_until_all_have_a_token(limited, 40) > 30
