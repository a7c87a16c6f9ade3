"""StageConfig, the access table and the pool -> the function that takes tokens back."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.function_sources import REVOCATIONS
from stacks.functions.python_function import FunctionSpec
from stacks.revocation.entry_lifetime import entry_lifetimes
from stacks.revocation.revocation_table import RevocationTable
from stacks.stage.config import StageConfig
from stacks.stage.config_fields import ConfigInvalid

MEMORY_MB = 256
# The table twice and the pool twice, each given up after some four seconds.
TIMEOUT_SECONDS = 20


class RevocationsBackend:
    """The function's settings and its rights; there is none where no route is answered by it.

    Attributes:
        specs: The function, by its name as a backend.

    Args:
        config: The stage.
        access: The table of the stage.
        pool_id: Of the user pool.
        revocations: The table of what was taken back.
    """

    def __init__(
        self,
        config: StageConfig,
        access: AccessTable,
        pool_id: str,
        revocations: RevocationTable,
    ) -> None:
        self._pool_id = pool_id
        self._pool_region = config.user_pool.region if config.user_pool else None
        self._revocations = revocations
        is_wanted = any(route.backend == REVOCATIONS for route in access.routes)
        self.specs = {REVOCATIONS: self._spec(config, access)} if is_wanted else {}

    def grant(self, functions: Mapping[str, lambda_.Function]) -> None:
        """Let the function add to the list, and end a person's refresh tokens."""
        if not self.specs:
            return
        function = functions[REVOCATIONS]
        self._revocations.table.grant(function, "dynamodb:PutItem")
        pool = cdk.Stack.of(function).format_arn(
            service="cognito-idp",
            region=self._pool_region,
            resource="userpool",
            resource_name=self._pool_id,
        )
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["cognito-idp:AdminUserGlobalSignOut", "cognito-idp:ListUsers"],
                resources=[pool],
            )
        )

    def _spec(self, config: StageConfig, access: AccessTable) -> FunctionSpec:
        own = [issuer.name for issuer in access.issuers if issuer.is_pool]
        if not own:
            raise ConfigInvalid(
                f"context.stages.{config.stage}.revocation is {config.revocation!r}: people are "
                "signed out of a user pool too, and stacks/access.py has none, so set it to 'off'"
            )
        bound = config.authorizer_cache_ttl_seconds + config.revocation_list_age_seconds
        return FunctionSpec(
            REVOCATIONS,
            MEMORY_MB,
            TIMEOUT_SECONDS,
            environment={
                "REVOCATION_TABLE": self._revocations.table.table_name,
                **entry_lifetimes(config, access),
                "REVOCATION_BOUND_SECONDS": str(bound),
                "ISSUER_NAMES": " ".join(issuer.name for issuer in access.issuers),
                "POOL_ISSUER_NAME": own[0],
                "USER_POOL_ID": self._pool_id,
                "STAGE": config.stage,
            },
        )
