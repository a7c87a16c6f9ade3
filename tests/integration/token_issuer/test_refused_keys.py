"""KMS refuses the key whose time it is: another published one signs, and the rotation mends it."""

import json
from typing import Any

import jwt
import pytest

from function_kit.key_ring import ITEM_KEY, KeyRing
from key_rotation.plan import ISSUER_CACHE_SECONDS, KNOWN_AFTER_SECONDS, rotation_times
from key_rotation.ring_table import RingTable
from tests.integration.token_issuer.issuer import DAY, START, TOKEN_SECONDS, Issuer, new_issuer
from token_issuer.key_ring import MAX_AGE_SECONDS
from token_issuer.published_keys import PREDECESSOR_SECONDS

HOUR = 3_600
UNUSABLE = ("Disabled", "PendingDeletion", "gone")


@pytest.fixture
def fresh(kms: Any, dynamodb: Any) -> Issuer:
    made = new_issuer(kms, dynamodb)
    made.rotation.run()
    return made


def ring(issuer: Issuer) -> KeyRing:
    return RingTable(issuer.dynamodb, issuer.tables.ring).read().ring


def spoil(issuer: Issuer, position: int, state: str) -> None:
    key_id = ring(issuer).keys[position].kms_key_id
    if state == "gone":
        del issuer.kms.account.keys[key_id]
    else:
        issuer.kms.account.keys[key_id].state = state


def kid_of_a_new_token(issuer: Issuer) -> str:
    answer = issuer.ask("orders/read")
    assert answer.status == 200, answer.body
    kid: str = jwt.get_unverified_header(answer.body["access_token"])["kid"]
    return kid


def kids(issuer: Issuer) -> list[str]:
    return [key.jwk["kid"] for key in ring(issuer).keys]


@pytest.mark.parametrize("state", UNUSABLE)
@pytest.mark.parametrize("days", [0, 1, 10, 28])
def test_a_key_that_kms_refuses_is_passed_over_for_the_next_on_any_day(
    fresh: Issuer, state: str, days: int
) -> None:
    fresh.clock.now += days * DAY
    _, following = kids(fresh)
    spoil(fresh, 0, state)
    assert kid_of_a_new_token(fresh) == following


@pytest.mark.parametrize(("hours", "position"), [(1, 0), (23, 0), (24, 2)])
def test_just_after_a_rotation_the_former_key_takes_over_and_later_the_next(
    fresh: Issuer, hours: int, position: int
) -> None:
    """The former is published for another token's life; the next must be known to verifiers."""
    fresh.clock.now += 30 * DAY
    fresh.rotation.run()
    fresh.clock.now += hours * HOUR
    expected = kids(fresh)[position]
    spoil(fresh, 1, "Disabled")
    assert kid_of_a_new_token(fresh) == expected


def test_a_former_key_signs_only_while_the_plan_keeps_it_published() -> None:
    times = rotation_times(30 * DAY, TOKEN_SECONDS)
    assert times.keep - TOKEN_SECONDS > PREDECESSOR_SECONDS
    assert PREDECESSOR_SECONDS == MAX_AGE_SECONDS == ISSUER_CACHE_SECONDS


def test_the_key_that_was_passed_over_is_logged_and_counted(
    fresh: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    first = kids(fresh)[0]
    spoil(fresh, 0, "Disabled")
    kid_of_a_new_token(fresh)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    [refused] = [line for line in lines if line.get("message") == "key_refused"]
    assert (refused["level"], refused["kid"]) == ("ERROR", first)
    assert refused["reason"] == "kms_DisabledException"
    assert [line for line in lines if line.get("key_refused") == [1.0]]


@pytest.mark.parametrize("state", UNUSABLE)
def test_the_hourly_run_lets_the_next_key_take_over_and_makes_another(
    fresh: Issuer, state: str
) -> None:
    fresh.clock.now += DAY
    first, second = kids(fresh)
    spoil(fresh, 0, state)
    done = fresh.rotation.run()
    assert (list(done.ring[:2]), len(done.published)) == ([first, second], 1)
    assert ring(fresh).keys[1].signs_from == int(fresh.clock.now)
    fresh.clock.now += 61
    assert kid_of_a_new_token(fresh) == second
    assert fresh.rotation.run().published == ()


def test_a_next_key_that_kms_refuses_is_followed_by_another(fresh: Issuer) -> None:
    first, second = kids(fresh)
    spoil(fresh, 1, "Disabled")
    [third] = fresh.rotation.run().published
    assert kids(fresh) == [first, second, third]
    assert kid_of_a_new_token(fresh) == first
    fresh.clock.now += 30 * DAY
    assert kid_of_a_new_token(fresh) == third


def test_when_every_published_key_is_refused_the_run_makes_one_that_signs_at_once(
    fresh: Issuer,
) -> None:
    spoil(fresh, 0, "Disabled")
    spoil(fresh, 1, "PendingDeletion")
    assert fresh.ask().status == 500
    fresh.rotation.run()
    fresh.clock.now += 61
    assert kid_of_a_new_token(fresh) == kids(fresh)[2]


def test_rotate_now_lets_the_next_key_sign_at_once_and_makes_another(fresh: Issuer) -> None:
    fresh.clock.now += 10 * DAY
    first, second = kids(fresh)
    done = fresh.rotation.run(replace_now=True)
    assert kids(fresh)[:2] == [first, second]
    assert (done.key_age_seconds, len(done.ring)) == (0, 3)
    fresh.clock.now += 61
    assert kid_of_a_new_token(fresh) == second
    fresh.clock.now += TOKEN_SECONDS + 300 + DAY
    assert fresh.rotation.run().withdrawn == (first,)


def test_rotate_now_waits_until_every_gateway_knows_the_next_key(fresh: Issuer) -> None:
    fresh.clock.now += HOUR
    done = fresh.rotation.run(replace_now=True)
    assert done.next_signs_in_seconds == KNOWN_AFTER_SECONDS - HOUR
    assert ring(fresh).keys[1].signs_from == START + KNOWN_AFTER_SECONDS


def test_an_old_ring_that_was_put_back_is_recognised_and_the_real_keys_sign_again(
    fresh: Issuer,
) -> None:
    table = fresh.tables.ring
    old = fresh.dynamodb.get_item(TableName=table, Key=dict(ITEM_KEY))["Item"]
    for _ in range(70 * 4):
        fresh.clock.now += 6 * HOUR
        fresh.rotation.run()
    real = kids(fresh)
    fresh.dynamodb.put_item(TableName=table, Item=old)
    done = fresh.rotation.run()
    assert list(done.found) == real
    assert list(done.ring[-2:]) == real
    fresh.clock.now += 61
    assert kid_of_a_new_token(fresh) == real[0]
    published = {key.kms_key_id for key in ring(fresh).keys}
    assert fresh.kms.account.enabled() <= published
