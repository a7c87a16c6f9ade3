"""StageConfig and the table's scopes and groups -> a Cognito user pool with its groups."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from aws_jwt_authorizer.access.pool_names import display_name, server_and_name
from aws_jwt_authorizer.constructs.acknowledged import acknowledge
from stacks.identity.failed_mail import failed_mail_log
from stacks.identity.threat_protection import MODES, add_responses
from stacks.stage.config import StageConfig
from stacks.stage.parts.email_sender import EmailSender

MFA = {
    "off": cognito.Mfa.OFF,
    "optional": cognito.Mfa.OPTIONAL,
    "required": cognito.Mfa.REQUIRED,
}
PLANS = {
    "essentials": cognito.FeaturePlan.ESSENTIALS,
    "plus": cognito.FeaturePlan.PLUS,
}
SHORTEST_PASSWORD = 12
TENANT = "tenant"
LONGEST_TENANT_CHARACTERS = 64


class UserPool(Construct):
    """People and their groups.

    Sign-in aliases and their case rule cannot be changed after creation: a change replaces the
    pool, and its users are lost. A custom attribute cannot be removed: `tenant` is there in every
    stage, whether tokens tell it or not.

    Attributes:
        pool: The pool.
        failed_mail: The log of mails that it could not hand over; None without one.
        resource_scopes: The table's scopes as clients ask for them, by name.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: StageConfig,
        scopes: Mapping[str, str],
        groups: Mapping[str, str],
    ) -> None:
        super().__init__(scope, construct_id)
        self.pool = self._create_pool(config)
        add_responses(self, self.pool, config)
        self.failed_mail = (
            failed_mail_log(self, self.pool, config) if config.log_failed_mail else None
        )
        self._create_groups(groups)
        self.resource_scopes = self._create_resource_servers(scopes)

    def _create_pool(self, config: StageConfig) -> cognito.UserPool:
        pool = cognito.UserPool(
            self,
            "Pool",
            self_sign_up_enabled=config.self_sign_up,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            keep_original=cognito.KeepOriginalAttrs(email=True),
            custom_attributes={
                TENANT: cognito.StringAttribute(mutable=True, max_len=LONGEST_TENANT_CHARACTERS)
            },
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            feature_plan=PLANS[config.feature_plan],
            # Left out where the plan does not have it: Cognito then takes it for off.
            standard_threat_protection_mode=MODES[config.threat_protection]
            if config.feature_plan == "plus"
            else None,
            email=_sender(config.email_sender),
            mfa=MFA[config.mfa],
            mfa_second_factor=None
            if config.mfa == "off"
            else cognito.MfaSecondFactor(sms=False, otp=True, email=False),
            password_policy=cognito.PasswordPolicy(
                min_length=SHORTEST_PASSWORD,
                require_digits=True,
                require_lowercase=True,
                require_symbols=True,
                require_uppercase=True,
                password_history_size=5,
                temp_password_validity=cdk.Duration.days(config.temporary_password_days),
            ),
            deletion_protection=config.retain,
            # Not `removal_policy`: a failed first deployment could not delete what is protected.
            removal_policy=cdk.RemovalPolicy.RETAIN if config.retain else cdk.RemovalPolicy.DESTROY,
        )
        resource = pool.node.default_child
        if not isinstance(resource, cognito.CfnUserPool):
            raise TypeError("the pool's default child must be a CfnUserPool")
        if config.feature_plan != "plus":
            acknowledge(
                pool,
                "AwsSolutions-COG8",
                "Plus is billed for every person who signs in: a pool of accounts with a password "
                "of twelve characters and a second factor by app does without its threat "
                "protection, and the plan can be raised later without a new pool",
            )
        if config.mfa != "required":
            acknowledge(
                pool,
                "AwsSolutions-COG2",
                f"the stage's mfa is {config.mfa}, which its owner has chosen: required asks "
                "everybody for a second factor",
            )
        resource.issuer_configuration = cognito.CfnUserPool.IssuerConfigurationProperty(
            type=config.cognito_issuer.upper()
        )
        return pool

    def _create_groups(self, groups: Mapping[str, str]) -> None:
        for precedence, (name, description) in enumerate(groups.items()):
            cognito.UserPoolGroup(
                self,
                f"Group-{name}",
                user_pool=self.pool,
                group_name=name,
                description=description,
                precedence=precedence,
            )

    def _create_resource_servers(self, scopes: Mapping[str, str]) -> dict[str, cognito.OAuthScope]:
        by_server: dict[str, list[cognito.ResourceServerScope]] = {}
        for scope, description in scopes.items():
            server, name = server_and_name(scope)
            by_server.setdefault(server, []).append(
                cognito.ResourceServerScope(scope_name=name, scope_description=description)
            )
        return {
            f"{server}/{item.scope_name}": cognito.OAuthScope.resource_server(resource, item)
            for server, items in by_server.items()
            for resource in [
                self.pool.add_resource_server(
                    f"ResourceServer-{server}",
                    identifier=server,
                    user_pool_resource_server_name=display_name(server),
                    scopes=items,
                )
            ]
            for item in items
        }


def _sender(sender: EmailSender | None) -> cognito.UserPoolEmail | None:
    if sender is None:
        return None
    return cognito.UserPoolEmail.with_ses(
        from_email=sender.address,
        from_name=sender.name,
        ses_region=sender.region,
        ses_verified_domain=sender.verified_domain,
    )
