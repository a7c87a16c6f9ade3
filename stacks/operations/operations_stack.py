"""StageConfig -> the stack that people look at: who is told, and of what."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from stacks.operations.alarm_topic import own_topic_name
from stacks.stage.config import OWN_TOPIC, StageConfig


class OperationsStack(cdk.Stack):
    """Everything that watches and decides nothing: it can be deleted and made again."""

    def __init__(
        self, scope: Construct, stack_id: str, *, env: cdk.Environment, config: StageConfig
    ) -> None:
        super().__init__(scope, stack_id, env=env, description=f"Alarms ({config.stage})")
        if config.alarm_topic == OWN_TOPIC:
            self._own_topic(config)

    def _own_topic(self, config: StageConfig) -> None:
        topic = sns.Topic(self, "AlarmTopic", topic_name=own_topic_name(config), enforce_ssl=True)
        # A policy of one's own takes the place of the one that lets the account publish.
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsPublish",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": self.account}},
            )
        )
        for address in config.alarm_emails:
            topic.add_subscription(subscriptions.EmailSubscription(address))
        cdk.CfnOutput(self, "AlarmTopicArn", value=topic.topic_arn)
