"""Rows T8, N7 to N10 and the figures: how long keys live, and how soon new ones work."""

import pytest

from tests.attacks.keyring import keyring
from tests.integration.faults import FAST, healthy
from tests.integration.jwks_bench import HOUR_SECONDS, JwksBench, jwks_bench
from tests.signing_key import SigningKey

DAY_SECONDS = 24 * HOUR_SECONDS
down = FAST["500"]


def _newcomer() -> SigningKey:
    """Return a key that the issuer has not published yet; it need not be another RSA key."""
    return SigningKey("RS256", keyring().attacker.private_key, "newcomer")


def _publish(bench: JwksBench, key: SigningKey) -> None:
    bench.issuer.jwks = {"keys": [*bench.issuer.jwks["keys"], key.jwk]}


def _withdraw(bench: JwksBench, kid: str) -> None:
    keys = [jwk for jwk in bench.issuer.jwks["keys"] if jwk["kid"] != kid]
    bench.issuer.jwks = {"keys": keys}


def _judge_by(bench: JwksBench, key: SigningKey) -> int:
    return bench.target.judge_token(bench.mint.token(key=key)).status


def test_warm_and_fresh_keys_cost_no_fetch_in_600_decisions() -> None:
    """N1: good tokens and expired ones alike."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        for step in range(600):
            bench.clocks.advance(5)
            if step % 3 == 0:
                assert bench.good().status == 200
            else:
                expired = bench.mint.token(claims=bench.mint.claims(exp=1))
                assert bench.target.judge_token(expired).status == 401
        assert bench.fetches == 1


def test_forged_tokens_cost_two_fetches_a_minute() -> None:
    """N1, N7: new material may stand under the old kid; that is looked for once a cool-down."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        for step in range(600):
            bench.clocks.advance(1)
            if step % 3 == 0:
                assert bench.good().status == 200
            else:
                forged = bench.mint.token(sign=lambda _input: b"x" * 256)
                assert bench.target.judge_token(forged).status == 401
        assert bench.fetches == 1 + 600 / 30


def test_new_material_under_the_old_kid_works_within_30_seconds() -> None:
    """N7: RFC 7517 section 4.5 asks issuers not to, and some do."""
    newcomer = SigningKey("RS256", keyring().attacker.private_key, keyring().issuer["RS256"].kid)
    with jwks_bench() as bench:
        assert bench.good().status == 200
        bench.clocks.advance(31)
        bench.issuer.jwks = {"keys": [newcomer.jwk]}
        token = bench.mint.token(key=newcomer)
        assert bench.target.judge_token(token).status == 200
        assert bench.good().reason == "signature_invalid"
        assert bench.fetches == 2


def test_a_cold_outage_costs_six_tries_a_minute_and_ends_within_60_seconds() -> None:
    """N2: one try, then 1, 2, 4, 8, 16 and 30 seconds of waiting."""
    with jwks_bench(down) as bench:
        tries_of_minutes = []
        for _minute in range(10):
            before = bench.fetches
            for _ in range(120):
                assert bench.good().status == 500
                bench.clocks.advance(0.5)
            tries_of_minutes.append(bench.fetches - before)
        assert max(tries_of_minutes) <= 6
        assert tries_of_minutes[-1] <= 2
        bench.issuer.fault = healthy
        assert _seconds_until(bench, bench.mint.key) <= 60


def _seconds_until(bench: JwksBench, key: SigningKey) -> int:
    """Return how long it takes until the key's tokens pass, asking every second."""
    for seconds in range(300):
        if _judge_by(bench, key) == 200:
            return seconds
        bench.clocks.advance(1)
    raise AssertionError("they never passed")


@pytest.mark.parametrize("age_seconds", [0, 1, 29, 30, 31, 59, 3599, 3600, 20_000])
def test_a_new_key_works_within_30_seconds(age_seconds: int) -> None:
    """N7: however long ago the last fetch was."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        bench.clocks.advance(age_seconds)
        _publish(bench, _newcomer())
        assert _seconds_until(bench, _newcomer()) <= 30


def test_a_new_kid_seen_before_it_is_published_works_within_30_seconds_after() -> None:
    """N7: having been unknown once is not remembered."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        bench.clocks.advance(31)
        assert _judge_by(bench, _newcomer()) == 401
        bench.clocks.advance(1)
        _publish(bench, _newcomer())
        assert _seconds_until(bench, _newcomer()) <= 30


