"""StageConfig -> the issuer's three tables: one for each thing that another role may touch."""

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from aws_jwt_authorizer.constructs.acknowledged import acknowledge
from stacks.stage.config import StageConfig

NO_RECOVERY = "AwsSolutions-DDB3"
"""The finding that a table cannot be set back to an earlier moment."""


class IssuerTables(Construct):
    """What the issuer remembers.

    Attributes:
        key_ring: One item: the published keys, and when each begins to sign.
        clients: An item a client: its scopes and the hash of its secret.
        rate_limits: An item a bucket; DynamoDB forgets those that are full again.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: StageConfig) -> None:
        super().__init__(scope, construct_id)
        self.key_ring = self._table("KeyRing", "id", retain=config.retain)
        self.clients = self._table("Clients", "client_id", retain=config.retain)
        self.rate_limits = dynamodb.Table(
            self,
            "RateLimits",
            partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute="expires_at",
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        acknowledge(
            self.rate_limits,
            NO_RECOVERY,
            "an item is of use for minutes: a table without items lets everybody begin anew",
        )

    def _table(self, name: str, key: str, *, retain: bool) -> dynamodb.Table:
        table = dynamodb.Table(
            self,
            name,
            partition_key=dynamodb.Attribute(name=key, type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=retain
            ),
            deletion_protection=retain,
            # Not `removal_policy`: a failed first deployment could not delete what is protected.
            removal_policy=cdk.RemovalPolicy.RETAIN if retain else cdk.RemovalPolicy.DESTROY,
        )
        if not retain:
            acknowledge(
                table, NO_RECOVERY, "the stage's retain is false: its data may be lost with it"
            )
        return table
