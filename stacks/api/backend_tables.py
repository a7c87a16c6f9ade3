"""What backends need of tables and secrets -> those of the stage, each made once."""

from collections.abc import Iterable

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from aws_jwt_authorizer.constructs.acknowledged import acknowledge
from aws_jwt_authorizer.needs.needs import (
    Index,
    Key,
    Needs,
    Secret,
    Table,
    key_of,
    variable_of,
)
from stacks.functions.removal_policy import removal_policy
from stacks.stage.config import StageConfig

_TYPES = {
    "string": dynamodb.AttributeType.STRING,
    "number": dynamodb.AttributeType.NUMBER,
    "binary": dynamodb.AttributeType.BINARY,
}
_FOUND_BY_INDEX = frozenset({"Query", "Scan"})


class BackendTables(Construct):
    """Tables and secrets by their names.

    Args:
        every_need: Of all backends; tables of one name are one table.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        every_need: Iterable[Needs],
        config: StageConfig,
    ) -> None:
        super().__init__(scope, construct_id)
        self._config = config
        needs = tuple(every_need)
        tables = {table.name: table for each in needs for table in each.tables}
        secrets = {secret.name: secret for each in needs for secret in each.secrets}
        self._tables = {name: self._table(table) for name, table in sorted(tables.items())}
        self._secrets = {name: self._secret(secret) for name, secret in sorted(secrets.items())}

    def variables(self, needs: Needs) -> dict[str, str]:
        """Return the variables that tell a function what its tables and secrets are called."""
        tables = {variable_of(each): self._tables[each.name].table_name for each in needs.tables}
        secrets = {variable_of(each): self._secrets[each.name].secret_arn for each in needs.secrets}
        return tables | secrets

    def grant(self, function: lambda_.Function, needs: Needs) -> None:
        """Let a function do with them what it says, and nothing else."""
        for table in needs.tables:
            arn = self._tables[table.name].table_arn
            function.add_to_role_policy(_statement(table.actions, [arn]))
            found = [action for action in table.actions if action in _FOUND_BY_INDEX]
            if table.indexes and found:
                arns = [f"{arn}/index/{index.name}" for index in table.indexes]
                function.add_to_role_policy(_statement(found, arns))
        for secret in needs.secrets:
            self._secrets[secret.name].grant_read(function)

    def _table(self, table: Table) -> dynamodb.Table:
        retain = self._config.retain
        made = dynamodb.Table(
            self,
            f"{table.name.title()}Table",
            partition_key=_attribute(table.partition_key),
            sort_key=_attribute(table.sort_key) if table.sort_key is not None else None,
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute=table.expires_at,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=retain
            ),
            deletion_protection=retain,
            # Not `removal_policy`: a failed first deployment could not delete what is protected.
            removal_policy=cdk.RemovalPolicy.RETAIN if retain else cdk.RemovalPolicy.DESTROY,
        )
        for index in table.indexes:
            _add_index(made, index)
        if not retain:
            acknowledge(
                made,
                "AwsSolutions-DDB3",
                "the stage's retain is false: its data may be lost with it",
            )
        return made

    def _secret(self, secret: Secret) -> secretsmanager.Secret:
        made = secretsmanager.Secret(
            self,
            f"{secret.name.title()}Secret",
            description=secret.description,
            removal_policy=removal_policy(retain=self._config.retain),
        )
        acknowledge(
            made,
            "AwsSolutions-SMG4",
            "who it is shared with is the backend's affair, and so is when it is changed",
        )
        return made


def _statement(actions: Iterable[str], arns: list[str]) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=[f"dynamodb:{action}" for action in sorted(actions)],
        resources=arns,
    )


def _add_index(table: dynamodb.Table, index: Index) -> None:
    keys_only = dynamodb.ProjectionType.KEYS_ONLY
    some = dynamodb.ProjectionType.INCLUDE if index.attributes else keys_only
    table.add_global_secondary_index(
        index_name=index.name,
        partition_key=_attribute(index.partition_key),
        sort_key=_attribute(index.sort_key) if index.sort_key is not None else None,
        projection_type=dynamodb.ProjectionType.ALL if index.attributes is None else some,
        non_key_attributes=list(index.attributes) if index.attributes else None,
    )


def _attribute(key: str | Key) -> dynamodb.Attribute:
    named = key_of(key)
    return dynamodb.Attribute(name=named.name, type=_TYPES[named.type])
