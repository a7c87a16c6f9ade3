"""StageConfig -> our own issuer: tokens for machines, signed by KMS. Stands before the API's stack.

API Gateway reads an issuer's discovery document when a JWT authorizer is created. So this stack is
complete only once its documents answer: `Custom::IssuerReady` makes the first keys, waits, and has
a signature proved.
"""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from aws_jwt_authorizer.bundling.target import Target
from aws_jwt_authorizer.constructs.acknowledged import acknowledge, wildcard
from aws_jwt_authorizer.function_sources import KEY_ROTATION, TOKEN_ISSUER
from stacks.functions.python_function import FunctionSpec, PythonFunction
from stacks.functions.removal_policy import removal_policy
from stacks.issuer.issuer_api import IssuerApi
from stacks.issuer.issuer_tables import IssuerTables
from stacks.issuer.signing_keys import any_key, may_rotate
from stacks.operations.watched import WatchedIssuer
from stacks.stage.config import StageConfig
from stacks.stage.parts.addresses import IssuerAddress

AUDIENCE = "orders-api"
"""The `aud` of its tokens: the API that they are for."""

ROTATION_PERIOD_DAYS = 30
ROTATION_CHECK_HOURS = 1
ROTATION_ATTEMPTS = 2
READY_MINUTES = 15
# More memory is more CPU: API Gateway gives a cold function 1.5 s to answer discovery.
ISSUER_MEMORY_MB = 1024
ISSUER_TIMEOUT_SECONDS = 20
ROTATION_MEMORY_MB = 512
# A first deployment waits for IAM and KMS: a minute for roles, five for each new key.
ROTATION_TIMEOUT_SECONDS = 840


