from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

from local.cognito.people import (
    DemoUser,
    add_demo_users,
    add_groups_and_scopes,
    cognito_client,
)
from local.cognito.server import CognitoServer
from local.template.local_app import ClientConfig, GroupConfig, PoolConfig, ResourceServerConfig

REGION = "eu-west-1"
CALLBACK = "http://localhost:5173/callback"


def client_config(client_id: str, **changes: object) -> ClientConfig:
    settings: dict[str, object] = {
        "id": client_id,
        "name": client_id,
        "has_secret": False,
        "auth_flows": frozenset(),
        "oauth_flows": frozenset(),
        "oauth_scopes": (),
        "callback_urls": (),
        "access_token_seconds": 600,
        "id_token_seconds": 300,
        "hides_unknown_users": True,
    }
    return ClientConfig(**{**settings, **changes})  # type: ignore[arg-type]


def pool_config(pool_id: str, host: str, *clients: ClientConfig) -> PoolConfig:
    return PoolConfig(
        id=pool_id,
        name="Pool",
        region=REGION,
        account_id="123456789012",
        issuer=f"https://{host}.{REGION}.amazonaws.com/{pool_id}",
        settings={
            "UsernameAttributes": ["email"],
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
            "Policies": {"PasswordPolicy": {"MinimumLength": 14, "RequireSymbols": True}},
        },
        clients=clients,
        groups=(GroupConfig("support", 20), GroupConfig("admins", 10)),
        resource_servers=(ResourceServerConfig("orders", ("read", "write")),),
    )


WEB = client_config(
    "web",
    oauth_flows=frozenset({"code"}),
    oauth_scopes=("openid", "email", "orders/read", "orders/write"),
    callback_urls=(CALLBACK, "http://localhost:5173/other?kept=1"),
)
CLI = client_config("cli", auth_flows=frozenset({"ALLOW_USER_PASSWORD_AUTH"}))
SRP_ONLY = client_config("srp", auth_flows=frozenset({"ALLOW_USER_SRP_AUTH"}))
TELLING = client_config(
    "telling", auth_flows=frozenset({"ALLOW_USER_PASSWORD_AUTH"}), hides_unknown_users=False
)
CONFIDENTIAL = client_config(
    "confidential", has_secret=True, auth_flows=frozenset({"ALLOW_USER_PASSWORD_AUTH"})
)
MACHINE = client_config(
    "machine",
    has_secret=True,
    oauth_flows=frozenset({"client_credentials"}),
    oauth_scopes=("orders/read",),
)
POOL = pool_config(
    f"{REGION}_abc123xyz", "cognito-idp", WEB, CLI, SRP_ONLY, TELLING, CONFIDENTIAL, MACHINE
)
UPDATED_POOL = pool_config(
    f"{REGION}_updated12",
    "issuer-cognito-idp",
    client_config("updated-cli", auth_flows=frozenset({"ALLOW_USER_PASSWORD_AUTH"})),
)


@dataclass(frozen=True)
class Cognito:
    server: CognitoServer
    api: CognitoIdentityProviderClient
    users: dict[str, DemoUser]

    @property
    def machine_secret(self) -> str:
        return self.server.pool(POOL.id).clients["machine"].secret


@pytest.fixture(scope="session")
def cognito() -> Iterator[Cognito]:
    server = CognitoServer([POOL, UPDATED_POOL])
    api = cognito_client(server.url, REGION)
    for pool in (POOL, UPDATED_POOL):
        add_groups_and_scopes(api, pool)
    add_demo_users(api, UPDATED_POOL)
    users = {user.username.partition("@")[0]: user for user in add_demo_users(api, POOL)}
    api.admin_add_user_to_group(
        UserPoolId=POOL.id, Username=users["admin"].username, GroupName="support"
    )
    yield Cognito(server, api, users)
    api.close()
    server.stop()
