"""What a run has done -> one log line, and the metrics that alarms watch."""

from collections import Counter
from typing import Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit

from function_kit.request_log import Metrics
from key_rotation.rotate import Rotated

SERVICE: Final = "key_rotation"


def report(logger: Logger, done: Rotated, stage: str) -> None:
    """Write a run that came to its end.

    Metrics, each with the dimensions `service` and `stage`: `signing_key_age`, for how long the
    present key has been signing, and `next_key_signs_in`, both in seconds; `rotation_failures`, by
    `kind`, for what could not be done and is tried again.
    """
    log = logger.warning if done.failures or done.found else logger.info
    log(
        "rotation",
        published=done.published,
        found=done.found,
        withdrawn=done.withdrawn,
        ring=done.ring,
        failures=[f"{failure.kind} {failure.detail}" for failure in done.failures],
    )
    metrics = Metrics(SERVICE, stage)
    metrics.measure("signing_key_age", MetricUnit.Seconds, done.key_age_seconds)
    metrics.measure("next_key_signs_in", MetricUnit.Seconds, done.next_signs_in_seconds)
    for kind, number in Counter(failure.kind for failure in done.failures).items():
        metrics.measure("rotation_failures", MetricUnit.Count, number, kind=kind)


def report_stopped(error: Exception, stage: str) -> None:
    """Count a run that an error has stopped; Lambda logs the error itself."""
    Metrics(SERVICE, stage).count("rotation_failures", kind=type(error).__name__)
