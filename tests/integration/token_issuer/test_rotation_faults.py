"""What stops a rotation elsewhere does not stop it here: it goes on, and no key is lost."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from function_kit.key_ring import StoredRing
from key_rotation.errors import ClockWrong, KeysLeft
from key_rotation.kms_keys import OWNER_TAG
from key_rotation.ring_table import RingTable
from tests.integration.token_issuer.issuer import DAY, OWNER, START, Issuer, new_issuer
from tests.integration.token_issuer.strict_kms import Key, Killed, StrictKms

HOUR = 3_600


@pytest.fixture
def fresh(kms: Any, dynamodb: Any) -> Issuer:
    return new_issuer(kms, dynamodb)


def stored(issuer: Issuer) -> StoredRing:
    return RingTable(issuer.dynamodb, issuer.tables.ring).read()


def published(issuer: Issuer) -> set[str]:
    return {key.kms_key_id for key in stored(issuer).ring.keys}


def run_for(issuer: Issuer, days: float, step_hours: float = 6) -> None:
    for _ in range(int(days * 24 / step_hours)):
        issuer.clock.now += step_hours * HOUR
        issuer.rotation.run()


def test_a_key_that_cannot_be_deleted_stops_no_rotation_and_is_tried_again(fresh: Issuer) -> None:
    fresh.rotation.run()
    fresh.kms.faults["schedule_key_deletion"] = "AccessDeniedException"
    signing_since = set()
    for _ in range(8 * 45):
        fresh.clock.now += 6 * HOUR
        done = fresh.rotation.run()
        signing_since.add(done.key_age_seconds)
    assert max(signing_since) < 31 * DAY
    assert [failure.kind for failure in done.failures] == ["delete"] * 2
    assert all("AccessDeniedException" in failure.detail for failure in done.failures)
    assert stored(fresh).ending == fresh.kms.account.enabled() - published(fresh)
    fresh.kms.faults.clear()
    assert fresh.rotation.run().failures == ()
    assert fresh.kms.account.enabled() == published(fresh)
    assert stored(fresh).ending == frozenset()


@pytest.mark.parametrize("killed_after", ["create_key", "get_public_key"])
@pytest.mark.parametrize("tries", [1, 3])
def test_a_killed_run_loses_no_key(fresh: Issuer, killed_after: str, tries: int) -> None:
    fresh.rotation.run()
    fresh.clock.now += 30 * DAY
    for _ in range(tries):
        fresh.kms.killed_after = killed_after
        with pytest.raises(Killed):
            fresh.rotation.run()
        fresh.clock.now += 60
    run_for(fresh, 2, step_hours=1)
    assert fresh.kms.account.enabled() == published(fresh)


def test_a_run_that_was_killed_leaves_a_key_that_the_next_one_publishes(fresh: Issuer) -> None:
    fresh.rotation.run()
    before = fresh.kms.account.enabled()
    fresh.clock.now += 30 * DAY
    fresh.kms.killed_after = "create_key"
    with pytest.raises(Killed):
        fresh.rotation.run()
    [lost] = fresh.kms.account.enabled() - before
    fresh.clock.now += HOUR
    done = fresh.rotation.run()
    assert done.found == done.published
    assert stored(fresh).ring.keys[-1].kms_key_id == lost
    assert fresh.kms.calls.count("create_key") == 3


@pytest.mark.parametrize("operation", ["get_public_key", "schedule_key_deletion"])
def test_keys_whose_making_failed_half_way_are_found_and_ended(
    fresh: Issuer, operation: str
) -> None:
    fresh.kms.faults = {
        operation: "AccessDeniedException",
        "get_public_key": "AccessDeniedException",
    }
    for _ in range(3):
        with pytest.raises(ClientError):
            fresh.rotation.run()
        fresh.clock.now += 60
    assert len(fresh.kms.account.enabled()) == 3
    fresh.kms.faults.clear()
    run_for(fresh, 2, step_hours=1)
    assert fresh.kms.account.enabled() == published(fresh)
    assert len(published(fresh)) == 2


def test_a_ring_that_cannot_be_written_loses_no_key(fresh: Issuer) -> None:
    class Unwritable:
        def __getattr__(self, name: str) -> Any:
            return getattr(fresh.dynamodb, name)

        def put_item(self, **_: Any) -> Any:
            raise TimeoutError

    unlucky = fresh.beside(dynamodb=Unwritable())
    for hours in range(5):
        unlucky.clock.now = START + hours * HOUR
        fresh.clock.now = unlucky.clock.now
        with pytest.raises(TimeoutError):
            unlucky.rotation.run()
    assert len(fresh.kms.account.enabled()) <= 4
    run_for(fresh, 2, step_hours=1)
    assert fresh.kms.account.enabled() == published(fresh)


def test_a_next_key_that_cannot_be_made_fails_the_run_after_all_else_is_done(
    fresh: Issuer,
) -> None:
    fresh.rotation.run()
    fresh.clock.now += 30 * DAY
    fresh.rotation.run()
    fresh.clock.now += 30 * DAY
    first = stored(fresh).ring.keys[0].kms_key_id
    fresh.kms.faults["create_key"] = "LimitExceededException"
    with pytest.raises(ClientError, match="LimitExceeded"):
        fresh.rotation.run()
    assert first not in published(fresh)
    assert fresh.kms.account.keys[first].state == "PendingDeletion"
    fresh.kms.faults.clear()
    assert len(fresh.rotation.run().published) == 1


@pytest.mark.parametrize("ahead", [40 * DAY, 365 * DAY, 2 * DAY, 400, -400, -40 * DAY])
@pytest.mark.parametrize("age_days", [0, 10, 30, 30.01])
def test_a_clock_that_is_not_kmss_is_noticed_before_anything_is_done(
    fresh: Issuer, ahead: int, age_days: float
) -> None:
    if age_days:
        fresh.rotation.run()
        fresh.clock.now += age_days * DAY
        fresh.rotation.run()
    before, keys = stored(fresh), dict(fresh.kms.account.keys)
    wrong = fresh.beside()
    wrong.clock.now = fresh.clock.now + ahead
    with pytest.raises(ClockWrong, match="our clock is"):
        wrong.rotation.run()
    assert stored(fresh) == before
    assert fresh.kms.account.keys == keys


def test_ending_the_issuer_ends_keys_that_no_ring_names(fresh: Issuer) -> None:
    fresh.rotation.run()
    fresh.clock.now += 30 * DAY
    fresh.kms.killed_after = "create_key"
    with pytest.raises(Killed):
        fresh.rotation.run()
    fresh.rotation.end()
    assert fresh.kms.account.enabled() == set()
    assert stored(fresh).version == 0


def test_ending_an_issuer_whose_ring_is_damaged_ends_its_keys_all_the_same(fresh: Issuer) -> None:
    fresh.rotation.run()
    item = {"id": {"S": "signing-keys"}, "keys": {"S": "no json"}, "version": {"N": "1"}}
    fresh.dynamodb.put_item(TableName=fresh.tables.ring, Item=item)
    fresh.rotation.end()
    assert fresh.kms.account.enabled() == set()


def test_keys_of_others_are_never_touched(fresh: Issuer) -> None:
    tags = {
        "untagged": [],
        "of another issuer": [{"TagKey": OWNER_TAG, "TagValue": "other-stack"}],
        "of another use": [{"TagKey": "owner", "TagValue": OWNER}],
    }
    others = {name: Key(name, START - DAY, "{}", tag) for name, tag in tags.items()}
    fresh.kms.account.keys.update(others)
    fresh.kms.faults["list_resource_tags"] = lambda given: (
        "AccessDeniedException" if given["KeyId"] == "untagged" else None
    )
    fresh.rotation.run()
    run_for(fresh, 2, step_hours=1)
    fresh.rotation.end()
    assert fresh.kms.account.enabled() == set(others)


def test_an_end_that_cannot_delete_or_look_says_so_and_can_be_tried_again(fresh: Issuer) -> None:
    fresh.rotation.run()
    for operation, kind in (("schedule_key_deletion", "delete"), ("list_keys", "find by tag")):
        fresh.kms.faults = {operation: "AccessDeniedException"}
        with pytest.raises(KeysLeft, match=f"keys are left: {kind}.*AccessDeniedException"):
            fresh.rotation.end()
        assert stored(fresh).version > 0
    fresh.kms.faults.clear()
    fresh.rotation.end()
    assert fresh.kms.account.enabled() == set()


@pytest.mark.parametrize("operation", ["describe_key", "list_keys", "list_resource_tags"])
def test_a_look_that_kms_refuses_stops_no_rotation(fresh: Issuer, operation: str) -> None:
    fresh.rotation.run()
    fresh.clock.now += 30 * DAY
    fresh.kms.account.keys["another's"] = Key("another's", START, "{}", [])
    fresh.kms.faults[operation] = "ThrottlingException"
    done = fresh.rotation.run()
    assert len(done.published) == 1
    assert {failure.kind for failure in done.failures} == {
        "describe" if operation == "describe_key" else "find"
    }


def test_every_key_says_who_may_use_it_when_it_is_made(fresh: Issuer) -> None:
    fresh.rotation.run()
    assert isinstance(fresh.kms, StrictKms)
    for key in fresh.kms.account.keys.values():
        assert '"kms:Sign"' in key.policy
        assert key.tags == [{"TagKey": OWNER_TAG, "TagValue": OWNER}]
