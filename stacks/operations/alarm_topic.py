"""StageConfig -> the topic that alarms are sent to, by its name alone.

No stack refers to another one's topic: an alarm may stand before the topic does, and one that
cannot be reached stops nothing but mail.
"""

from aws_cdk import Stack
from constructs import Construct

from stacks.stage.config import StageConfig
from stacks.stage.fields import NO_TOPIC, OWN_TOPIC


def own_topic_name(config: StageConfig) -> str:
    """Return the name of the stage's own topic."""
    return f"{config.prefix}-alarms"


def alarm_topic_arn(scope: Construct, config: StageConfig) -> str | None:
    """Return the topic's ARN, or None if the stage tells nobody."""
    if config.alarm_topic == NO_TOPIC:
        return None
    if config.alarm_topic == OWN_TOPIC:
        return Stack.of(scope).format_arn(service="sns", resource=own_topic_name(config))
    return config.alarm_topic
