import pytest

from jwt_verifier.cached_value import CachedValue
from jwt_verifier.freshness import Clocks

from .conftest import Clock


class Down(Exception):
    """The source does not answer."""


class Source:
    """Gives 1, 2, 3 and so on, or fails."""

    def __init__(self) -> None:
        self.wall, self.monotonic = Clock(), Clock(1_000.0)
        self.asked = 0
        self.fault: Exception | None = None
        self.seconds_to_answer = 0.0
        self.cached = CachedValue(
            self._fetch,
            (Down,),
            Clocks(self.wall, self.monotonic),
            fresh_seconds=60,
            max_age_seconds=600,
        )

    def _fetch(self) -> int:
        self.asked += 1
        self.advance(self.seconds_to_answer)
        if self.fault:
            raise self.fault
        return self.asked

    def advance(self, seconds: float) -> None:
        self.wall.seconds += seconds
        self.monotonic.seconds += seconds


@pytest.fixture
def source() -> Source:
    return Source()


def test_a_value_is_asked_for_when_it_is_first_needed(source: Source) -> None:
    assert source.asked == 0
    assert [source.cached.get(), source.cached.get()] == [1, 1]


def test_a_value_is_fresh_for_its_time_and_no_longer(source: Source) -> None:
    source.cached.get()
    source.advance(59)
    assert source.cached.get() == 1
    source.advance(1)
    assert source.cached.get() == 2


def test_a_value_is_as_old_as_the_question(source: Source) -> None:
    source.seconds_to_answer = 60
    assert [source.cached.get(), source.cached.get()] == [1, 2]


def test_a_monotonic_clock_that_stood_still_extends_no_trust(source: Source) -> None:
    source.cached.get()
    source.wall.seconds += 60
    assert source.cached.get() == 2
    source.fault = Down()
    source.wall.seconds += 600
    with pytest.raises(Down):
        source.cached.get()


def test_a_wall_clock_that_was_set_back_makes_one_refresh_due_and_wipes_nothing(
    source: Source,
) -> None:
    source.cached.get()
    source.fault = Down()
    source.wall.seconds -= 1_000
    assert [source.cached.get() for _ in range(3)] == [1, 1, 1]
    assert source.asked == 2
    source.fault = None
    source.monotonic.seconds += 1
    assert [source.cached.get() for _ in range(3)] == [3, 3, 3]


def test_a_wall_clock_that_leaps_neither_floods_a_source_that_is_down_nor_silences_us(
    source: Source,
) -> None:
    source.fault = Down()
    for leap in (1_000, -10_000, 1_000):
        with pytest.raises(Down):
            source.cached.get()
        source.wall.seconds += leap
    assert source.asked == 1
    source.fault = None
    source.monotonic.seconds += 1
    assert source.cached.get() == 2


def test_without_an_answer_the_old_value_serves_and_is_asked_for_less_and_less_often(
    source: Source,
) -> None:
    source.cached.get()
    source.fault = Down()
    source.advance(60)
    for asked, pause in ((2, 1), (3, 2), (4, 4), (5, 8)):
        assert [source.cached.get() for _ in range(3)] == [1, 1, 1]
        assert source.asked == asked
        source.advance(pause)


def test_an_old_value_does_not_serve_for_ever(source: Source) -> None:
    source.cached.get()
    source.fault = Down()
    source.advance(599)
    assert source.cached.get() == 1
    source.advance(1)
    with pytest.raises(Down):
        source.cached.get()


def test_with_nothing_in_hand_callers_share_a_failure_until_the_source_may_be_asked_again(
    source: Source,
) -> None:
    source.fault = Down("is down")
    for asked, pause in ((1, 1), (2, 2), (3, 4)):
        for _ in range(5):
            with pytest.raises(Down, match="is down"):
                source.cached.get()
        assert source.asked == asked
        source.advance(pause)
    source.fault = None
    assert [source.cached.get(), source.cached.get()] == [4, 4]


def test_a_slow_failure_is_kept_for_as_long_as_a_fast_one(source: Source) -> None:
    source.fault, source.seconds_to_answer = Down(), 100
    for _ in range(3):
        with pytest.raises(Down):
            source.cached.get()
    assert source.asked == 1


@pytest.mark.parametrize("in_hand", [False, True])
def test_a_fault_of_ours_is_told_and_backs_off_as_well(source: Source, in_hand: bool) -> None:
    if in_hand:
        source.cached.get()
        source.advance(60)
    source.fault = TypeError("ours")
    with pytest.raises(TypeError, match="ours"):
        source.cached.get()
    asked = source.asked
    if in_hand:
        assert source.cached.get() == 1
    else:
        with pytest.raises(TypeError, match="ours"):
            source.cached.get()
    assert source.asked == asked


def test_a_newer_value_is_asked_for_once_in_a_cool_down(source: Source) -> None:
    source.cached.get()
    assert source.cached.refreshed(10) is None
    source.advance(9)
    assert source.cached.refreshed(10) is None
    source.advance(1)
    assert source.cached.refreshed(10) == source.cached.get() == 2
    source.advance(10)
    source.fault = Down()
    assert source.cached.refreshed(10) is None
    assert source.cached.get() == 2
    assert source.asked == 3


def test_a_newer_value_may_be_the_first(source: Source) -> None:
    assert source.cached.refreshed(1e9) == 1