def test_a_new_key_after_an_outage_works_within_30_seconds() -> None:
    """N7: the outage's failed fetches count for the cool-down, and no longer."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        bench.issuer.fault = down
        _publish(bench, _newcomer())
        for _ in range(300):
            assert _judge_by(bench, _newcomer()) in (401, 500)
            assert bench.good().status == 200
            bench.clocks.advance(1)
        bench.issuer.fault = healthy
        assert _seconds_until(bench, _newcomer()) <= 30


@pytest.mark.parametrize("traffic", [True, False], ids=["under traffic", "without traffic"])
def test_a_removed_key_is_dead_within_60_minutes(traffic: bool) -> None:
    """N8: a snapshot is replaced whole, so nothing keeps a key that has gone."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        _withdraw(bench, bench.mint.key.kid)
        if traffic:
            for _ in range(59):
                bench.clocks.advance(60)
                bench.good()
            bench.clocks.advance(60)
        else:
            bench.clocks.advance(HOUR_SECONDS)
        assert bench.good().status == 401


def test_a_removed_key_is_dead_at_once_when_a_fetch_shows_it() -> None:
    """N8: also when another token's unknown kid was the reason for the fetch."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        _withdraw(bench, bench.mint.key.kid)
        bench.clocks.advance(30)
        assert bench.unknown("another").status == 401
        assert bench.good().status == 401


def test_a_clock_set_back_makes_one_refresh_due_and_neither_floods_nor_wipes() -> None:
    """T8: the wall clock jumps back by a day while monotonic time goes on."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        bench.clocks.wall -= DAY_SECONDS
        for _ in range(200):
            assert bench.good().status == 200
            bench.clocks.advance(1)
        assert bench.fetches == 2


def test_a_clock_set_back_during_an_outage_extends_no_trust() -> None:
    """T8, N9: the keys' age goes on by the monotonic clock."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        bench.issuer.fault = down
        bench.clocks.advance(20 * HOUR_SECONDS)
        bench.clocks.wall -= 20 * HOUR_SECONDS
        assert bench.good().status == 200
        bench.clocks.advance(4 * HOUR_SECONDS)
        assert bench.good().status == 500


def test_a_clock_set_forward_does_not_cost_more_than_its_refresh() -> None:
    """T8: a wall clock that is a year off is believed, and asked about once."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        bench.clocks.wall += 365 * DAY_SECONDS
        for _ in range(100):
            assert bench.good().status == 200
            bench.clocks.advance(1)
        assert bench.fetches == 2


def test_a_frozen_environment_checks_the_keys_age_before_it_uses_them() -> None:
    """T8, N10: monotonic time stood still while the wall clock went on."""
    with jwks_bench() as bench:
        assert bench.good().status == 200
        _withdraw(bench, bench.mint.key.kid)
        bench.clocks.wall += 2 * HOUR_SECONDS
        assert bench.good().status == 401
        assert bench.fetches == 2


@pytest.mark.parametrize("monotonic", [0.0, 3.0, 999.0, 1000.0, 1e9])
def test_a_restored_snapshot_refreshes_old_keys_before_it_uses_them(monotonic: float) -> None:
    """N10: restored a week later on another host, whose monotonic clock says anything."""
    with jwks_bench() as bench:
        bench.target.authorizer.warm_up()
        _withdraw(bench, bench.mint.key.kid)
        _publish(bench, _newcomer())
        bench.clocks.wall += 7 * DAY_SECONDS
        bench.clocks.monotonic = monotonic
        assert bench.good().status == 401
        assert _judge_by(bench, _newcomer()) == 200
        assert bench.fetches == 2


def test_the_first_caller_is_not_silenced_by_a_fetch_that_failed_during_init() -> None:
    """N2: nobody has been refused yet, so nobody has to wait."""
    with jwks_bench(down) as bench:
        bench.target.authorizer.warm_up()
        bench.issuer.fault = healthy
        assert bench.good().status == 200


def test_a_restored_snapshot_is_not_silenced_by_an_old_cool_down() -> None:
    """N10: a failed prefill before the snapshot must not keep a restored host from asking."""
    with jwks_bench(down) as bench:
        bench.target.authorizer.warm_up()
        bench.issuer.fault = healthy
        bench.clocks.wall += DAY_SECONDS
        bench.clocks.monotonic = 3.0
        assert bench.good().status == 200
