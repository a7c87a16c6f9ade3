"""What a stage with revocation pays for it: a handler with the list in memory, and its reading.

DynamoDB is a thread that answers with the list, once: the network is left out.
"""

import json
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

from authorizer.authorize import Authorizer
from authorizer.handler import build
from authorizer.policy import RoutePolicy
from authorizer.settings import Settings
from benchmarks.compare_verifiers import silence
from benchmarks.speed.bench import Bench
from benchmarks.speed.inside import in_turn
from benchmarks.speed.turns import ratio, spreads
from function_kit.revocation.entry import Revocation, new_item
from function_kit.revocation.revocations import Revocations
from function_kit.revocation.table_reader import Page
from jwt_verifier.freshness import Clocks

ENTRIES: Final = 10_000
ROUNDS: Final = 61
REPEATS: Final = 64
READINGS: Final = 11
LIFE_SECONDS: Final = 900
MILLISECOND_NS: Final = 1_000_000

OFF: Final = "revocation off"
EMPTY: Final = "on, nothing revoked"
FULL: Final = f"on, {ENTRIES:,} revoked"


def revocation(bench: Bench) -> dict[str, Any]:
    """Time an allowed request with revocation off, and on with a short and a long list."""
    question = json.loads(bench.question.read_text())
    event, now = question["event"], time.time()
    people = [Revocation("sub", "pool", f"{number:032x}", int(now)) for number in range(ENTRIES)]
    items = [new_item(each, now=now, lifetime_seconds=LIFE_SECONDS) for each in people]
    with silence(), _table([]) as empty, _table(items) as full:
        authorizers = {
            OFF: _authorizer(question, now, {}),
            EMPTY: _authorizer(question, now, _told(empty)),
            FULL: _authorizer(question, now, _told(full)),
        }
        steps = {name: _step(authorizer, event) for name, authorizer in authorizers.items()}
        taken = in_turn(steps, bench.rounds(ROUNDS), REPEATS)
    readings = [_reading(items, now) for _ in range(bench.rounds(READINGS))]
    return {
        "us": spreads(taken),
        "ratio_to_off": {name: ratio(taken, name, OFF) for name in taken},
        "entries": ENTRIES,
        "reading_ms": round(statistics.median(readings), 1),
        "reading_mb": round(_reading_mb(items, now), 1),
    }


def _step(authorizer: Authorizer, event: object) -> Callable[[], object]:
    return lambda: authorizer(event)


def _authorizer(
    question: Mapping[str, Any], now: float, environment: Mapping[str, str]
) -> Authorizer:
    """Return a warm one, whose clocks stand still: its list is never too old."""
    settings = Settings.from_env({"ISSUERS": question["issuers"], "POLICY_FILE": "in hand"})
    authorizer = build(
        settings,
        RoutePolicy.from_json(question["policy"].encode()),
        wall_clock=lambda: now,
        monotonic_clock=lambda: 0.0,
        environment=environment,
    )
    authorizer.warm_up()
    if not authorizer(question["event"])["isAuthorized"]:
        raise SystemExit("the measured authorizer lets nobody in")
    return authorizer


def _told(url: str) -> dict[str, str]:
    return {
        "REVOCATION_TABLE": "Revocations",
        "REVOCATION_UNREADABLE": "closed",
        "AWS_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "measured",
        "AWS_SECRET_ACCESS_KEY": "measured",
    }


@contextmanager
def _table(items: list[dict[str, dict[str, str]]]) -> Iterator[str]:
    body = json.dumps({"Items": items}).encode()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Answered:
    """One page of an answer that has come, still as JSON."""

    def __init__(self, items: list[dict[str, dict[str, str]]]) -> None:
        self._body = json.dumps({"Items": items}).encode()

    def page(self, after: str | None, now: float, timeout_seconds: float) -> Page:  # noqa: ARG002
        """Read it, as `TableReader.page`."""
        return Page(json.loads(self._body)["Items"], None)


def _reading(items: list[dict[str, dict[str, str]]], now: float) -> float:
    """Return the milliseconds of CPU that the answer takes until it is kept."""
    unread = _unread(items, now)
    started = time.thread_time_ns()
    unread.warm_up()
    return (time.thread_time_ns() - started) / MILLISECOND_NS


def _reading_mb(items: list[dict[str, dict[str, str]]], now: float) -> float:
    """Return the megabytes that the kept list holds."""
    unread = _unread(items, now)
    tracemalloc.start()
    try:
        unread.warm_up()
        return tracemalloc.get_traced_memory()[0] / 1e6
    finally:
        tracemalloc.stop()


def _unread(items: list[dict[str, dict[str, str]]], now: float) -> Revocations:
    return Revocations(
        _Answered(items),
        age_seconds=5.0,
        fails_open=False,
        report=sys.exit,
        clocks=Clocks(lambda: now, lambda: 0.0),
    )
