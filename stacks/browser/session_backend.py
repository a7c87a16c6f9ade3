"""StageConfig and who signs people in -> the function that keeps browsers' tokens."""

from collections.abc import Iterable

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.function_sources import SESSION
from stacks.browser.browser_sign_in import BrowserSignIn
from stacks.functions.python_function import FunctionSpec
from stacks.revocation.entry_lifetime import entry_lifetimes
from stacks.stage.config import StageConfig

# More memory is more CPU: a person waits while a cold function imports its cryptography.
MEMORY_MB = 512
# Two secrets, the table, discovery, tokens and keys, each given up after some four seconds.
# API Gateway waits for 30.
TIMEOUT_SECONDS = 29
ANY_SUFFIX = "-??????"
"""What Secrets Manager adds to the name of a secret in its ARN."""


class SessionBackend:
    """The function's settings and its rights.

    Args:
        config: The stage.
        access: The table of the stage.
        revocations: The table of what was taken back; sessions that ended stand in it.
    """

    def __init__(
        self, config: StageConfig, access: AccessTable, revocations: dynamodb.ITable
    ) -> None:
        self._config = config
        self._access = access
        self._revocations = revocations

    def spec(self, sign_in: BrowserSignIn, cookie_secret_id: str) -> FunctionSpec:
        """Return the function.

        Args:
            sign_in: Who signs people in, and as which clients.
            cookie_secret_id: Of the secret that seals cookies.
        """
        config = self._config
        return FunctionSpec(
            SESSION,
            MEMORY_MB,
            TIMEOUT_SECONDS,
            environment={
                **sign_in.backend_environment,
                "COOKIE_SECRET_ID": cookie_secret_id,
                "REVOCATION_TABLE": self._revocations.table_name,
                "IDLE_SECONDS": str(config.session_idle_minutes * 60),
                "SESSION_SECONDS": str(config.session_hours * 3600),
                "STAGE": config.stage,
                **self._list_of_revocations(sign_in),
            },
            reserved_concurrency=config.session_reserved_concurrency or None,
        )

    def _list_of_revocations(self, sign_in: BrowserSignIn) -> dict[str, str]:
        """Return what a function is told that has a session's tokens refused."""
        if self._config.revocation == "off":
            return {}
        return {
            **entry_lifetimes(self._config, self._access, sign_in.issuer_name),
            "ISSUER_NAME": sign_in.issuer_name,
        }

    def grant(self, function: lambda_.Function, secret_ids: Iterable[str]) -> None:
        """Let the function use its table and read these secrets, and do nothing else.

        Args:
            function: The backend.
            secret_ids: Names or ARNs.
        """
        self._revocations.grant(function, "dynamodb:GetItem", "dynamodb:PutItem")
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["secretsmanager:GetSecretValue"],
                resources=[_arn(function, secret_id) for secret_id in secret_ids],
            )
        )


def _arn(function: lambda_.Function, secret_id: str) -> str:
    if cdk.Token.is_unresolved(secret_id) or secret_id.startswith("arn:"):
        return secret_id
    return cdk.Stack.of(function).format_arn(
        service="secretsmanager",
        resource="secret",
        resource_name=f"{secret_id}{ANY_SUFFIX}",
        arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
    )
