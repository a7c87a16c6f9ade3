"""Row K7 and the figures: nobody makes us ask an issuer by sending tokens."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from authorizer.response import Unauthorized
from tests.attacks.bench import cases
from tests.attacks.corpus.everything import HOSTILE
from tests.attacks.gateway_event import bearer
from tests.attacks.keyring import keyring
from tests.integration.faults import DROPPED, FAST, WITHOUT_A_USABLE_KEY, healthy
from tests.integration.jwks_bench import JwksBench, jwks_bench
from tests.signing_key import SigningKey

NEEDS_A_KEY = {"key_unknown", "key_mismatch", "signature_invalid"}
LATER_THAN_THE_KEY = {
    "audience_mismatch",
    "binding_not_verified",
    "claim_rejected",
    "token_use_mismatch",
}
NOT_HOPELESS = NEEDS_A_KEY | LATER_THAN_THE_KEY | {"token_not_yet_valid"}


def test_hopeless_tokens_cost_no_fetch() -> None:
    """K7, K8: wrong algorithm, issuer, type, kid or shape, or expired; on a cold cache."""
    hopeless = [
        case
        for corpus in HOSTILE.values()
        for case in cases(corpus)
        if case.jwks is None and case.reason not in NOT_HOPELESS
    ]
    assert len({case.reason for case in hopeless}) >= 8
    with jwks_bench() as bench:
        for case in hopeless:
            assert bench.target.judge_token(case.token).reason == case.reason
        assert bench.issuer.connections == 0


def test_10000_unknown_kids_at_once_cost_one_fetch_more() -> None:
    """K7: from many threads, with good tokens between them that are not harmed."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        bench.clocks.advance(31)
        good = bearer(bench.mint.token())
        events = [bearer(bench.unknown_token(f"kid-{index}")) for index in range(10_000)]

        def ask(index: int) -> bool:
            if index % 100 == 0 and bench.target.authorizer(good)["isAuthorized"] is not True:
                return False
            with pytest.raises(Unauthorized):
                bench.target.authorizer(events[index])
            return True

        with ThreadPoolExecutor(16) as threads:
            assert all(threads.map(ask, range(len(events)), chunksize=100))
        assert bench.fetches <= 2


def _storm(bench: JwksBench, kids: "count[int]", seconds: int) -> None:
    """Send five unknown kids and a good token every second."""
    for _ in range(seconds):
        for _ in range(5):
            assert bench.unknown(f"storm-{next(kids)}").status in (401, 500)
        assert bench.good().status == 200
        bench.clocks.advance(1)


def test_a_storm_costs_two_fetches_a_minute() -> None:
    """K7: for as long as it lasts."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        kids = count()
        for _minute in range(5):
            before = bench.fetches
            _storm(bench, kids, 60)
            assert bench.fetches - before <= 2


def test_a_storm_during_an_outage_costs_no_more() -> None:
    """K7, N1: a failed fetch starts the cool-down too, and good tokens pass."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        for name in ("500", "an error object", "a reset"):
            bench.issuer.fault = FAST[name]
            before = bench.fetches
            _storm(bench, count(), 60)
            assert bench.fetches - before <= (4 if name in DROPPED else 2)


def test_the_same_unknown_kid_again_and_again_costs_two_fetches_a_minute() -> None:
    """K7: as many as different ones."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        bench.clocks.advance(31)
        before = bench.fetches
        for _ in range(60):
            assert bench.unknown("the same").status == 401
            bench.clocks.advance(1)
        assert bench.fetches - before == 2


@pytest.mark.parametrize("second", [0, 7, 29, 30, 31, 45])
def test_a_new_key_works_within_30_seconds_in_a_storm(second: int) -> None:
    """N7: the storm's fetches find it, and so does its own."""
    newcomer = SigningKey("RS256", keyring().attacker.private_key, "newcomer")
    with jwks_bench() as bench:
        assert bench.good().status == 200
        kids = count()
        _storm(bench, kids, 60 + second)
        bench.issuer.jwks = {"keys": [*bench.issuer.jwks["keys"], newcomer.jwk]}
        for _ in range(30):
            if bench.target.judge_token(bench.mint.token(key=newcomer)).status == 200:
                break
            _storm(bench, kids, 1)
        assert bench.target.judge_token(bench.mint.token(key=newcomer)).status == 200


def test_an_empty_set_does_not_lift_the_cool_down() -> None:
    """K7: a cold cache and an issuer that publishes nothing."""
    with jwks_bench(WITHOUT_A_USABLE_KEY["an empty set"]) as bench:
        for index in range(500):
            assert bench.unknown(f"kid-{index}").status == 401
        assert bench.fetches == 1


def test_an_unknown_kid_is_the_callers_fault_only_if_the_last_fetch_succeeded() -> None:
    """K7, N1: otherwise it may be a new key that we could not fetch."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        bench.clocks.advance(31)
        bench.issuer.fault = FAST["503"]
        assert bench.unknown("new?").status == 500
        bench.issuer.fault = healthy
        bench.clocks.advance(60)
        assert bench.unknown("new?").status == 401
