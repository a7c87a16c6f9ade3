import pytest

from function_kit.key_ring import KeyRing, SigningKey
from key_rotation.plan import (
    ISSUER_CACHE_SECONDS,
    PUBLISH_AHEAD_SECONDS,
    RotationTimes,
    plan,
    rotation_times,
)
from token_issuer.key_ring import MAX_AGE_SECONDS

TIMES = RotationTimes(period=1000, publish_ahead=100, keep=50)


def ring(*starts: int) -> KeyRing:
    return KeyRing(tuple(SigningKey(f"key-{at}", at, {"kid": f"kid-{at}"}) for at in starts))


@pytest.mark.parametrize(
    ("starts", "now", "new", "leaving"),
    [
        ((), 5000, (5000, 6000), ()),
        ((5000, 6000), 5000, (), ()),
        ((5000, 6000), 5999, (), ()),
        ((5000, 6000), 6000, (7000,), ()),
        ((5000, 6000, 7000), 6049, (), ()),
        ((5000, 6000, 7000), 6050, (), (5000,)),
        ((5000, 6000), 6950, (7050,), (5000,)),
        ((5000, 6000), 99_000, (99_100,), (5000,)),
        ((5000, 6000, 7000), 99_000, (99_100,), (5000, 6000)),
    ],
)
def test_what_a_run_does_follows_from_the_ring_and_the_time(
    starts: tuple[int, ...], now: int, new: tuple[int, ...], leaving: tuple[int, ...]
) -> None:
    steps = plan(ring(*starts), now, TIMES)
    assert steps.starts == new
    assert tuple(key.signs_from for key in steps.leaving) == leaving
    assert steps.leaving + steps.staying == ring(*starts).keys


def test_a_period_shorter_than_the_lead_still_publishes_ahead() -> None:
    times = RotationTimes(period=10, publish_ahead=100, keep=50)
    assert plan(KeyRing(), 5000, times).starts == (5000, 5100)


def test_the_lead_is_longer_than_every_cache_between_issuer_and_gateway() -> None:
    assert PUBLISH_AHEAD_SECONDS == 48 * 3600
    assert PUBLISH_AHEAD_SECONDS > 7200 + 300 + MAX_AGE_SECONDS


def test_the_plan_counts_on_a_ring_as_old_as_the_issuer_serves_at_most() -> None:
    assert ISSUER_CACHE_SECONDS == MAX_AGE_SECONDS


def test_a_key_stays_for_longer_than_its_last_token_and_the_longest_leeway() -> None:
    assert rotation_times(86_400, 900).keep > 900 + 300
