"""StageConfig -> what the backend that keeps browsers' tokens needs besides its function: a key."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.browser_sign_in import BrowserSignIn
from stacks.config import StageConfig
from stacks.function_sources import SESSION
from stacks.python_function import FunctionSpec

SECRET_CHARACTERS = 64
# More memory is more CPU: a person waits while a cold function imports its cryptography.
MEMORY_MB = 512
# Discovery, tokens, keys and the secret, each given up after some four seconds.
TIMEOUT_SECONDS = 20


class SessionBackend(Construct):
    """The secret that seals cookies, and the function's settings.

    A new value of the secret signs nobody out: the function opens with the one before too. Nothing
    rotates it by itself: Secrets Manager's GetRandomPassword and PutSecretValue do.

    Attributes:
        secret: Random, made by CloudFormation, and in no template.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: StageConfig) -> None:
        super().__init__(scope, construct_id)
        self.secret = secretsmanager.Secret(
            self,
            "CookieSecret",
            description=f"Seals the session cookies of browsers ({config.stage})",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=SECRET_CHARACTERS
            ),
            removal_policy=cdk.RemovalPolicy.RETAIN if config.retain else cdk.RemovalPolicy.DESTROY,
        )

    def spec(self, sign_in: BrowserSignIn) -> FunctionSpec:
        """The function.

        Args:
            sign_in: Who signs people in, and as which client.
        """
        return FunctionSpec(
            SESSION,
            MEMORY_MB,
            TIMEOUT_SECONDS,
            environment={**sign_in.environment, "COOKIE_SECRET_ID": self.secret.secret_arn},
        )

    def grant(self, function: lambda_.Function) -> None:
        """Let the function read this secret and no other, and do nothing else with it."""
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["secretsmanager:GetSecretValue"], resources=[self.secret.secret_arn]
            )
        )