class IssuerStack(cdk.Stack):
    """The issuer, whole: its API, its keys' rotation, its clients.

    Attributes:
        address: How the API's stack knows its tokens.
        watched: What operations look at.
    """

    def __init__(
        self,
        scope: Construct,
        stack_id: str,
        *,
        env: cdk.Environment,
        config: StageConfig,
        target: Target,
    ) -> None:
        super().__init__(
            scope,
            stack_id,
            env=env,
            tags=config.tags,
            description=f"Token issuer on KMS ({config.stage})",
            termination_protection=config.retain,
        )
        if config.retain and not config.issuer_domain:
            cdk.Annotations.of(self).add_warning_v2(
                "jwt-authorizer:issuer-without-a-name",
                f"context.stages.{config.stage}.issuer_domain is empty: the issuer is known by the "
                "id of its API, and whoever trusts it must change when that id does; give it a "
                "name before anybody depends on it (docs/domains.md)",
            )
        self._config = config
        self._target = target
        self._tables = IssuerTables(self, "Tables", config=config)
        self._api = IssuerApi(self, "Api", config=config)
        urls = self._api.urls
        self.address = IssuerAddress(urls.signed, (AUDIENCE,), other_urls=urls.also_accepted)
        if config.issuer_domain:
            # The API's stack may have imported it, and stops only after this stack is deployed.
            self.export_value(self._api.endpoint)
        issuer = self._token_issuer()
        self._api.serve(issuer.function)
        rotation = self._key_rotation(issuer)
        ready = self._ready(issuer, rotation)
        self._undelivered = undelivered = sqs.Queue(
            self,
            "Undelivered",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=cdk.Duration.days(14),
        )
        acknowledge(
            undelivered,
            "AwsSolutions-SQS3",
            "it is itself where the schedule's undelivered runs end; an alarm watches it",
        )
        self._schedule(rotation, ready)
        self.watched = WatchedIssuer(
            api=self._api.api,
            access_log=self._api.access_log,
            issuer=issuer,
            rotation=rotation,
            rotation_hours=ROTATION_CHECK_HOURS,
            rotation_period_days=ROTATION_PERIOD_DAYS,
            undelivered=undelivered,
        )
        cdk.CfnOutput(self, "IssuerUrl", value=urls.signed)
        if self._api.domain_target:
            cdk.CfnOutput(self, "IssuerDomainTarget", value=self._api.domain_target)
        cdk.CfnOutput(self, "ClientsTable", value=self._tables.clients.table_name)
        cdk.CfnOutput(self, "KeyRotationFunction", value=rotation.function.function_name)

    def _token_issuer(self) -> PythonFunction:
        spec = FunctionSpec(
            TOKEN_ISSUER,
            ISSUER_MEMORY_MB,
            ISSUER_TIMEOUT_SECONDS,
            environment={
                "ISSUER_URL": self._api.urls.signed,
                **_also_answering(self._api),
                "AUDIENCE": AUDIENCE,
                "TOKEN_SECONDS": self._token_seconds,
                "KEY_RING_TABLE": self._tables.key_ring.table_name,
                "CLIENTS_TABLE": self._tables.clients.table_name,
                "RATE_LIMITS_TABLE": self._tables.rate_limits.table_name,
                "STAGE": self._config.stage,
            },
        )
        issuer = PythonFunction(
            self, "TokenIssuer", spec=spec, config=self._config, target=self._target
        )
        self._tables.key_ring.grant(issuer.function, "dynamodb:GetItem")
        self._tables.clients.grant(issuer.function, "dynamodb:GetItem")
        self._tables.rate_limits.grant(issuer.function, "dynamodb:UpdateItem")
        return issuer

    def _key_rotation(self, issuer: PythonFunction) -> PythonFunction:
        spec = FunctionSpec(
            KEY_ROTATION,
            ROTATION_MEMORY_MB,
            ROTATION_TIMEOUT_SECONDS,
            environment={
                "KEY_RING_TABLE": self._tables.key_ring.table_name,
                "KEY_OWNER": self.stack_name,
                "ROTATION_PERIOD_DAYS": str(ROTATION_PERIOD_DAYS),
                "TOKEN_SECONDS": self._token_seconds,
                "ISSUER_FUNCTION": issuer.function.function_name,
                "ISSUER_ROLE": _role_arn(issuer),
                "STAGE": self._config.stage,
            },
        )
        rotation = PythonFunction(
            self, "KeyRotation", spec=spec, config=self._config, target=self._target
        )
        self._tables.key_ring.grant(
            rotation.function, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"
        )
        rotation.function.add_environment("ROTATION_ROLE", _role_arn(rotation))
        for statement in may_rotate(self, self.stack_name):
            rotation.function.add_to_role_policy(statement)
        acknowledge(
            rotation,
            [wildcard(self, "*"), wildcard(self, any_key(self))],
            "keys are made at run time, so no ARN is known: it makes and tags only those that are "
            "for signing and carry this issuer's tag; a key's own policy says who uses it",
        )
        issuer.function.grant_invoke(rotation.function)
        acknowledge(
            rotation,
            wildcard(self, f"{issuer.function.function_arn}:*"),
            "the versions of one function, this issuer's",
        )
        return rotation

    def _ready(self, issuer: PythonFunction, rotation: PythonFunction) -> cdk.CustomResource:
        """Make the first keys, and prove documents and a signature, once all they need is there.

        It runs again whenever one of its properties changes, and so they name what it proves.
        """
        ready = cdk.CustomResource(
            self,
            "Ready",
            resource_type="Custom::IssuerReady",
            service_token=rotation.function.function_arn,
            service_timeout=cdk.Duration.minutes(READY_MINUTES),
            properties={
                "IssuerUrl": self._api.endpoint,
                "KeyRingTable": self._tables.key_ring.table_name,
                "IssuerRole": _role_arn(issuer),
                "IssuerCode": _code_of(issuer),
                "RotationRole": _role_arn(rotation),
                "RotationCode": _code_of(rotation),
                "TokenSeconds": self._token_seconds,
                "RotationPeriodDays": str(ROTATION_PERIOD_DAYS),
            },
            # Deleting it deletes the keys, and with them every client's next token.
            removal_policy=removal_policy(retain=self._config.retain),
        )
        ready.node.add_dependency(issuer, rotation, self._api, self._tables)
        return ready

    def _schedule(self, rotation: PythonFunction, ready: cdk.CustomResource) -> None:
        """Schedule hourly runs: one that has nothing to do costs one read.

        What the schedule cannot deliver is kept, so that somebody hears of it.
        """
        rule = events.Rule(
            self,
            "Schedule",
            description="Rotates the issuer's signing keys when it is time",
            schedule=events.Schedule.rate(cdk.Duration.hours(ROTATION_CHECK_HOURS)),
            targets=[
                targets.LambdaFunction(
                    rotation.function,
                    dead_letter_queue=self._undelivered,
                    retry_attempts=ROTATION_ATTEMPTS,
                )
            ],
        )
        # Made after it and so deleted before it: no run may make keys while they are deleted.
        rule.node.add_dependency(ready)

    @property
    def _token_seconds(self) -> str:
        return str(self._config.token_validity_minutes * 60)


def _role_arn(function: PythonFunction) -> str:
    role = function.function.role
    if role is None:
        raise TypeError("a function that is imported has no role to name")
    return role.role_arn


def _code_of(function: PythonFunction) -> str:
    """Return the object that holds the function's code: its name is the hash of what is inside."""
    resource = function.function.node.default_child
    if not isinstance(resource, lambda_.CfnFunction):
        raise TypeError("a function that is imported has no code to name")
    code = cdk.Stack.of(function).resolve(resource.code)
    return str(code["s3Key"])


def _also_answering(api: IssuerApi) -> dict[str, str]:
    other = api.urls.also_answering
    return {"OTHER_ISSUER_URL": other} if other else {}
