"""The issuer and its key rotation print what their alarms look at, and they ring."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from function_kit.key_ring import RingInvalid
from key_rotation.report import report
from key_rotation.rotate import Rotated
from tests.alarms import rings
from tests.integration.token_issuer.conftest import RotationHandler
from tests.integration.token_issuer.issuer import (
    DAY,
    STAGE,
    Issuer,
    new_issuer,
)
from tests.integration.token_issuer.test_refused_keys import kids, spoil
from tests.saved_queries import wrong_in

SCHEDULED = {"source": "aws.events", "detail-type": "Scheduled Event"}
OF_ROTATION = ("key-rotation-failed", "signing-key-too-old", "no-next-signing-key")


@pytest.fixture
def run(handler: RotationHandler) -> Callable[[], Any]:
    """Lambda's entry, as the schedule calls it."""
    return lambda: handler(SCHEDULED)


@pytest.fixture
def fresh(kms: Any, dynamodb: Any) -> Issuer:
    made = new_issuer(kms, dynamodb)
    made.rotation.run()
    return made


def test_a_run_that_fails_rings(
    run: Callable[[], Any], table: str, dynamodb: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    item = {"id": {"S": "signing-keys"}, "keys": {"S": "no json"}, "version": {"N": "1"}}
    dynamodb.put_item(TableName=table, Item=item)
    with pytest.raises(RingInvalid):
        run()
    assert rings("key-rotation-failed", capsys.readouterr().out)


def test_a_run_that_goes_well_rings_nothing(
    run: Callable[[], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    run()
    printed = capsys.readouterr().out
    assert [name for name in OF_ROTATION if rings(name, printed)] == []


def told(done: Rotated, capsys: pytest.CaptureFixture[str]) -> str:
    # A logger keeps the output that it was first given.
    report(Logger(service=uuid.uuid4().hex), done, STAGE)
    return capsys.readouterr().out


def test_a_key_that_signs_longer_than_its_period_rings(
    fresh: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody has rotated meanwhile, and no new key can be made."""
    fresh.clock.now += 28 * DAY
    assert not rings("signing-key-too-old", told(fresh.rotation.run(), capsys))
    ring = fresh.rotation.run()
    late = Rotated((), (), (), ring.ring, 32 * DAY, 0, ())
    printed = told(late, capsys)
    assert rings("signing-key-too-old", printed)
    assert rings("no-next-signing-key", printed)


def test_a_key_that_kms_refuses_rings(fresh: Issuer, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(fresh, 0, "Disabled")
    assert fresh.ask("orders/read").status == 200
    printed = capsys.readouterr().out
    assert rings("signing-key-refused", printed)
    assert not rings("token-requests-failed", printed)


def test_an_issuer_none_of_whose_keys_may_sign_rings(
    fresh: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    for position in range(len(kids(fresh))):
        spoil(fresh, position, "Disabled")
    assert fresh.ask("orders/read").status >= 500
    assert rings("token-requests-failed", capsys.readouterr().out)


def test_the_saved_queries_name_what_the_lines_hold(
    fresh: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert wrong_in("key-rotations", told(fresh.rotation.run(), capsys)) == []
    fresh.post({"grant_type": "password"})
    spoil(fresh, 0, "Disabled")
    fresh.ask("orders/read")
    assert wrong_in("token-requests", capsys.readouterr().out) == []


def test_a_caller_that_is_refused_rings_nothing(
    fresh: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fresh.post({"grant_type": "password"}).status == 400
    printed = capsys.readouterr().out
    assert not rings("token-requests-failed", printed)
