"""How young the list is kept, what a reading costs, and what happens when there is none."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event

import pytest

from function_kit.revocation.entry import Revocation, new_item, written_at
from function_kit.revocation.kept_list import KeptList
from function_kit.revocation.revocations import OVERLAP_SECONDS, Revocations, Standing
from jwt_verifier.freshness import Clocks
from jwt_verifier.tokens import VerifiedToken
from tests.unit.function_kit.revocation.list_in_memory import ListInMemory
from tests.unit.function_kit.revocation.tokens import token
from tests.unit.jwt_verifier.conftest import Clock

GOOD = Standing(None, None)
REVOKED = Standing("jti", None)
NO_ANSWER = "no answer: ConnectionRefusedError"
AGE_SECONDS = 5.0


@dataclass
class Kept:
    """Revocations with everything around them that a test turns and watches."""

    fails_open: bool = False
    max_entries: int = 100
    table: ListInMemory = field(default_factory=lambda: ListInMemory(page_items=10))
    wall: Clock = field(default_factory=Clock)
    monotonic: Clock = field(default_factory=lambda: Clock(1_000.0))
    reported: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.revocations = Revocations(
            self.table,
            age_seconds=AGE_SECONDS,
            fails_open=self.fails_open,
            report=self.reported.append,
            clocks=Clocks(self.wall, self.monotonic),
            kept=KeptList(self.max_entries),
        )

    def advance(self, seconds: float) -> None:
        self.wall.seconds += seconds
        self.monotonic.seconds += seconds

    def revoke(self, jti: str, clock_off_by: float = 0.0) -> str:
        return self.table.put(Revocation("jti", "cognito", jti), self.wall() + clock_off_by)

    def standing(self, jti: str) -> Standing:
        return self.revocations.standing(of(jti))

    def break_down(self, *, broken: bool = True) -> None:
        self.table.fails = lambda: broken


def of(jti: str) -> VerifiedToken:
    return token(jti=jti)


@pytest.fixture
def kept() -> Kept:
    return Kept()


def test_a_list_that_is_young_enough_costs_no_reading(kept: Kept) -> None:
    kept.revocations.warm_up()
    for _ in range(100):
        kept.advance(AGE_SECONDS / 101)
        assert kept.standing("a") == GOOD
    assert kept.table.pages_read == 1


def test_an_older_one_is_read_once_and_a_revocation_counts_from_then_on(kept: Kept) -> None:
    kept.revocations.warm_up()
    kept.revoke("a")
    assert kept.standing("a") == GOOD
    kept.advance(AGE_SECONDS)
    assert [kept.standing(jti) for jti in ("a", "b", "a")] == [REVOKED, GOOD, REVOKED]
    assert kept.table.pages_read == 2


@pytest.mark.parametrize("frozen_seconds", [6, 600, 86_400 * 30])
def test_a_frozen_environment_reads_before_it_decides(kept: Kept, frozen_seconds: float) -> None:
    kept.revocations.warm_up()
    kept.wall.seconds += frozen_seconds  # the monotonic clock has stood still
    kept.revoke("a")
    assert kept.standing("a") == REVOKED
    assert kept.table.pages_read == 2


def test_a_clock_that_was_set_back_makes_nothing_young(kept: Kept) -> None:
    kept.revocations.warm_up()
    kept.wall.seconds -= 3_600
    kept.standing("a")
    assert kept.table.pages_read == 2


def test_only_what_is_new_is_read_again_with_an_overlap(kept: Kept) -> None:
    for number in range(25):
        kept.revoke(f"old-{number}")
    kept.advance(OVERLAP_SECONDS + 1)
    kept.revocations.warm_up()
    assert kept.table.pages_read == 3
    last_read = kept.wall()
    kept.advance(600)
    kept.revoke("new")
    assert kept.standing("new") == REVOKED
    assert kept.table.asked_after[3:] == [written_at(last_read - OVERLAP_SECONDS)]


@pytest.mark.parametrize("off_by", [-300, -59, 59, 300])
def test_a_writers_clock_that_aws_still_takes_loses_nothing(kept: Kept, off_by: float) -> None:
    kept.revocations.warm_up()
    kept.advance(1)
    kept.revoke("a", clock_off_by=off_by)
    kept.advance(AGE_SECONDS)
    assert kept.standing("a") == REVOKED


def test_an_unreadable_list_lets_nobody_say_that_a_token_is_good(kept: Kept) -> None:
    kept.break_down()
    kept.revocations.warm_up()
    assert kept.standing("a") == Standing(None, NO_ANSWER)
    assert kept.reported == [NO_ANSWER] * 2
    kept.break_down(broken=False)
    kept.advance(1)
    assert kept.standing("a") == GOOD


def test_what_is_known_to_be_revoked_is_refused_even_then(kept: Kept) -> None:
    kept.revoke("a")
    kept.revocations.warm_up()
    kept.break_down()
    kept.advance(AGE_SECONDS)
    assert kept.standing("a") == Standing("jti", NO_ANSWER)


def test_a_stage_may_decide_by_what_it_knows() -> None:
    kept = Kept(fails_open=True)
    kept.revoke("a")
    kept.revocations.warm_up()
    kept.break_down()
    kept.advance(3_600)
    kept.revoke("b")
    assert [kept.standing(jti) for jti in "ab"] == [GOOD, GOOD]  # "a" has expired
    assert kept.reported == [NO_ANSWER] * 2


def test_one_failure_costs_one_caller(kept: Kept) -> None:
    kept.revocations.warm_up()
    kept.advance(AGE_SECONDS)
    kept.break_down()
    assert kept.standing("a") == Standing(None, NO_ANSWER)
    kept.break_down(broken=False)
    assert kept.standing("a") == GOOD
    assert kept.table.pages_read == 3


def test_in_an_outage_it_is_tried_once_a_second_and_told_each_time(kept: Kept) -> None:
    kept.break_down()
    kept.revocations.warm_up()
    for _ in range(41):
        kept.standing("a")
        kept.advance(0.25)
    assert kept.table.pages_read == 12
    assert len(kept.reported) == 12


def test_one_that_was_frozen_after_a_failure_tries_at_once(kept: Kept) -> None:
    kept.break_down()
    kept.revocations.warm_up()
    kept.standing("a")
    kept.break_down(broken=False)
    assert kept.standing("a") == Standing(None, NO_ANSWER)
    kept.wall.seconds += 60
    assert kept.standing("a") == GOOD


def test_a_caller_waits_200_milliseconds_at_most_and_the_start_two_seconds(kept: Kept) -> None:
    for number in range(35):
        kept.revoke(str(number))
    kept.advance(OVERLAP_SECONDS + 1)
    kept.revocations.warm_up()
    assert kept.table.time_outs == [2.0] * 4

    def slow() -> bool:
        kept.advance(0.15)
        return False

    kept.table.fails = slow
    kept.advance(OVERLAP_SECONDS + 10)
    for number in range(35):
        kept.revoke(f"new-{number}")
        kept.advance(0.001)
    # What has been read counts already, and the next reading goes on behind it.
    assert kept.standing("new-5") == Standing("jti", "not read whole within 0.2 s")
    assert kept.table.time_outs[4:] == pytest.approx([0.2, 0.05])
    assert kept.standing("new-34") == REVOKED
    assert kept.table.pages_read == 8


def test_a_malformed_item_is_told_and_stops_decisions_until_it_is_gone(kept: Kept) -> None:
    kept.revocations.warm_up()
    kept.advance(AGE_SECONDS)
    item = new_item(Revocation("jti", "cognito", "x"), now=kept.wall(), lifetime_seconds=900)
    key = item["entry"]["S"]
    kept.table.put_item(key, {**item, "kind": {"S": "everything"}})
    kept.revoke("a")
    assert kept.standing("a").revoked_by == "jti"
    for _ in range(2):
        kept.advance(OVERLAP_SECONDS)
        unknown = kept.standing("b").unknown_because
        assert unknown is not None
        assert unknown.startswith(f"entry '{key}': kind: 'everything'; give one of sub, ")
    kept.table.remove(key)
    kept.advance(1)
    assert kept.standing("b") == GOOD


def test_one_that_has_expired_stops_nothing(kept: Kept) -> None:
    kept.table.put_item("1", {"entry": {"S": "1"}, "expires_at": {"N": "1"}})
    kept.revocations.warm_up()
    assert kept.standing("a") == GOOD


def test_a_list_that_outgrows_memory_says_so_until_it_fits_again() -> None:
    kept = Kept(max_entries=30)
    for number in range(31):
        kept.revoke(str(number))
    kept.revocations.warm_up()
    unknown = kept.standing("x").unknown_because
    assert unknown is not None
    assert unknown.endswith("outgrown: more than 30 revocations")
    kept.advance(901)
    assert kept.standing("x") == GOOD


def test_threads_that_wait_for_one_reading_do_not_read_again(kept: Kept) -> None:
    asked, go_on = Event(), Event()

    def hold() -> bool:
        asked.set()
        return not go_on.wait(60)

    kept.table.fails = hold
    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(kept.standing, "a") for _ in range(8)]
        asked.wait(60)
        go_on.set()
        assert {answer.result() for answer in answers} == {GOOD}
    assert kept.table.pages_read == 1
