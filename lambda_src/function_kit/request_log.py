"""What is known of a request -> one log line, and metrics: the shape that functions share.

Lines are ASCII JSON with times in UTC, so no value can forge a second line.
"""

import json
import logging
import os
import sys
from dataclasses import dataclass, field
from functools import partial

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
    AmazonCloudWatchEMFProvider,
)

from function_kit.metrics_namespace import NAMESPACE


@dataclass(slots=True)
class Record:
    """What is known of one request by the time it is answered; until then it has failed.

    Attributes:
        fields: what the line says besides, by name; never a token, a secret or a code.
        outcome: a stable word.
        reason: a stable word, the metric's dimension.
    """

    fields: dict[str, str] = field(default_factory=dict)
    outcome: str = "failed"
    reason: str = "internal_error"

    @property
    def line(self) -> dict[str, str]:
        """The fields of the log line."""
        return {"outcome": self.outcome, "reason": self.reason, **self.fields}


def make_logger(service: str) -> Logger:
    """Return a function's logger; `POWERTOOLS_LOG_LEVEL` sets its level."""
    to_json = partial(json.dumps, ensure_ascii=True, default=str, separators=(",", ":"))
    formatter = LambdaPowertoolsFormatter(json_serializer=to_json, utc=True, use_rfc3339=True)
    return Logger(
        service=service, logger_handler=_Stdout(), logger_formatter=formatter, location=None
    )


class _Stdout(logging.Handler):
    """Writes to standard output as it is now, where metrics are printed: the two never part."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stdout.write(f"{self.format(record)}\n")


@dataclass(frozen=True, slots=True)
class Metrics:
    """The metrics of one function in one stage; these two are dimensions of each.

    Attributes:
        service: The function.
        stage: Where it is deployed: stages of one account never add up to one metric.
    """

    service: str
    stage: str

    def count(self, name: str, **dimensions: str) -> None:
        """Count one occurrence."""
        self.measure(name, MetricUnit.Count, 1, **dimensions)

    def measure(self, name: str, unit: MetricUnit, value: float, **dimensions: str) -> None:
        """Write one value: by service and stage, and once more by the dimensions given.

        An alarm looks at the first; it cannot add up metrics whose dimensions it does not know.
        """
        metric = AmazonCloudWatchEMFProvider(
            namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE") or NAMESPACE,
            default_dimensions={"service": self.service, "stage": self.stage},
        )
        metric.add_metric(name, unit, value)
        if dimensions:
            metric.add_dimensions(**dimensions)
        line = json.dumps(metric.serialize_metric_set(), separators=(",", ":"))
        sys.stdout.write(f"{line}\n")
