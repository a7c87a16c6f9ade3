"""What is known of a request -> one log line, and metrics: the shape that functions share.

Lines are ASCII JSON with times in UTC, so no value can forge a second line.
"""

import json
import logging
import sys
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.metrics import MetricUnit, single_metric

NAMESPACE: Final = "JwtAuthorizer"
"""Of every metric; alarms name it."""


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


def count(service: str, name: str, **dimensions: str) -> None:
    """Count one occurrence, by its dimensions."""
    measure(service, name, MetricUnit.Count, 1, **dimensions)


def measure(service: str, name: str, unit: MetricUnit, value: float, **dimensions: str) -> None:
    """Write one value of a metric, with `service` among its dimensions."""
    with single_metric(
        name=name,
        unit=unit,
        value=value,
        namespace=NAMESPACE,
        default_dimensions={"service": service},
    ) as metric:
        for dimension, text in dimensions.items():
            metric.add_dimension(name=dimension, value=text)
