"""A repository and its environments -> the roles that its workflow deploys with.

A role trusts GitHub's tokens for one environment of one repository, and may do one thing: take the
roles that `cdk bootstrap` has made, which deploy for it.
"""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

GITHUB = "token.actions.githubusercontent.com"
"""Issuer of GitHub's tokens ("About security hardening with OpenID Connect", GitHub)."""

AUDIENCE = "sts.amazonaws.com"
"""What configure-aws-credentials asks GitHub's token for."""

BOOTSTRAPPED = ("deploy", "file-publishing", "lookup")
"""What of `cdk bootstrap` a deployment without container images takes."""


class DeployRolesStack(cdk.Stack):
    """The roles of one account.

    Args:
        scope: The app.
        construct_id: Its name.
        repository: OWNER/NAME on GitHub.
        environments: GitHub's environments that deploy into this account, one role for each.
        makes_provider: Whether to make GitHub's identity provider, of which an account has one, or
            to take the one that is there.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        repository: str,
        environments: Sequence[str],
        makes_provider: bool,
    ) -> None:
        super().__init__(scope, construct_id, termination_protection=True)
        arn = self._made_provider() if makes_provider else self._known_provider()
        for environment in environments:
            role = self._role(arn, repository, environment)
            cdk.CfnOutput(self, f"DeployRoleArn{environment.capitalize()}", value=role.role_arn)

    def _known_provider(self) -> str:
        return self.format_arn(
            service="iam", region="", resource="oidc-provider", resource_name=GITHUB
        )

    def _made_provider(self) -> str:
        made = iam.OidcProviderNative(
            self, "GitHub", url=f"https://{GITHUB}", client_ids=[AUDIENCE]
        )
        return made.oidc_provider_arn

    def _role(self, provider_arn: str, repository: str, environment: str) -> iam.Role:
        claims = {
            f"{GITHUB}:aud": AUDIENCE,
            f"{GITHUB}:sub": f"repo:{repository}:environment:{environment}",
        }
        role = iam.Role(
            self,
            f"Deploy{environment.capitalize()}",
            description=f"Deploys from {repository}, environment {environment}",
            assumed_by=iam.WebIdentityPrincipal(provider_arn, {"StringEquals": claims}),
            max_session_duration=cdk.Duration.hours(1),
        )
        role.add_to_policy(
            iam.PolicyStatement(actions=["sts:AssumeRole"], resources=self._bootstrapped())
        )
        return role

    def _bootstrapped(self) -> list[str]:
        qualifier = cdk.DefaultStackSynthesizer.DEFAULT_QUALIFIER
        return [
            self.format_arn(
                service="iam",
                region="",
                resource="role",
                resource_name=f"cdk-{qualifier}-{name}-role-{self.account}-{self.region}",
            )
            for name in BOOTSTRAPPED
        ]
