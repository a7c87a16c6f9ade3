"""The pool's confidential client -> the backend's two secrets, and the function that rotates them.

Cognito draws the client's secret. The function fetches it into Secrets Manager, so that it passes
through no template, no variable and no answer of CloudFormation. Secrets Manager runs the first
rotation when the stack is deployed; until it is done the backend answers 503.
"""

from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from aws_jwt_authorizer.bundling.target import Target
from aws_jwt_authorizer.function_sources import SECRET_ROTATION
from stacks.browser.browser_sign_in import BackendClient
from stacks.functions.python_function import FunctionSpec, PythonFunction
from stacks.functions.removal_policy import removal_policy
from stacks.stage.config import StageConfig

SECRET_CHARACTERS = 64
ROTATION_DAYS = 30
"""A cookie opens while its key is one of the newest two, so no session may live for longer."""

MEMORY_MB = 256
TIMEOUT_SECONDS = 60
CLIENT_SECRET_KEY = "client_secret"  # noqa: S105  # the key of a JSON object
_STEPS = (
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecretVersionStage",
)


@dataclass(frozen=True, slots=True)
class PoolClient:
    """A confidential app client.

    Attributes:
        pool_id: Of its user pool.
        client_id: Its own.
    """

    pool_id: str
    client_id: str


class BrowserSecrets(Construct):
    """Both secrets, and their rotation.

    Attributes:
        cookie: Seals cookies: random, made by CloudFormation, and in no template.
        client: What the pool's client proves itself with; None if another issuer signs people in.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: StageConfig,
        target: Target,
        client: PoolClient | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.cookie = self._secret(
            "Cookie",
            f"Seals the session cookies of browsers ({config.stage})",
            retain=config.retain,
        )
        # Nothing is known before the first rotation: until then it is nobody's secret.
        self.client = (
            self._secret(
                "Client", f"Proves who keeps browsers' tokens ({config.stage})", retain=False
            )
            if client
            else None
        )
        environment = {"COOKIE_SECRET_ID": self.cookie.secret_arn}
        if client and self.client:
            environment |= {
                "CLIENT_SECRET_ID": self.client.secret_arn,
                "USER_POOL_ID": client.pool_id,
                "CLIENT_ID": client.client_id,
            }
        spec = FunctionSpec(SECRET_ROTATION, MEMORY_MB, TIMEOUT_SECONDS, environment=environment)
        self.rotation = rotation = PythonFunction(
            self, "Rotation", spec=spec, config=config, target=target
        )
        self._rotate(rotation, "Cookie", self.cookie, at_once=False)
        if client and self.client:
            rotation.function.add_to_role_policy(
                iam.PolicyStatement(
                    actions=["cognito-idp:DescribeUserPoolClient"],
                    resources=[_pool_arn(self, client.pool_id)],
                )
            )
            self._rotate(rotation, "Client", self.client, at_once=True)

    def backend_client(self, client: PoolClient) -> BackendClient:
        """Return the pool's client, as the backend is told of it.

        Raises:
            ValueError: These are the secrets of another issuer's client.
        """
        if self.client is None:
            raise ValueError("another issuer signs people in")
        return BackendClient(
            client.client_id, "client_secret", self.client.secret_arn, CLIENT_SECRET_KEY
        )

    def _secret(self, name: str, description: str, *, retain: bool) -> secretsmanager.Secret:
        return secretsmanager.Secret(
            self,
            f"{name}Secret",
            description=description,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=SECRET_CHARACTERS
            ),
            removal_policy=removal_policy(retain=retain),
        )

    def _rotate(
        self, rotation: PythonFunction, name: str, secret: secretsmanager.Secret, *, at_once: bool
    ) -> None:
        function = rotation.function
        function.add_to_role_policy(
            iam.PolicyStatement(actions=list(_STEPS), resources=[secret.secret_arn])
        )
        function.add_permission(
            f"{name}Rotates",
            principal=iam.ServicePrincipal("secretsmanager.amazonaws.com"),
            source_arn=secret.secret_arn,
        )
        schedule = secretsmanager.CfnRotationSchedule(
            self,
            f"{name}Schedule",
            secret_id=secret.secret_arn,
            rotation_lambda_arn=function.function_arn,
            rotation_rules=secretsmanager.CfnRotationSchedule.RotationRulesProperty(
                automatically_after_days=ROTATION_DAYS
            ),
            rotate_immediately_on_update=at_once,
        )
        # Secrets Manager calls the function when the schedule is made.
        schedule.node.add_dependency(rotation)


def _pool_arn(scope: Construct, pool_id: str) -> str:
    return cdk.Stack.of(scope).format_arn(
        service="cognito-idp", resource="userpool", resource_name=pool_id
    )
