"""The access table's clients of one stage -> the pool's. None of them may use the implicit grant.

A client may write what its user may change: never a custom attribute, for rules may rest on one.
"""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from aws_jwt_authorizer.access.clients.kinds import MachineClient, construct_name, scopes_of
from stacks.identity.code_client import (
    CodeClient,
    client_attributes,
    written_attributes,
)
from stacks.identity.federation import Federation
from stacks.identity.user_pool import UserPool
from stacks.stage.app_clients import StageClient
from stacks.stage.config import StageConfig

POOL = cognito.UserPoolClientIdentityProvider.COGNITO


class AppClients(Construct):
    """Who may ask the pool for tokens, beside the page that the API serves.

    Attributes:
        by_name: The clients, by what logical ids and outputs call them: "Web".
        on_pages: Those of them that sign people in on Cognito's pages.
        written: The attributes that people may write through one of them.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: StageConfig,
        users: UserPool,
        clients: Sequence[StageClient],
        federation: Federation,
    ) -> None:
        super().__init__(scope, construct_id)
        self._config = config
        self._users = users
        self._federation = federation
        self.written = written_attributes(config.identity_providers)
        self.by_name = {
            name: self._machine(name, item)
            if isinstance(item.client, MachineClient)
            else self._of_people(name, item)
            for item in clients
            for name in [construct_name(item.client)]
        }
        self.on_pages = {
            name: self.by_name[name]
            for item in clients
            for name in [construct_name(item.client)]
            if item.addresses.callback_urls
        }

    @property
    def ids(self) -> tuple[str, ...]:
        """The clients' ids, as tokens of this app carry them."""
        return tuple(client.user_pool_client_id for client in self.by_name.values())

    def _scopes(self, item: StageClient) -> tuple[cognito.OAuthScope, ...]:
        known = self._users.resource_scopes
        return tuple(known[scope] for scope in scopes_of(item.client, known))

    def _of_people(self, construct_id: str, item: StageClient) -> cognito.UserPoolClient:
        providers = self._federation.providers
        client = CodeClient(
            callback_urls=item.addresses.callback_urls,
            logout_urls=item.addresses.logout_urls,
            resource_scopes=self._scopes(item),
            providers=tuple(provider.provider_name for provider in providers),
            written=self.written,
            name=item.client.name,
            token_minutes=item.token_minutes,
            refresh_days=item.refresh_days,
            password_sign_in=item.addresses.password_sign_in,
        ).create(self, construct_id, pool=self._users.pool, config=self._config)
        client.node.add_dependency(*providers)  # a client may name only providers that there are
        return client

    def _machine(self, construct_id: str, item: StageClient) -> cognito.UserPoolClient:
        minutes = cdk.Duration.minutes(item.token_minutes)
        client = cognito.UserPoolClient(
            self,
            construct_id,
            user_pool=self._users.pool,
            user_pool_client_name=item.client.name,
            generate_secret=True,
            supported_identity_providers=[POOL],
            write_attributes=client_attributes(("email",)),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(client_credentials=True),
                scopes=list(self._scopes(item)),
            ),
            access_token_validity=minutes,
            id_token_validity=minutes,
            enable_token_revocation=True,
            prevent_user_existence_errors=True,
        )
        resource = client.node.default_child
        if not isinstance(resource, cognito.CfnUserPoolClient):
            raise TypeError("the client's default child must be a CfnUserPoolClient")
        # Without any flow Cognito allows SRP and custom sign-in: refresh alone lets nobody in.
        resource.explicit_auth_flows = ["ALLOW_REFRESH_TOKEN_AUTH"]
        return client
