"""Our one line for a decision beside the metric that Powertools writes for the same."""

import io
import json
from contextlib import redirect_stdout
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit, single_metric
from hypothesis import given
from hypothesis import strategies as st

from authorizer.decision_line import DecisionLines
from tests.property.json_values import texts

OUTCOMES = st.sampled_from(("allowed", "denied", "rejected", "failed"))
REASONS = st.sampled_from(("allowed", "missing_scope", "token_expired", "keys_unavailable"))
SAID = st.dictionaries(st.sampled_from(("sub", "detail", "route_key", "request_id")), texts)
NOW = 1_800_000_000.25


def by_powertools(outcome: str, reason: str) -> dict[str, Any]:
    """Count 1 as Powertools does, and return the line."""
    dimensions = {"service": "authorizer", "stage": "dev"}
    with (
        redirect_stdout(io.StringIO()) as printed,
        single_metric(
            name=outcome,
            unit=MetricUnit.Count,
            value=1,
            namespace="JwtAuthorizer",
            default_dimensions=dimensions,
        ) as metric,
    ):
        metric.add_dimension("reason", reason)
    line: dict[str, Any] = json.loads(printed.getvalue())
    return line


@given(OUTCOMES, REASONS, SAID)
def test_the_line_is_the_metric_that_powertools_writes_and_what_is_said_besides(
    outcome: str, reason: str, said: dict[str, str]
) -> None:
    text = DecisionLines("JwtAuthorizer", "authorizer", "dev").line(outcome, reason, said, NOW)
    line, theirs = json.loads(text), by_powertools(outcome, reason)
    assert text.isascii()
    assert "\n" not in text
    ours, expected = line.pop("_aws"), theirs.pop("_aws")
    assert ours.keys() == expected.keys()
    assert ours["Timestamp"] == NOW * 1_000
    (metric,), (their_metric,) = ours["CloudWatchMetrics"], expected["CloudWatchMetrics"]
    dimensions, (their_dimensions,) = metric.pop("Dimensions"), their_metric.pop("Dimensions")
    assert metric == their_metric
    assert [set(names) for names in dimensions] == [{"service", "stage"}, set(their_dimensions)]
    assert {name: line[name] for name in theirs} == theirs
    assert line.items() >= said.items()
    assert line["timestamp"] == "2027-01-15T08:00:00.250+00:00"
