"""Row N11: threads share one fetch, and nobody waits who need not."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from time import sleep

import pytest

from authorizer.response import Unauthorized
from jwt_verifier.errors import KeysUnavailable
from tests.attacks.gateway_event import bearer
from tests.integration.faults import FAST, gated, healthy
from tests.integration.faulty_issuer import Conversation
from tests.integration.jwks_bench import HOUR_SECONDS, JwksBench, jwks_bench

THREADS = 24


def _ask(bench: JwksBench, token: str) -> int:
    """Return the status of a token; unlike `judge`, safe from many threads at once."""
    try:
        return 200 if bench.target.authorizer(bearer(token))["isAuthorized"] else 403
    except Unauthorized:
        return 401
    except KeysUnavailable:
        return 500


def _all_at_once(bench: JwksBench, threads: ThreadPoolExecutor, token: str) -> list[Future[int]]:
    barrier = Barrier(THREADS)

    def ask() -> int:
        barrier.wait()
        return _ask(bench, token)

    return [threads.submit(ask) for _ in range(THREADS)]


def _until_asked(bench: JwksBench, fetches: int) -> None:
    """Wait until the issuer has been asked so often; its answer is still to come."""
    while bench.fetches < fetches:
        sleep(0.005)


@pytest.mark.parametrize(("fault", "status"), [(healthy, 200), (FAST["500"], 500)])
def test_a_cold_start_of_many_threads_costs_one_fetch(fault: object, status: int) -> None:
    """N11: whether it succeeds or fails."""

    def after_the_gate(talk: Conversation) -> None:
        talk.issuer.gate.wait()
        (healthy if fault is healthy else FAST["500"])(talk)

    with jwks_bench(after_the_gate) as bench, ThreadPoolExecutor(THREADS) as threads:
        answers = _all_at_once(bench, threads, bench.mint.token())
        _until_asked(bench, 1)
        bench.issuer.gate.set()
        assert {answer.result() for answer in answers} == {status}
        assert bench.fetches == 1


def test_one_unknown_kid_in_many_threads_costs_one_fetch() -> None:
    """N11, K7: those who need the answer share it."""
    with jwks_bench() as bench, ThreadPoolExecutor(THREADS) as threads:
        assert bench.good().status == 200
        bench.clocks.advance(31)
        bench.issuer.fault = gated
        answers = _all_at_once(bench, threads, bench.unknown_token("unknown"))
        _until_asked(bench, 2)
        bench.issuer.gate.set()
        assert {answer.result() for answer in answers} == {401}
        assert bench.fetches == 2


@pytest.mark.parametrize("why", ["a refresh of stale keys", "a fetch for an unknown kid"])
def test_a_known_kid_never_waits_for_another_requests_fetch(why: str) -> None:
    """N11: it is answered while the issuer's answer is still to come."""
    with jwks_bench() as bench, ThreadPoolExecutor(1) as threads:
        assert bench.good().status == 200
        stale = why == "a refresh of stale keys"
        bench.clocks.advance(HOUR_SECONDS if stale else 31)
        bench.issuer.fault = gated
        other = bench.mint.token() if stale else bench.unknown_token("unknown")
        waiting = threads.submit(_ask, bench, other)
        _until_asked(bench, 2)
        assert bench.good().status == 200
        assert not bench.issuer.gate.is_set()
        assert not waiting.done()
        bench.issuer.gate.set()
        assert waiting.result() == (200 if stale else 401)
        assert bench.fetches == 2


def test_stale_keys_in_many_threads_cost_one_refresh() -> None:
    """N11: one thread asks, the others go on with what is in hand."""
    with jwks_bench() as bench, ThreadPoolExecutor(THREADS) as threads:
        assert bench.good().status == 200
        bench.clocks.advance(HOUR_SECONDS)
        bench.issuer.fault = gated
        answers = _all_at_once(bench, threads, bench.mint.token())
        _until_asked(bench, 2)
        while sum(answer.done() for answer in answers) < THREADS - 1:
            sleep(0.005)
        bench.issuer.gate.set()
        assert {answer.result() for answer in answers} == {200}
        assert bench.fetches == 2


def test_keys_rotating_under_load_never_refuse_a_good_token() -> None:
    """N11, N8: the snapshot is swapped whole, so nobody sees half of one."""
    with jwks_bench() as bench, ThreadPoolExecutor(8) as threads:
        token = bench.mint.token()
        assert _ask(bench, token) == 200

        def turn(_index: int) -> set[int]:
            return {_ask(bench, token) for _ in range(50)}

        rounds = [threads.submit(turn, index) for index in range(40)]
        for index in range(20):
            bench.issuer.jwks = {"keys": bench.issuer.jwks["keys"][::-1]}
            with suppress(Unauthorized):
                bench.target.authorizer(bearer(bench.unknown_token(f"kid-{index}")))
            bench.clocks.advance(31)
        assert set().union(*(answer.result() for answer in rounds)) == {200}
