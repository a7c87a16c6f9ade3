"""StageConfig -> the pool's three app clients. None of them may use the implicit grant.

A client may write what its user may change: never a custom attribute, for rules may rest on one.
"""

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from stacks.identity.code_client import (
    OWN_ATTRIBUTES,
    ROTATION_GRACE_SECONDS,
    SIGN_IN_MINUTES,
    CodeClient,
    client_attributes,
    written_attributes,
)
from stacks.identity.federation import Federation
from stacks.identity.user_pool import UserPool
from stacks.stage.config import StageConfig

POOL = cognito.UserPoolClientIdentityProvider.COGNITO


class AppClients(Construct):
    """Who may ask the pool for tokens.

    Attributes:
        web: Public; authorization code, for which a public client must use PKCE.
        cli: Public; SRP or password, no browser.
        machine: Confidential; client credentials, the scopes that the table gives it.
        written: The attributes that people may write through one of them.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: StageConfig,
        users: UserPool,
        machine_scopes: tuple[str, ...],
        federation: Federation,
    ) -> None:
        super().__init__(scope, construct_id)
        self._config = config
        self._users = users
        self._machine_scopes = machine_scopes
        self._federation = federation
        self.written = written_attributes(config.identity_providers)
        self.web = self._web()
        self.cli = self._cli()
        self.machine = self._machine()

    @property
    def ids(self) -> tuple[str, ...]:
        """The three client ids, as tokens of this app carry them."""
        clients = (self.web, self.cli, self.machine)
        return tuple(client.user_pool_client_id for client in clients)

    def _web(self) -> cognito.UserPoolClient:
        providers = self._federation.providers
        client = CodeClient(
            callback_urls=self._config.callback_urls,
            logout_urls=self._config.logout_urls,
            resource_scopes=tuple(self._users.resource_scopes.values()),
            providers=tuple(item.provider_name for item in providers),
            written=self.written,
        ).create(self, "Web", pool=self._users.pool, config=self._config)
        client.node.add_dependency(*providers)  # a client may name only providers that there are
        return client

    def _cli(self) -> cognito.UserPoolClient:
        config = self._config
        return cognito.UserPoolClient(
            self,
            "Cli",
            user_pool=self._users.pool,
            generate_secret=False,
            supported_identity_providers=[POOL],
            write_attributes=client_attributes(OWN_ATTRIBUTES),
            auth_flows=cognito.AuthFlow(user_srp=True, user_password=True),
            disable_o_auth=True,
            access_token_validity=cdk.Duration.minutes(config.token_validity_minutes),
            id_token_validity=cdk.Duration.minutes(config.token_validity_minutes),
            refresh_token_validity=cdk.Duration.days(config.refresh_token_days),
            refresh_token_rotation_grace_period=cdk.Duration.seconds(ROTATION_GRACE_SECONDS),
            auth_session_validity=cdk.Duration.minutes(SIGN_IN_MINUTES),
            enable_token_revocation=True,
            prevent_user_existence_errors=True,
        )

    def _machine(self) -> cognito.UserPoolClient:
        config = self._config
        client = cognito.UserPoolClient(
            self,
            "Machine",
            user_pool=self._users.pool,
            generate_secret=True,
            supported_identity_providers=[POOL],
            write_attributes=client_attributes(("email",)),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(client_credentials=True),
                scopes=[self._users.resource_scopes[scope] for scope in self._machine_scopes],
            ),
            access_token_validity=cdk.Duration.minutes(config.token_validity_minutes),
            id_token_validity=cdk.Duration.minutes(config.token_validity_minutes),
            enable_token_revocation=True,
            prevent_user_existence_errors=True,
        )
        resource = client.node.default_child
        if not isinstance(resource, cognito.CfnUserPoolClient):
            raise TypeError("the client's default child must be a CfnUserPoolClient")
        # Without any flow Cognito allows SRP and custom sign-in: refresh alone lets nobody in.
        resource.explicit_auth_flows = ["ALLOW_REFRESH_TOKEN_AUTH"]
        return client
