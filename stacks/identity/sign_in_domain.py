"""StageConfig -> the domain where people sign in, by Cognito's managed login."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from stacks.stage.config import StageConfig

FIRST_BRANDED = "Web"
"""The client whose branding keeps a name without the client's: one client takes one branding, so a
second one under another logical id would not deploy beside the first."""


class SignInDomain(Construct):
    """The pool's OAuth 2.0 endpoints and pages: authorize, token, revoke, userInfo, logout.

    Attributes:
        url: Where they are, "https://<prefix>.auth.<region>.amazoncognito.com".

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
        prefix = config.domain_prefix
        if prefix == "auto":
            # The prefix is taken for everybody in the region: an account's id makes it ours alone,
            # and stays the same when the stack is made again. An account's id is not a secret.
            prefix = f"jwt-authorizer-{config.stage}-{cdk.Aws.ACCOUNT_ID}"
        domain = pool.add_domain(
            "Domain",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=prefix),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )
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
