"""Who signs people in -> the function that keeps browsers' tokens, and what it may read."""

from collections.abc import Iterable

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from stacks.browser_sign_in import BrowserSignIn
from stacks.function_sources import SESSION
from stacks.python_function import FunctionSpec

# More memory is more CPU: a person waits while a cold function imports its cryptography.
MEMORY_MB = 512
# Discovery, tokens, keys and the secrets, each given up after some four seconds.
TIMEOUT_SECONDS = 20
ANY_SUFFIX = "-??????"
"""What Secrets Manager adds to the name of a secret in its ARN."""


def session_spec(sign_in: BrowserSignIn, cookie_secret_id: str) -> FunctionSpec:
    """The function.

    Args:
        sign_in: Who signs people in, and as which clients.
        cookie_secret_id: Of the secret that seals cookies.
    """
    return FunctionSpec(
        SESSION,
        MEMORY_MB,
        TIMEOUT_SECONDS,
        environment={**sign_in.backend_environment, "COOKIE_SECRET_ID": cookie_secret_id},
    )


def grant_secrets(function: lambda_.Function, secret_ids: Iterable[str]) -> None:
    """Let the function read these secrets and no others, and do nothing else with them.

    Args:
        function: Who reads.
        secret_ids: Names or ARNs.
    """
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
