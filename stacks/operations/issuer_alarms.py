"""The issuer's stack -> its alarms."""

from collections.abc import Iterator

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from aws_jwt_authorizer.function_sources import KEY_ROTATION, TOKEN_ISSUER
from stacks.operations.alarm import BELOW, AlarmSpec
from stacks.operations.metrics import (
    FIVE_MINUTES,
    HOUR,
    MAXIMUM,
    MINIMUM,
    StageMetrics,
    of_function,
)
from stacks.operations.watched import WatchedIssuer

DAY_SECONDS = 86_400
LATE_DAYS = 2
"""A key that signs for longer than a period and these days has had no successor."""


def issuer_alarms(watched: WatchedIssuer, metrics: StageMetrics) -> Iterator[AlarmSpec]:
    """Return what rings for the issuer on KMS."""
    too_old_days = watched.rotation_period_days + LATE_DAYS
    yield AlarmSpec(
        "key-rotation-failed",
        "Two runs of the key rotation within three hours have failed, whole or in part.",
        metrics.own(KEY_ROTATION, "rotation_failures", period=HOUR),
        threshold=1,
        periods=3,
        periods_to_alarm=2,
    )
    yield AlarmSpec(
        "key-rotation-silent",
        "No run of the key rotation has come to its end for three hours.",
        _ended_runs(watched),
        threshold=1,
        comparison=BELOW,
        periods=3,
    )
    yield AlarmSpec(
        "key-rotation-undelivered",
        "An event of the rotation's schedule has reached no function.",
        cloudwatch.Metric(
            namespace="AWS/SQS",
            metric_name="ApproximateNumberOfMessagesVisible",
            dimensions_map={"QueueName": watched.undelivered.queue_name},
            statistic=MAXIMUM,
            period=FIVE_MINUTES,
        ),
        threshold=1,
    )
    yield AlarmSpec(
        "signing-key-too-old",
        f"The present key has been signing for {too_old_days} days.",
        metrics.own(KEY_ROTATION, "signing_key_age", MAXIMUM, period=HOUR),
        threshold=too_old_days * DAY_SECONDS,
    )
    yield AlarmSpec(
        "no-next-signing-key",
        "No key is published to sign after the present one.",
        metrics.own(KEY_ROTATION, "next_key_signs_in", MINIMUM, period=HOUR),
        threshold=1,
        comparison=BELOW,
    )
    yield AlarmSpec(
        "signing-key-refused",
        "KMS does not let a published key sign.",
        metrics.own(TOKEN_ISSUER, "key_refused"),
        threshold=1,
    )
    yield AlarmSpec(
        "token-requests-failed",
        "The issuer answers token requests with 5xx.",
        metrics.own(TOKEN_ISSUER, "failed"),
        threshold=1,
    )


def _ended_runs(watched: WatchedIssuer) -> cloudwatch.MathExpression:
    """Return how many runs ended well; 0 where there was none, for Lambda then says nothing."""
    period = cdk.Duration.hours(watched.rotation_hours)
    return cloudwatch.MathExpression(
        expression="FILL(runs,0)-FILL(errors,0)",
        using_metrics={
            "runs": of_function(watched.rotation, "Invocations", period=period),
            "errors": of_function(watched.rotation, "Errors", period=period),
        },
        period=period,
        label="runs that ended well",
    )
