"""StageConfig -> the one table of what was taken back: sessions that ended, and tokens."""

from functools import cached_property

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from aws_jwt_authorizer.constructs.acknowledged import acknowledge
from stacks.functions.removal_policy import removal_policy
from stacks.stage.config import StageConfig

REVOCATIONS = "revocations"
"""The list that the authorizer reads; each session that ended is a list of its own."""


class RevocationTable(Construct):
    """Whom it belongs to: the session backend, and a stage with revocation."""

    def __init__(self, scope: Construct, construct_id: str, *, config: StageConfig) -> None:
        super().__init__(scope, construct_id)
        self._config = config

    @cached_property
    def table(self) -> dynamodb.Table:
        """An item each for what was taken back; in the template once anybody uses it.

        DynamoDB forgets an item when what it takes back would be over anyway.
        """
        table = dynamodb.Table(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name="list", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="entry", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute="expires_at",
            removal_policy=removal_policy(retain=self._config.retain),
        )
        acknowledge(
            table,
            "AwsSolutions-DDB3",
            "an item matters until its session or its tokens would be over anyway: what is lost of "
            "them mends itself within session_hours",
        )
        return table

    def let_read(self, function: lambda_.Function) -> None:
        """Let a function read the list of revocations, and nothing of the sessions beside it."""
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["dynamodb:Query"],
                resources=[self.table.table_arn],
                conditions={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [REVOCATIONS]}},
            )
        )
