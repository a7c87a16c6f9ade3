"""What the other stacks hand over -> the stack that people look at, and that tells them."""

from collections.abc import Iterator

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from stacks.operations.alarm import AlarmSpec, add_alarm
from stacks.operations.alarm_topic import own_topic_name
from stacks.operations.api_alarms import api_alarms
from stacks.operations.dashboard import alarm_row, api_rows, issuer_rows
from stacks.operations.issuer_alarms import issuer_alarms
from stacks.operations.metrics import StageMetrics
from stacks.operations.pool_alarms import pool_alarms
from stacks.operations.saved_queries import add_query, api_queries, issuer_queries
from stacks.operations.watched import WatchedApi, WatchedIssuer, WatchedPool
from stacks.stage.config import StageConfig
from stacks.stage.fields import OWN_TOPIC

LEVELS_WITH_DECISIONS = ("DEBUG", "INFO")


class OperationsStack(cdk.Stack):
    """Everything that watches and decides nothing: it can be deleted and made again."""

    def __init__(  # keyword-only: what it is made of
        self,
        scope: Construct,
        stack_id: str,
        *,
        env: cdk.Environment,
        config: StageConfig,
        api: WatchedApi,
        pool: WatchedPool,
        issuer: WatchedIssuer | None,
    ) -> None:
        super().__init__(
            scope,
            stack_id,
            env=env,
            tags=config.tags,
            description=f"Alarms and dashboard ({config.stage})",
        )
        self._config = config
        metrics = StageMetrics(config)
        for watched in (api, issuer) if issuer else (api,):
            # Made again under another id, it would leave alarms that can never ring.
            cdk.CrossStackReferences.of(watched.api).produce(cdk.ReferenceStrength.STRONG)
        alarms = [add_alarm(self, spec, config) for spec in _alarms(api, pool, issuer, metrics)]
        dashboard = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=config.prefix)
        dashboard.add_widgets(*alarm_row(alarms))
        for row in api_rows(api, metrics):
            dashboard.add_widgets(*row)
        for row in issuer_rows(issuer, metrics) if issuer else ():
            dashboard.add_widgets(*row)
        for query in api_queries(api):
            add_query(self, query, config)
        for query in issuer_queries(issuer) if issuer else ():
            add_query(self, query, config)
        if config.alarm_topic == OWN_TOPIC:
            self._own_topic()
        self._say_what_is_missing()

    def _own_topic(self) -> None:
        topic = sns.Topic(
            self, "AlarmTopic", topic_name=own_topic_name(self._config), enforce_ssl=True
        )
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
        for address in self._config.alarm_emails:
            topic.add_subscription(subscriptions.EmailSubscription(address))
        cdk.CfnOutput(self, "AlarmTopicArn", value=topic.topic_arn)

    def _say_what_is_missing(self) -> None:
        config = self._config
        path = f"context.stages.{config.stage}"
        if config.log_level not in LEVELS_WITH_DECISIONS:
            cdk.Annotations.of(self).add_warning_v2(
                "jwt-authorizer:decisions-not-logged",
                f"{path}.log_level is {config.log_level}: no decision is logged, so no query finds "
                "one; INFO logs them",
            )
        if config.alarm_topic == OWN_TOPIC and not config.alarm_emails:
            cdk.Annotations.of(self).add_info_v2(
                "jwt-authorizer:nobody-told",
                f"{path}.alarm_emails is empty: alarms tell whoever subscribes to "
                f"{own_topic_name(config)}",
            )


def _alarms(
    api: WatchedApi, pool: WatchedPool, issuer: WatchedIssuer | None, metrics: StageMetrics
) -> Iterator[AlarmSpec]:
    yield from api_alarms(api, metrics)
    yield from pool_alarms(pool)
    if issuer:
        yield from issuer_alarms(issuer, metrics)
