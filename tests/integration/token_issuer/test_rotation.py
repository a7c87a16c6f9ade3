"""A run of the rotation against KMS and DynamoDB: what is there before it, and what after."""

from typing import Any

import jwt
import pytest

from function_kit.key_ring import KeyRing, RingInvalid, StoredRing
from key_rotation.errors import RingChanged
from key_rotation.kms_keys import OWNER_TAG
from key_rotation.plan import PUBLISH_AHEAD_SECONDS
from key_rotation.ring_table import RingTable
from tests.integration.token_issuer.issuer import DAY, START, Issuer, new_issuer

HOUR = 3_600


@pytest.fixture
def fresh(kms: Any, dynamodb: Any) -> Issuer:
    return new_issuer(kms, dynamodb)


def kids(issuer: Issuer) -> list[str]:
    environment = issuer.beside()
    return [key["kid"] for key in environment.get("/.well-known/jwks.json").body["keys"]]


def kid_that_signs(issuer: Issuer) -> str:
    environment = issuer.beside()
    environment.clock.now = issuer.clock.now
    token = environment.ask().body["access_token"]
    kid: str = jwt.get_unverified_header(token)["kid"]
    return kid


def stored(issuer: Issuer) -> StoredRing:
    return RingTable(issuer.dynamodb, issuer.tables.ring).read()


def states(issuer: Issuer, ring: KeyRing) -> list[str]:
    return [issuer.kms.account.keys[key.kms_key_id].state for key in ring.keys]


def test_the_first_run_publishes_two_keys_and_the_first_of_them_signs(fresh: Issuer) -> None:
    done = fresh.rotation.run()
    assert list(done.published) == list(done.ring) == kids(fresh)
    assert len(done.ring) == 2
    assert kid_that_signs(fresh) == done.ring[0]


def test_running_again_changes_nothing(fresh: Issuer) -> None:
    fresh.rotation.run()
    before = stored(fresh)
    done = fresh.rotation.run()
    assert (done.published, done.withdrawn) == ((), ())
    assert stored(fresh) == before


def test_a_key_is_rsa_for_signing_and_carries_its_owner(fresh: Issuer) -> None:
    fresh.rotation.run()
    key_id = stored(fresh).ring.keys[0].kms_key_id
    metadata = fresh.kms.moto.describe_key(KeyId=key_id)["KeyMetadata"]
    assert (metadata["KeySpec"], metadata["KeyUsage"]) == ("RSA_2048", "SIGN_VERIFY")
    tags = fresh.kms.moto.list_resource_tags(KeyId=key_id)["Tags"]
    assert tags == [{"TagKey": OWNER_TAG, "TagValue": "issuer-stack"}]


def test_a_life_of_a_key_from_published_to_deleted(fresh: Issuer) -> None:
    fresh.rotation.run()
    first, second = kids(fresh)
    fresh.clock.now = START + 30 * DAY - 1
    assert (fresh.rotation.run().published, kid_that_signs(fresh)) == ((), first)
    fresh.clock.now = START + 30 * DAY
    assert kid_that_signs(fresh) == second
    [third] = fresh.rotation.run().published
    assert kids(fresh) == [first, second, third]
    fresh.clock.now += 900 + 300 + DAY - 1
    assert fresh.rotation.run().withdrawn == ()
    fresh.clock.now += 1
    ring = stored(fresh).ring
    assert fresh.rotation.run().withdrawn == (first,)
    assert kids(fresh) == [second, third]
    assert states(fresh, ring) == ["PendingDeletion", "Enabled", "Enabled"]


def test_after_a_long_silence_the_next_key_is_still_published_ahead(fresh: Issuer) -> None:
    fresh.rotation.run()
    fresh.clock.now = START + 300 * DAY
    fresh.rotation.run()
    newest = stored(fresh).ring.keys[-1]
    assert newest.signs_from == int(fresh.clock.now) + PUBLISH_AHEAD_SECONDS


def test_of_two_runs_at_once_one_gives_way_and_its_keys_are_ended_later(fresh: Issuer) -> None:
    """The other run's write falls between this run's reading and writing."""
    other = fresh.new_rotation()

    def interrupted(_: dict[str, Any]) -> None:
        fresh.kms.faults.clear()
        other.run()

    fresh.kms.faults["create_key"] = interrupted
    with pytest.raises(RingChanged):
        fresh.rotation.run()
    published = {key.kms_key_id for key in stored(fresh).ring.keys}
    assert len(published) == 2
    assert len(fresh.kms.account.enabled()) == 4
    for _ in range(24):
        fresh.clock.now += HOUR
        fresh.rotation.run()
    assert fresh.kms.account.enabled() == published


def test_a_key_whose_write_was_done_though_its_answer_was_lost_is_kept(fresh: Issuer) -> None:
    class AnswerLost:
        def __getattr__(self, name: str) -> Any:
            return getattr(fresh.dynamodb, name)

        def put_item(self, **arguments: Any) -> Any:
            fresh.dynamodb.put_item(**arguments)
            raise TimeoutError

    unlucky = fresh.beside(dynamodb=AnswerLost())
    with pytest.raises(TimeoutError):
        unlucky.rotation.run()
    assert states(fresh, stored(fresh).ring) == ["Enabled", "Enabled"]


def test_a_damaged_ring_stops_the_run_before_anything_is_made_or_deleted(fresh: Issuer) -> None:
    for keys, version in (("no json", "1"), ("[1]", "1"), ("[]", None)):
        item = {"id": {"S": "signing-keys"}, "keys": {"S": keys}}
        item |= {"version": {"N": version}} if version else {}
        fresh.dynamodb.put_item(TableName=fresh.tables.ring, Item=item)
        with pytest.raises(RingInvalid):
            fresh.rotation.run()
    assert fresh.kms.account.keys == {}
