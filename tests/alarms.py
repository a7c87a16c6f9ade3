"""What functions print -> which alarms of the reviewed template ring."""

import json
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OPERATIONS = Path(__file__).parent / "synth/snapshots/with_issuer-operations.json"
PREFIX = "jwt-authorizer-prod-"
STAGE = "prod"
COMPARISONS = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
}
STATISTICS: Mapping[str, Callable[[list[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "Minimum": min,
}
MADE_TO_RING_IN = {
    "authorizer-slow": None,
    "authorizer-throttled": None,
    "api-server-errors": None,
    "internal-error": "tests/integration/test_authorizer_alarms.py",
    "key-rotation-failed": "tests/integration/token_issuer/test_alarms.py",
    "key-rotation-silent": None,
    "key-rotation-undelivered": None,
    "keys-unavailable": "tests/integration/test_authorizer_alarms.py",
    "mail-not-sent": None,
    "no-next-signing-key": "tests/integration/token_issuer/test_alarms.py",
    "no-usable-key-published": "tests/integration/test_authorizer_alarms.py",
    "refusal-surge": "tests/integration/test_authorizer_alarms.py",
    "revocations-unavailable": "tests/integration/revocation/test_authorizer.py",
    "secret-rotation-failed": None,
    "sign-out-incomplete": "tests/integration/session/test_logout.py",
    "signing-key-refused": "tests/integration/token_issuer/test_alarms.py",
    "signing-key-too-old": "tests/integration/token_issuer/test_alarms.py",
    "stale-keys-served": "tests/integration/test_authorizer_alarms.py",
    "token-requests-failed": "tests/integration/token_issuer/test_alarms.py",
}
"""Where a real function prints what an alarm looks at; None for AWS's own metrics, whose names and
dimensions `tests/synth/test_operations.py` looks up."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One value of one metric, as CloudWatch takes it out of a line."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    value: float


def operations_template() -> dict[str, Any]:
    template: dict[str, Any] = json.loads(OPERATIONS.read_text(encoding="utf-8"))
    return template


def alarms() -> dict[str, dict[str, Any]]:
    """Every alarm of the template, by its heading of the runbook."""
    every = operations_template()["Resources"].values()
    found = [item["Properties"] for item in every if item["Type"] == "AWS::CloudWatch::Alarm"]
    return {item["AlarmName"].removeprefix(PREFIX): item for item in found}


def metrics_of(alarm: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What an alarm looks at, by id: namespace, name, dimensions and statistic."""
    if "Metrics" not in alarm:
        return {"m1": {**alarm, "Stat": alarm["Statistic"]}}
    return {
        item["Id"]: {**item["MetricStat"]["Metric"], "Stat": item["MetricStat"]["Stat"]}
        for item in alarm["Metrics"]
        if "MetricStat" in item
    }


def measured(printed: str) -> list[Measured]:
    """Every value of the lines ("Specification: Embedded metric format", CloudWatch user guide)."""
    return [
        Measured(
            declared["Namespace"],
            metric["Name"],
            {name: line[name] for name in names},
            value,
        )
        for line in map(json.loads, printed.splitlines())
        for declared in line.get("_aws", {}).get("CloudWatchMetrics", ())
        for names in declared["Dimensions"]
        for metric in declared["Metrics"]
        for value in line[metric["Name"]]
    ]


def rings(name: str, printed: str) -> bool:
    """Whether the lines, printed within one period, are beyond the alarm's threshold."""
    alarm = alarms()[name]
    values = measured(printed)
    found = {key: _statistic(metric, values) for key, metric in metrics_of(alarm).items()}
    expressions = [item["Expression"] for item in alarm.get("Metrics", ()) if "Expression" in item]
    value = _evaluated(expressions[0], found) if expressions else found["m1"]
    beyond = COMPARISONS[alarm["ComparisonOperator"]]
    return value is not None and bool(beyond(value, alarm["Threshold"]))


def _statistic(metric: Mapping[str, Any], values: Iterable[Measured]) -> float | None:
    dimensions = {item["Name"]: item["Value"] for item in metric["Dimensions"]}
    chosen = [
        each.value
        for each in values
        if (each.namespace, each.name) == (metric["Namespace"], metric["MetricName"])
        and each.dimensions == dimensions
    ]
    return STATISTICS[metric["Stat"]](chosen) if chosen else None


def _evaluated(expression: str, values: Mapping[str, float | None]) -> float | None:
    """Evaluate metric math of our own template, whose FILL and IF are functions here."""

    def fill(value: float | None, instead: float) -> float:
        return instead if value is None else value

    def chosen(condition: object, then: float, otherwise: float) -> float:
        return then if condition else otherwise

    names = {"FILL": fill, "IF": chosen, **values}
    try:
        return float(eval(expression, {"__builtins__": {}}, names))  # noqa: S307  # our own template
    except ZeroDivisionError:
        return None
