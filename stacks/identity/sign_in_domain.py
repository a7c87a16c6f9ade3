"""StageConfig -> the domain where people sign in, by Cognito's managed login."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from stacks.domains.alias_record import alias_record
from stacks.stage.config import StageConfig
from stacks.stage.parts.domain import Domain

FIRST_BRANDED = "Web"
"""The client whose branding keeps a name without the client's: one client takes one branding, so a
second one under another logical id would not deploy beside the first."""


class SignInDomain(Construct):
    """The pool's OAuth 2.0 endpoints and pages: authorize, token, revoke, userInfo, logout.

    Attributes:
        url: Where they are, "https://<prefix>.auth.<region>.amazoncognito.com" or the stage's own
            name.
        target: Where DNS must point the own name; None without one.

    Args:
        clients: Those that sign people in there, by what logical ids call them.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: StageConfig,
        pool: cognito.UserPool,
        clients: Mapping[str, cognito.UserPoolClient],
    ) -> None:
        super().__init__(scope, construct_id)
        self.target: str | None = None
        own = config.sign_in_domain
        domain = self._own(pool, own) if own else _with_prefix(config, pool)
        self.url = domain.base_url()
        # Managed login shows a client's pages only once the client has a branding.
        for name, client in clients.items():
            branding = cognito.CfnManagedLoginBranding(
                self,
                "Branding" if name == FIRST_BRANDED else f"{name}Branding",
                user_pool_id=pool.user_pool_id,
                client_id=client.user_pool_client_id,
                use_cognito_provided_values=True,
            )
            branding.node.add_dependency(domain)

    def _own(self, pool: cognito.UserPool, own: Domain) -> cognito.UserPoolDomain:
        certificate = acm.Certificate.from_certificate_arn(self, "Certificate", own.certificate_arn)
        domain = _domain_of(
            pool,
            custom_domain=cognito.CustomDomainOptions(
                domain_name=own.name, certificate=certificate
            ),
        )
        self.target = domain.cloud_front_endpoint
        if own.hosted_zone:
            alias_record(self, own, targets.UserPoolDomainTarget(domain))
        parent = own.name.partition(".")[2]
        cdk.Annotations.of(self).add_info_v2(
            "jwt-authorizer:sign-in-parent",
            f"sign_in_domain: Cognito takes {own.name} only if {parent} has an A record in DNS, "
            "whatever it says (docs/domains.md)",
        )
        return domain


def _with_prefix(config: StageConfig, pool: cognito.UserPool) -> cognito.UserPoolDomain:
    prefix = config.domain_prefix
    if prefix == "auto":
        # The prefix is taken for everybody in the region: an account's id makes it ours alone, and
        # stays the same when the stack is made again. An account's id is not a secret.
        prefix = f"{config.prefix}-{cdk.Aws.ACCOUNT_ID}"
    return _domain_of(pool, cognito_domain=cognito.CognitoDomainOptions(domain_prefix=prefix))


def _domain_of(
    pool: cognito.UserPool,
    *,
    cognito_domain: cognito.CognitoDomainOptions | None = None,
    custom_domain: cognito.CustomDomainOptions | None = None,
) -> cognito.UserPoolDomain:
    return pool.add_domain(
        "Domain",
        cognito_domain=cognito_domain,
        custom_domain=custom_domain,
        managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    )
