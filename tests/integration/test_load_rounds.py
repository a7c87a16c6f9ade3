"""A load that lasts longer than its tokens: everybody signs in again, and no answer is wrong."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.local_calls import Call, Served
from benchmarks.local_clients import drive_with_fresh_tokens
from benchmarks.timing import refuse_outlived_tokens


class Api:
    """Takes the newest token only."""

    def __init__(self) -> None:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                newest = self.headers["authorization"] == f"Bearer {api.tokens}"
                self.send_response(200 if newest else 401)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.tokens = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def signed_in_anew(self) -> Served:
        self.tokens += 1
        headers = {"authorization": f"Bearer {self.tokens}"}
        call = Call("someone: GET /", "GET", "/", headers, None, None, None)
        return Served(f"127.0.0.1:{self._server.server_port}", (call,), good_seconds=0.05)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def api() -> Iterator[Api]:
    running = Api()
    yield running
    running.stop()


def test_in_each_round_everybody_signs_in_anew(api: Api) -> None:
    reports: list[tuple[int, float]] = []
    tally = drive_with_fresh_tokens(
        api, 2, 2, 10_000_000, lambda answers, seconds: reports.append((answers, seconds))
    )
    assert api.tokens >= 2
    assert tally.answers == tally.statuses[200] > 0
    assert not tally.wrong
    assert tally.elapsed_seconds >= 2
    assert reports == sorted(reports)


def test_it_ends_at_the_number_of_answers(api: Api) -> None:
    tally = drive_with_fresh_tokens(api, 2, 600, 50, lambda _answers, _seconds: None)
    assert (tally.answers, api.tokens) == (50, 1)


def test_a_run_that_has_outlived_its_tokens_reports_nothing() -> None:
    refuse_outlived_tokens(minted_at=1000.0, lifetime_seconds=900, now=1899.0)
    with pytest.raises(SystemExit, match=r"took 900 s and its tokens live 900 s.*run it again"):
        refuse_outlived_tokens(minted_at=1000.0, lifetime_seconds=900, now=1900.0)
