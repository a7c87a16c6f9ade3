"""Row N8: a key set is the issuer's word whatever it holds, and no outage."""

import logging

import pytest

from tests.integration.faults import FAST, WITHOUT_A_USABLE_KEY, healthy
from tests.integration.jwks_bench import HOUR_SECONDS, JwksBench, jwks_bench


def _events(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        vars(record)["event"]
        for record in caplog.records
        if record.levelno == logging.WARNING and record.msg == "keys"
    ]


@pytest.mark.parametrize("name", WITHOUT_A_USABLE_KEY)
def test_a_key_that_is_no_longer_published_is_dead_within_the_hour(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """N8: though no other key has taken its place; no stale key is served."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        bench.issuer.fault = WITHOUT_A_USABLE_KEY[name]
        bench.clocks.advance(HOUR_SECONDS)
        for hours in (1, 6, 12, 23):
            bench.clocks.advance(hours * HOUR_SECONDS - bench.age_seconds)
            verdict = bench.good()
            assert (verdict.status, verdict.reason) == (401, "key_unknown")
        assert "jwks_no_usable_key" in _events(caplog)
        assert not {"jwks_stale_served", "jwks_fetch_failed"} & set(_events(caplog))


@pytest.mark.parametrize("name", WITHOUT_A_USABLE_KEY)
def test_a_cold_environment_says_the_same_as_a_warm_one(name: str) -> None:
    """N8: 401, for the issuer has answered."""
    with jwks_bench(WITHOUT_A_USABLE_KEY[name]) as bench:
        verdict = bench.good()
        assert (verdict.status, verdict.reason) == (401, "key_unknown")
        bench.issuer.fault = healthy
        bench.clocks.advance(30)
        assert bench.good().status == 200


def test_an_unknown_kid_shows_an_emptied_set_at_once() -> None:
    """N8: whatever the reason for the fetch."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        bench.issuer.fault = WITHOUT_A_USABLE_KEY["an empty set"]
        bench.clocks.advance(30)
        assert bench.unknown("another").status == 401
        assert bench.good().status == 401


def _outage(bench: JwksBench) -> int:
    bench.issuer.fault = FAST["503"]
    bench.clocks.advance(HOUR_SECONDS)
    return bench.good().status


def test_an_outage_after_the_withdrawal_brings_no_key_back() -> None:
    """N8, N9: what is served stale is the last key set, and that is empty."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        bench.issuer.fault = WITHOUT_A_USABLE_KEY["an empty set"]
        bench.clocks.advance(HOUR_SECONDS)
        assert bench.good().status == 401
        assert _outage(bench) == 500


def test_a_key_that_moved_to_another_algorithm_is_dead_where_only_the_old_one_is_configured() -> (
    None
):
    """N8: an issuer that changes from RS256 to ES256."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        keys = bench.mint.keys.issuer
        bench.issuer.jwks = {"keys": [keys["ES256"].jwk]}
        bench.clocks.advance(HOUR_SECONDS)
        assert bench.good().status == 401
        assert bench.target.judge_token(bench.mint.token(key=keys["ES256"])).status == 200
