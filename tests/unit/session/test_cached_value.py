import pytest

from session.cached_value import CachedValue
from session.errors import IssuerInvalid, SessionError, Unavailable


class Source:
    """Gives 1, 2, 3 and so on, or fails."""

    def __init__(self) -> None:
        self.now, self.asked, self.failure = 1_000_000.0, 0, None
        self.kept = CachedValue(
            self._fetch, lambda: self.now, fresh_seconds=60, max_age_seconds=600, pause_seconds=10
        )

    failure: SessionError | None

    def _fetch(self) -> int:
        self.asked += 1
        if self.failure:
            raise self.failure
        return self.asked


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture(params=[Unavailable("down"), IssuerInvalid("wrong")], ids=["down", "wrong"])
def failure(request: pytest.FixtureRequest) -> SessionError:
    error: SessionError = request.param
    return error


def test_a_value_is_asked_for_when_it_is_first_needed(source: Source) -> None:
    assert source.asked == 0
    assert [source.kept.get(), source.kept.get()] == [1, 1]


def test_a_value_is_fresh_for_its_time_and_no_longer(source: Source) -> None:
    source.kept.get()
    source.now += 59
    assert source.kept.get() == 1
    source.now += 1
    assert source.kept.get() == 2


def test_a_clock_that_goes_back_has_it_asked_for_again(source: Source) -> None:
    source.kept.get()
    source.now -= 1
    assert source.kept.get() == 2


def test_without_an_answer_the_old_one_serves_and_is_asked_about_after_a_pause(
    source: Source, failure: SessionError
) -> None:
    source.kept.get()
    source.failure = failure
    source.now += 60
    assert [source.kept.get() for _ in range(3)] == [1, 1, 1]
    assert source.asked == 2
    source.now += 10
    assert source.kept.get() == 1
    assert source.asked == 3


def test_an_old_one_does_not_serve_for_ever(source: Source, failure: SessionError) -> None:
    source.kept.get()
    source.failure = failure
    source.now += 599
    assert source.kept.get() == 1
    source.now += 1
    with pytest.raises(type(failure)):
        source.kept.get()


def test_with_nothing_in_hand_a_failure_is_kept_for_two_seconds(
    source: Source, failure: SessionError
) -> None:
    source.failure = failure
    for _ in range(50):
        with pytest.raises(type(failure)):
            source.kept.get()
    source.now += 2
    source.failure = None
    assert source.kept.get() == 2
    assert source.kept.get() == 2


def test_a_newer_one_is_asked_for_at_most_once_in_a_pause(
    source: Source, failure: SessionError
) -> None:
    source.kept.get()
    assert source.kept.refreshed() is None
    source.now += 10
    assert source.kept.refreshed() == source.kept.get() == 2
    source.now += 10
    source.failure = failure
    assert source.kept.refreshed() is None
    assert source.kept.get() == 2
