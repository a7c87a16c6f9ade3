"""A metric and a threshold -> an alarm that people can act upon.

Every alarm of this app is made here: its name is a heading of docs/runbook.md, and silence is not
a fault.
"""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.operations.alarm_topic import alarm_topic_arn
from stacks.stage.config import StageConfig

ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
AT_LEAST = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD


@dataclass(frozen=True, slots=True)
class AlarmSpec:
    """When an alarm rings.

    Attributes:
        name: In lower-case words with hyphens: the heading of docs/runbook.md.
        means: What has happened, in one sentence.
        metric: What is measured, with its statistic and its period.
        threshold: In the metric's unit.
        comparison: How the metric stands to the threshold when it rings.
        periods: How many of the metric's periods are looked at.
        periods_to_alarm: How many of these must be beyond the threshold; None for all.
    """

    name: str
    means: str
    metric: cloudwatch.IMetric
    threshold: float
    comparison: cloudwatch.ComparisonOperator = AT_LEAST
    periods: int = 1
    periods_to_alarm: int | None = None


def add_alarm(scope: Construct, spec: AlarmSpec, config: StageConfig) -> cloudwatch.Alarm:
    """Make an alarm that tells the stage's topic when it rings, and when that is over.

    Args:
        scope: Where it stands; its construct id there is made of its name.
        spec: When it rings.
        config: The stage.
    """
    alarm = cloudwatch.Alarm(
        scope,
        "".join(word.title() for word in spec.name.split("-")),
        alarm_name=f"{config.prefix}-{spec.name}",
        alarm_description=f"{spec.means} docs/runbook.md#{spec.name}",
        metric=spec.metric,
        threshold=spec.threshold,
        comparison_operator=spec.comparison,
        evaluation_periods=spec.periods,
        datapoints_to_alarm=spec.periods_to_alarm,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    arn = alarm_topic_arn(alarm, config)
    if arn is not None:
        tell = actions.SnsAction(sns.Topic.from_topic_arn(alarm, "Topic", arn))
        alarm.add_alarm_action(tell)
        alarm.add_ok_action(tell)
    return alarm
