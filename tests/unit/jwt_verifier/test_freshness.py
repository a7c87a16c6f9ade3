import pytest

from jwt_verifier.freshness import Attempts, Clocks, Moment

from .conftest import NOW, Clock


@pytest.fixture
def wall() -> Clock:
    return Clock()


@pytest.fixture
def monotonic() -> Clock:
    return Clock(1_000.0)


@pytest.fixture
def clocks(wall: Clock, monotonic: Clock) -> Clocks:
    return Clocks(wall, monotonic)


@pytest.fixture
def attempts(monotonic: Clock) -> Attempts:
    return Attempts(monotonic)


def attempt(attempts: Attempts, *, well: bool) -> None:
    attempts.begin()
    if well:
        attempts.succeed()
    attempts.end()


def test_a_moment_is_told_by_both_clocks(clocks: Clocks) -> None:
    assert clocks.now() == Moment(NOW, 1_000.0)


@pytest.mark.parametrize(
    ("wall_passed", "monotonic_passed", "age"),
    [(5.0, 5.0, 5.0), (5.0, 0.0, 5.0), (0.0, 5.0, 5.0), (-100.0, 5.0, 5.0), (5.0, -1_000.0, 5.0)],
    ids=["both", "frozen", "wall stands", "wall set back", "restored"],
)
def test_an_age_is_the_greater_of_two(
    clocks: Clocks,
    wall: Clock,
    monotonic: Clock,
    wall_passed: float,
    monotonic_passed: float,
    age: float,
) -> None:
    since = clocks.now()
    wall.seconds += wall_passed
    monotonic.seconds += monotonic_passed
    assert clocks.age_seconds(since) == age


def test_what_is_fresh_is_younger_and_no_clock_makes_it_so(
    clocks: Clocks, wall: Clock, monotonic: Clock
) -> None:
    since = clocks.now()
    assert clocks.is_fresh(since, 60)
    wall.seconds += 59
    assert clocks.is_fresh(since, 60)
    wall.seconds += 1
    assert not clocks.is_fresh(since, 60)
    wall.seconds -= 61
    assert not clocks.is_fresh(since, 60)
    wall.seconds += 1
    monotonic.seconds += 60
    assert not clocks.is_fresh(since, 60)


def test_a_source_that_was_never_asked_may_be_asked(attempts: Attempts) -> None:
    assert attempts.may_retry()
    assert attempts.have_rested(1e9)
    assert (attempts.count, attempts.failures) == (0, 0)


def test_a_source_that_answered_may_be_asked_again_at_once(attempts: Attempts) -> None:
    attempt(attempts, well=False)
    attempt(attempts, well=True)
    assert attempts.may_retry()
    assert (attempts.count, attempts.failures) == (2, 0)


def test_a_source_that_fails_is_asked_less_and_less_often(
    attempts: Attempts, monotonic: Clock
) -> None:
    for pause in (1, 2, 4, 8, 16, 30, 30):
        attempt(attempts, well=False)
        monotonic.seconds += pause - 0.5
        assert not attempts.may_retry()
        monotonic.seconds += 0.5
        assert attempts.may_retry()
    assert (attempts.count, attempts.failures) == (7, 7)


def test_an_attempt_that_is_under_way_counts_as_failed(attempts: Attempts) -> None:
    attempts.begin()
    assert (attempts.count, attempts.failures) == (0, 1)


def test_a_pause_begins_when_the_attempt_ends(attempts: Attempts, monotonic: Clock) -> None:
    attempts.begin()
    monotonic.seconds += 100
    attempts.end()
    assert not attempts.have_rested(10)
    monotonic.seconds += 10
    assert attempts.have_rested(10)


def test_a_failure_that_is_forgotten_holds_up_nobody(attempts: Attempts) -> None:
    attempt(attempts, well=False)
    attempts.forget()
    assert attempts.failures == 0
    assert attempts.may_retry()
    assert attempts.have_rested(1e9)


def test_a_monotonic_clock_that_starts_anew_ends_a_pause(
    attempts: Attempts, monotonic: Clock
) -> None:
    attempt(attempts, well=False)
    monotonic.seconds = 999.0
    assert attempts.may_retry()
    monotonic.seconds = 1_000.0
    assert not attempts.may_retry()
