"""Which answers 500 of a soak a crash explains, and which it does not."""

import pytest

from benchmarks.local_calls import Call, Failure
from benchmarks.local_soak import AUTHORIZER, NOTICE_SECONDS, START_SECONDS, Crash, explains

PUBLISHER = "token_issuer"
ASKED_AT, ANSWERED_AT = 100.0, 101.0


def crash(label: str, at: float) -> Crash:
    return Crash(label, at, at)


def failed(keys_from: str | None = PUBLISHER) -> Failure:
    call = Call("machine: GET /me", "GET", "/me", {}, None, None, None, keys_from)
    return Failure(call, ASKED_AT, ANSWERED_AT)


@pytest.mark.parametrize("at", [ASKED_AT - NOTICE_SECONDS, ASKED_AT, ANSWERED_AT])
def test_a_crash_under_the_call_explains_it(at: float) -> None:
    assert explains([crash("orders", at)], failed(keys_from=None))


@pytest.mark.parametrize("at", [ASKED_AT - NOTICE_SECONDS - 0.1, ANSWERED_AT + 0.1])
def test_a_crash_before_or_after_the_call_does_not(at: float) -> None:
    assert not explains([crash("orders", at)], failed(keys_from=None))


def test_a_crash_may_be_anywhere_between_the_looks_at_the_clock_around_it() -> None:
    assert explains([Crash("orders", ASKED_AT - 60, ASKED_AT)], failed(keys_from=None))
    assert explains([Crash("orders", ANSWERED_AT, ANSWERED_AT + 60)], failed(keys_from=None))


def test_an_authorizer_without_keys_explains_it_while_their_publisher_starts() -> None:
    crashes = [crash(PUBLISHER, ASKED_AT - START_SECONDS), crash(AUTHORIZER, ASKED_AT - 1)]
    assert explains(crashes, failed())


@pytest.mark.parametrize("label", [PUBLISHER, AUTHORIZER])
def test_one_of_the_two_alone_does_not(label: str) -> None:
    assert not explains([crash(label, ASKED_AT - 1)], failed())


def test_a_token_whose_keys_no_function_publishes_needs_no_publisher() -> None:
    crashes = [crash(PUBLISHER, ASKED_AT - 1), crash(AUTHORIZER, ASKED_AT - 1)]
    assert not explains(crashes, failed(keys_from=None))
