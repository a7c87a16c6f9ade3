"""No schedule of runs, tokens and caches makes a verifier refuse a token that is still valid.

The rotation's plan, the issuer's choice of the signing key and the authorizer's key cache are the
real ones; only time is ours, and what lies between: an issuer whose ring is up to a day old, a
gateway whose keys are up to two hours old, documents that were kept for five minutes on the way.
"""

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from function_kit.key_ring import KeyRing, SigningKey
from jwt_verifier.jwks import PublicKey, PublicKeys
from jwt_verifier.jwks_cache import CacheTimes, JwksCache
from key_rotation.plan import RotationTimes, plan, rotation_times
from token_issuer.key_ring import MAX_AGE_SECONDS as ISSUER_STALE_SECONDS
from token_issuer.published_keys import PublishedKeys

DAY = 86_400
TOKEN_SECONDS = 900
LEEWAY_SECONDS = 300
GATEWAY_STALE_SECONDS = 7_200
DOCUMENT_STALE_SECONDS = 300
AUTHORIZER_TIMES = CacheTimes(fresh_seconds=3_600, max_age_seconds=DAY, cooldown_seconds=30)


@dataclass
class History:
    """Which keys were published when: rings by the time from which each stood in the table."""

    times: RotationTimes
    since: list[int] = field(default_factory=list)
    rings: list[PublishedKeys] = field(default_factory=list)
    newest: KeyRing = field(default_factory=KeyRing)

    def run_at(self, now: int) -> None:
        steps = plan(self.newest, now, self.times)
        made = tuple(
            SigningKey(f"key-{start}", start, {"kid": f"kid-{start}"}) for start in steps.starts
        )
        written = KeyRing((*steps.staying, *made))
        self.since.append(now)
        if self.rings and written == self.newest:
            self.rings.append(self.rings[-1])
            return
        self.newest = KeyRing.from_json(written.to_json())
        self.rings.append(PublishedKeys(self.newest.keys))

    def at(self, now: float) -> PublishedKeys:
        """The ring in the table; before the first run there is no issuer."""
        return self.rings[max(bisect_right(self.since, now) - 1, 0)]


def kids(keys: PublishedKeys) -> set[str]:
    return {key.kid for key in keys.keys}


RUNS = st.lists(
    st.one_of(st.integers(1, 3 * 3_600), st.integers(1, 3 * DAY), st.integers(DAY, 90 * DAY)),
    min_size=1,
    max_size=60,
)
PERIODS = st.integers(DAY, 40 * DAY)


def history(gaps: list[int], times: RotationTimes) -> History:
    made, now = History(times), 1_000_000
    made.run_at(now)
    for gap in gaps:
        now += gap
        made.run_at(now)
    return made


def issued_kid(past: History, issued_at: float, ring_age: float) -> str:
    """The key that an environment picks whose ring is `ring_age` old."""
    return past.at(issued_at - ring_age).signer(issued_at).kid


def interesting_moments(past: History) -> st.SearchStrategy[float]:
    """Any time, and more often one close to a key's beginning or to a run."""
    starts = [key.signs_from for ring in past.rings for key in ring.keys] + past.since
    first, last = past.since[0], past.since[-1] + 60 * DAY
    near = st.builds(lambda at, off: at + off, st.sampled_from(starts), st.integers(-7_300, 7_300))
    return st.one_of(st.integers(first, last), near).map(lambda at: float(max(at, first)))


@given(gaps=RUNS, period=PERIODS, data=st.data())
@settings(max_examples=200, deadline=None)
def test_a_gateway_with_keys_of_two_hours_ago_accepts_every_valid_token(
    gaps: list[int], period: int, data: st.DataObject
) -> None:
    past = history(gaps, rotation_times(period, TOKEN_SECONDS))
    for _ in range(10):
        issued_at = data.draw(interesting_moments(past))
        kid = issued_kid(past, issued_at, data.draw(st.floats(0, ISSUER_STALE_SECONDS)))
        verified_at = issued_at + data.draw(st.floats(0, TOKEN_SECONDS + LEEWAY_SECONDS))
        staleness = data.draw(st.floats(0, GATEWAY_STALE_SECONDS))
        on_the_way = data.draw(st.floats(0, DOCUMENT_STALE_SECONDS))
        served_from = data.draw(st.floats(0, ISSUER_STALE_SECONDS))
        known = past.at(verified_at - staleness - on_the_way - served_from)
        assert kid in kids(known)


