"""The authorizer's alias -> the alarms that take a new version of it back.

They look at one minute each, for a canary is short, and tell nobody: whom to tell, and of what, is
said where the stage is watched. Lambda counts every 401 as an error of the function, for that is
how API Gateway is told of one; what remains without those was answered with 500.
"""

from collections.abc import Iterator

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from aws_jwt_authorizer.function_sources import AUTHORIZER
from stacks.stage.config import StageConfig

MINUTE = cdk.Duration.minutes(1)


def rollback_alarms(
    scope: Construct, alias: lambda_.Alias, config: StageConfig
) -> Iterator[cloudwatch.Alarm]:
    """Make what says that the authorizer is bad.

    Args:
        scope: Where they stand: the stack of the alias.
        alias: What API Gateway invokes.
        config: The stage, which is a dimension of the authorizer's own metrics.
    """
    failed = _own("failed", config)
    yield _alarm(
        scope,
        "Failed",
        "A decision failed: an issuer's keys were unavailable, or the authorizer has a fault.",
        failed,
    )
    # Both numbers of a minute are there only when its log has been read: one minute may be wrong.
    yield _alarm(
        scope,
        "Silent",
        "The authorizer does not start, runs out of time or of memory, and decides nothing.",
        cloudwatch.MathExpression(
            expression="FILL(errors,0)-FILL(rejected,0)-FILL(failed,0)",
            using_metrics={
                "errors": alias.metric_errors(period=MINUTE, statistic="Sum"),
                "rejected": _own("rejected", config),
                "failed": failed,
            },
            period=MINUTE,
            label="calls that ended without a decision",
        ),
        minutes=(2, 3),
    )
    yield _alarm(
        scope,
        "Throttled",
        "Lambda has no room for the authorizer.",
        alias.metric_throttles(period=MINUTE, statistic="Sum"),
    )


def _own(name: str, config: StageConfig) -> cloudwatch.Metric:
    """Return a metric of the authorizer, which it writes with each decision."""
    return cloudwatch.Metric(
        namespace=config.metrics_namespace,
        metric_name=name,
        dimensions_map={"service": AUTHORIZER, "stage": config.stage},
        statistic="Sum",
        period=MINUTE,
    )


def _alarm(
    scope: Construct,
    name: str,
    means: str,
    metric: cloudwatch.IMetric,
    minutes: tuple[int, int] = (1, 1),
) -> cloudwatch.Alarm:
    """Make an alarm for a single call in so many minutes of so many."""
    wanted, watched = minutes
    return cloudwatch.Alarm(
        scope,
        f"{name}Alarm",
        alarm_description=f"{means} A canary that is under way is taken back.",
        metric=metric,
        threshold=1,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluation_periods=watched,
        datapoints_to_alarm=wanted,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
