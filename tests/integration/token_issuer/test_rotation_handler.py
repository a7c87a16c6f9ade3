"""Lambda's entry of the rotation, against moto: who may ask for what, and what alarms can watch."""

import json
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from function_kit.key_ring import RingInvalid
from key_rotation.errors import RequestUnknown
from key_rotation.report import report
from key_rotation.rotate import Failure, Rotated
from tests.integration.token_issuer.conftest import RotationHandler
from tests.integration.token_issuer.issuer import DAY

SCHEDULED = {"source": "aws.events", "detail-type": "Scheduled Event"}


def measured(written: str) -> dict[str, list[tuple[str, float]]]:
    """Value and kind of each metric, by its name."""
    found: dict[str, list[tuple[str, float]]] = {}
    for line in map(json.loads, written.splitlines()):
        if "_aws" in line:
            [metric] = line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
            value = (line.get("kind", ""), line[metric["Name"]][0])
            found.setdefault(metric["Name"], []).append(value)
    return found


def test_a_scheduled_run_measures_how_old_the_key_is_and_when_the_next_signs(
    handler: RotationHandler, capsys: pytest.CaptureFixture[str]
) -> None:
    handler(SCHEDULED)
    metrics = measured(capsys.readouterr().out)
    assert metrics == {
        "signing_key_age": [("", 0)],
        "next_key_signs_in": [("", 30 * DAY)],
    }


def test_failures_are_counted_by_their_kind(capsys: pytest.CaptureFixture[str]) -> None:
    failures = (Failure("delete", "a: X"), Failure("delete", "b: X"), Failure("find", "by tag: X"))
    report(Logger(service="key_rotation"), Rotated((), (), (), ("a",), 5, 7, failures), "dev")
    written = capsys.readouterr().out
    assert measured(written)["rotation_failures"] == [("delete", 2), ("find", 1)]
    assert json.loads(written.splitlines()[0])["level"] == "WARNING"


def test_a_run_that_an_error_stops_is_counted_by_the_error(
    handler: RotationHandler, table: str, dynamodb: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    item = {"id": {"S": "signing-keys"}, "keys": {"S": "no json"}, "version": {"N": "1"}}
    dynamodb.put_item(TableName=table, Item=item)
    with pytest.raises(RingInvalid):
        handler(SCHEDULED)
    assert measured(capsys.readouterr().out) == {"rotation_failures": [("RingInvalid", 1)]}


def test_an_administrator_lets_the_next_key_take_over_and_sees_when_it_does(
    handler: RotationHandler,
) -> None:
    handler(SCHEDULED)
    answer = handler({"action": "rotate-now"})
    assert len(answer["ring"]) == 2
    assert 0 < answer["next_signs_in_seconds"] <= 2 * 3_600 + 300


def test_another_action_is_refused_with_the_one_that_there_is(handler: RotationHandler) -> None:
    with pytest.raises(RequestUnknown, match="action: 'rotate'; the only one is \"rotate-now\""):
        handler({"action": "rotate"})
