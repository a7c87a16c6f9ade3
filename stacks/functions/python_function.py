"""A bundled function -> a Lambda function with a role and a log group of its own.

The role may write to that log group and do nothing else; who needs more grants it by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from aws_jwt_authorizer.bundling.bundle import Bundle
from aws_jwt_authorizer.bundling.function_code import function_code
from aws_jwt_authorizer.bundling.lambda_machine import architecture, runtime
from aws_jwt_authorizer.bundling.target import Target
from aws_jwt_authorizer.constructs.acknowledged import acknowledge
from aws_jwt_authorizer.function_sources import LAMBDA_SRC
from stacks.functions.log_group import stage_log_group
from stacks.stage.app_name import DEFAULT_APP_NAME
from stacks.stage.config import StageConfig


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """What is deployed as one function.

    Attributes:
        name: The name of the function's folder.
        memory_mb: Memory in MB; Lambda gives CPU in proportion.
        timeout_seconds: How long one call may take.
        environment: Variables besides those that every function has.
        files: Further files, text by path below the bundle's root.
        modules: Shared modules that the function is told to import.
        reserved_concurrency: Environments kept for it, which it cannot exceed; None for none.
        snap_start: Whether its versions start from a snapshot.
        folder: Where the function's folder is.
    """

    name: str
    memory_mb: int
    timeout_seconds: int
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    modules: tuple[str, ...] = ()
    reserved_concurrency: int | None = None
    snap_start: bool = False
    folder: Path = LAMBDA_SRC


class PythonFunction(Construct):
    """One folder with a `handler.py`, deployed.

    Attributes:
        function: The Lambda function.
        log_group: Where it logs.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: FunctionSpec,
        config: StageConfig,
        target: Target,
    ) -> None:
        super().__init__(scope, construct_id)
        self.log_group: logs.LogGroup = stage_log_group(self, "Logs", config)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.log_group.grant_write(role)
        bundle = Bundle(spec.name, target, spec.files, spec.folder, spec.modules)
        with function_code(bundle) as code:
            self.function = lambda_.Function(
                self,
                "Function",
                runtime=runtime(target),
                architecture=architecture(target),
                handler=f"{spec.name}.handler.handler",
                code=code,
                role=role,
                log_group=self.log_group,
                memory_size=spec.memory_mb,
                timeout=cdk.Duration.seconds(spec.timeout_seconds),
                reserved_concurrent_executions=spec.reserved_concurrency,
                snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if spec.snap_start else None,
                environment={
                    "POWERTOOLS_SERVICE_NAME": spec.name,
                    "POWERTOOLS_LOG_LEVEL": config.log_level,
                    **_metrics(config),
                    **spec.environment,
                },
            )
        if not target.is_lambda:
            acknowledge(
                self.function,
                "AwsSolutions-L1",
                "it runs under the Python of this machine and is never deployed",
            )
        if spec.snap_start:
            cdk.Annotations.of(self.function).acknowledge_warning(
                "@aws-cdk/aws-lambda:snapStartRequirePublish",
                "callers invoke a published version",
            )


def _metrics(config: StageConfig) -> Mapping[str, str]:
    """Return the namespace of a function's metrics, unless it is the one that it takes itself."""
    if config.app_name == DEFAULT_APP_NAME:
        return {}
    return {"POWERTOOLS_METRICS_NAMESPACE": config.metrics_namespace}
