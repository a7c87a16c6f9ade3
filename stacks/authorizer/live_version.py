"""A function -> its published version behind the alias `live`, which a canary moves.

A version is published whenever the function's code, settings or policy file change, for its name in
the template is their hash; bundles are the same bytes on every machine, and so is that name.
"""

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from aws_jwt_authorizer.constructs.acknowledged import acknowledge, aws_policy
from stacks.functions.removal_policy import removal_policy
from stacks.stage.config import StageConfig

ALIAS = "live"
POLICY = "service-role/AWSCodeDeployRoleForLambdaLimited"
"""CodeDeploy's, which CDK gives to the group's role."""

CANARIES = {
    "10_percent_5_minutes": codedeploy.LambdaDeploymentConfig.CANARY_10_PERCENT_5_MINUTES,
    "10_percent_10_minutes": codedeploy.LambdaDeploymentConfig.CANARY_10_PERCENT_10_MINUTES,
    "10_percent_15_minutes": codedeploy.LambdaDeploymentConfig.CANARY_10_PERCENT_15_MINUTES,
    "10_percent_30_minutes": codedeploy.LambdaDeploymentConfig.CANARY_10_PERCENT_30_MINUTES,
}


class LiveVersion(Construct):
    """The version of a function that callers get.

    Attributes:
        alias: What callers invoke.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        function: lambda_.Function,
        config: StageConfig,
        provisioned_concurrency: int,
    ) -> None:
        super().__init__(scope, construct_id)
        version = function.current_version
        # The version before this one stays, so that the alias can go back to it. One whose
        # deployment has failed does not: Lambda publishes no second version of the same code, and
        # the next try would fail by it.
        version.apply_removal_policy(removal_policy(retain=config.retain))
        self.alias = lambda_.Alias(
            self,
            "Alias",
            alias_name=ALIAS,
            version=version,
            provisioned_concurrent_executions=provisioned_concurrency or None,
        )
        self._config = config

    def roll_back_on(self, *alarms: cloudwatch.Alarm) -> None:
        """Let a canary of the stage take a new version back when an alarm rings.

        The deployment group stands in the stack of the alias, whose update policy names it.

        Args:
            alarms: What says that a version is bad.
        """
        wanted = CANARIES.get(self._config.canary)
        if wanted is None:
            return
        group = codedeploy.LambdaDeploymentGroup(
            self,
            "Canary",
            alias=self.alias,
            deployment_config=wanted,
            alarms=list(alarms),
            auto_rollback=codedeploy.AutoRollbackConfig(
                deployment_in_alarm=True, failed_deployment=True, stopped_deployment=True
            ),
        )
        acknowledge(
            group,
            aws_policy(
                group, iam.ManagedPolicy.from_aws_managed_policy_name(POLICY).managed_policy_arn
            ),
            "AWS keeps this policy in step with what CodeDeploy needs to move an alias",
        )