@given(gaps=RUNS, period=PERIODS, data=st.data())
@settings(max_examples=100, deadline=None)
def test_our_authorizers_own_cache_knows_the_key_of_every_valid_token(
    gaps: list[int], period: int, data: st.DataObject
) -> None:
    past = history(gaps, rotation_times(period, TOKEN_SECONDS))
    now = [float(past.since[0])]

    class Published:
        def fetch(self, *, rediscover: bool) -> PublicKeys:  # noqa: ARG002  # there is one place to look
            late = data.draw(st.floats(0, ISSUER_STALE_SECONDS + DOCUMENT_STALE_SECONDS))
            return PublicKeys({kid: PublicKey(kid, {}) for kid in kids(past.at(now[0] - late))}, {})

    cache = JwksCache(
        Published(),
        AUTHORIZER_TIMES,
        wall_clock=lambda: now[0],
        monotonic_clock=lambda: now[0],
        report=lambda _event, _detail: None,
    )
    for issued_at in sorted(data.draw(st.lists(interesting_moments(past), max_size=15))):
        kid = issued_kid(past, issued_at, data.draw(st.floats(0, ISSUER_STALE_SECONDS)))
        verified_at = issued_at + data.draw(st.floats(0, TOKEN_SECONDS + LEEWAY_SECONDS))
        assume(verified_at >= now[0])
        now[0] = verified_at
        assert cache.key_for(kid).kid == kid


@given(gaps=RUNS, period=PERIODS)
@settings(max_examples=100, deadline=None)
def test_a_next_key_is_always_published_and_never_more_than_three_after_a_run(
    gaps: list[int], period: int
) -> None:
    past = history(gaps, rotation_times(period, TOKEN_SECONDS))
    for at, ring in zip(past.since, past.rings, strict=True):
        assert ring.keys[-1].signs_from > at
        assert 2 <= len(ring.keys) <= 3
        starts = [key.signs_from for key in ring.keys]
        assert starts == sorted(set(starts))


DENSE = [300] * (12 * 24 * 3)
LATE = [5 * DAY, *DENSE]


def refusals(past: History) -> int:
    """How often the worst clocks and caches refuse a token of the last and first of each key."""
    oldest = GATEWAY_STALE_SECONDS + DOCUMENT_STALE_SECONDS + ISSUER_STALE_SECONDS
    starts = {key.signs_from for ring in past.rings for key in ring.keys}
    return sum(
        issued_kid(past, issued_at, ring_age) not in kids(past.at(issued_at + age - staleness))
        for issued_at, ring_age, age, staleness in product(
            {float(start + offset) for start in starts for offset in (-1, 0)},
            (0, ISSUER_STALE_SECONDS),
            (0, TOKEN_SECONDS + LEEWAY_SECONDS),
            (0, oldest),
        )
    )


@pytest.mark.parametrize("gaps", [DENSE, LATE])
def test_the_worst_clocks_and_caches_refuse_no_valid_token(gaps: list[int]) -> None:
    assert refusals(history(gaps, rotation_times(DAY, TOKEN_SECONDS))) == 0


@pytest.mark.parametrize(
    ("gaps", "worse"),
    [
        (LATE, {"publish_ahead": 7_200}),
        (LATE, {"publish_ahead": 7_200 + 300 + int(ISSUER_STALE_SECONDS) - 1}),
        (DENSE, {"keep": 0}),
        (DENSE, {"keep": TOKEN_SECONDS}),
    ],
)
def test_shorter_times_would_refuse_valid_tokens(gaps: list[int], worse: dict[str, int]) -> None:
    times = replace(rotation_times(DAY, TOKEN_SECONDS), **worse)
    assert refusals(history(gaps, times)) > 0


def test_the_key_set_shows_every_key_of_the_ring() -> None:
    keys = (SigningKey("key-1", 1, {"kid": "a"}), SigningKey("key-2", 9, {"kid": "b"}))
    assert PublishedKeys(keys).jwks == {"keys": [{"kid": "a"}, {"kid": "b"}]}


def test_the_key_that_signs_is_the_last_that_has_begun() -> None:
    keys = PublishedKeys(
        (SigningKey("key-1", 10, {"kid": "a"}), SigningKey("key-2", 20, {"kid": "b"}))
    )
    assert [keys.signer(now).kid for now in (9, 10, 19.9, 20, 1e9)] == ["a", "a", "a", "b", "b"]
