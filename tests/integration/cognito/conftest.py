import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from moto.cognitoidp.models import cognitoidp_backends
from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

from local.cognito.demo_users import (
    DemoUser,
    add_groups_and_scopes,
    add_users,
    cognito_client,
)
from local.cognito.pool import SignedPool
from local.cognito.pre_token import Invoke
from local.cognito.wsgi_app import CognitoApp, no_function
from local.loopback.listener import listen_on_loopback, url_of
from local.loopback.wsgi_server import WsgiServer
from local.stack.drawn import Drawn
from local.template.pool_config import ClientConfig, GroupConfig, PoolConfig, ResourceServerConfig
from local.this_app.people import demo_users

REGION = "eu-west-1"
CALLBACK = "http://localhost:5173/callback"
SIGNED_OUT = "http://localhost:5173/"
GRACE_SECONDS = 10
REFRESH_SECONDS = 7200


def client_config(client_id: str, **changes: object) -> ClientConfig:
    settings: dict[str, object] = {
        "id": client_id,
        "name": client_id,
        "has_secret": False,
        "auth_flows": frozenset(),
        "oauth_flows": frozenset(),
        "oauth_scopes": (),
        "callback_urls": (),
        "logout_urls": (),
        "access_token_seconds": 600,
        "id_token_seconds": 300,
        "refresh_token_seconds": REFRESH_SECONDS,
        "rotation_grace_seconds": None,
        "auth_session_seconds": 180,
        "readable_attributes": None,
        "hides_unknown_users": True,
    }
    return ClientConfig(**{**settings, **changes})  # type: ignore[arg-type]


def pool_config(
    pool_id: str, *clients: ClientConfig, host: str = "cognito-idp", case_sensitive: bool = False
) -> PoolConfig:
    region = pool_id.partition("_")[0]
    return PoolConfig(
        id=pool_id,
        name="Pool",
        region=region,
        account_id="111122223333",
        issuer=f"https://{host}.{region}.amazonaws.com/{pool_id}",
        settings={
            "UsernameAttributes": ["email"],
            "UsernameConfiguration": {"CaseSensitive": case_sensitive},
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
            "Policies": {"PasswordPolicy": {"MinimumLength": 14, "RequireSymbols": True}},
            "Schema": [{"Name": "tenant", "AttributeDataType": "String"}],
        },
        pre_token=None,
        clients=clients,
        groups=(
            GroupConfig("support", 20, None),
            GroupConfig("admins", 10, "arn:aws:iam::111122223333:role/admins"),
        ),
        resource_servers=(ResourceServerConfig("orders", ("read", "write")),),
    )


PASSWORD = frozenset({"ALLOW_USER_PASSWORD_AUTH"})
REFRESHING = PASSWORD | {"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"}
WEB = client_config(
    "web",
    oauth_flows=frozenset({"code"}),
    oauth_scopes=(
        "openid",
        "email",
        "profile",
        "aws.cognito.signin.user.admin",
        "orders/read",
        "orders/write",
    ),
    callback_urls=(CALLBACK, "http://localhost:5173/other?kept=1&empty=", "myapp://signed-in"),
    logout_urls=(SIGNED_OUT,),
    rotation_grace_seconds=GRACE_SECONDS,
)
SECOND_WEB = client_config(
    "second-web",
    oauth_flows=frozenset({"code"}),
    oauth_scopes=("openid",),
    callback_urls=("http://localhost:5174/",),
    readable_attributes=frozenset({"email", "custom:tenant"}),
)
CLI = client_config("cli", auth_flows=PASSWORD, rotation_grace_seconds=GRACE_SECONDS)
PLAIN = client_config("plain", auth_flows=REFRESHING)
NO_REFRESH = client_config("no-refresh", auth_flows=PASSWORD)
SRP_ONLY = client_config("srp", auth_flows=frozenset({"ALLOW_USER_SRP_AUTH"}))
TELLING = client_config("telling", auth_flows=PASSWORD, hides_unknown_users=False)
CONFIDENTIAL = client_config("confidential", has_secret=True, auth_flows=REFRESHING)
MACHINE = client_config(
    "machine",
    has_secret=True,
    oauth_flows=frozenset({"client_credentials"}),
    oauth_scopes=("orders/read",),
)
CLIENTS = (
    WEB,
    SECOND_WEB,
    CLI,
    PLAIN,
    NO_REFRESH,
    SRP_ONLY,
    TELLING,
    CONFIDENTIAL,
    MACHINE,
)
POOL = pool_config(f"{REGION}_abc123xyz", *CLIENTS)
UPDATED_POOL = pool_config(
    f"{REGION}_updated12",
    client_config("updated-cli", auth_flows=PASSWORD),
    host="issuer-cognito-idp",
    case_sensitive=True,
)


@dataclass
class Clock:
    """Seconds since the epoch, moved by a test."""

    now: float = field(default_factory=time.time)

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True)
class Cognito:
    server: CognitoApp
    api: CognitoIdentityProviderClient
    users: dict[str, DemoUser]
    pool: SignedPool
    clock: Clock

    def secret(self, client_id: str) -> str:
        return self.pool.clients[client_id].secret

    @property
    def machine_secret(self) -> str:
        return self.secret("machine")


def serve(
    pool: PoolConfig,
    *others: PoolConfig,
    invoke: Invoke = no_function,
    clock: Clock | None = None,
) -> Iterator[Cognito]:
    # moto has one backend a region in a process: whoever was served before comes back in the end.
    backends = cognitoidp_backends[pool.account_id]
    before = backends[pool.region]
    listener = listen_on_loopback()
    server = CognitoApp([pool, *others], url_of(listener), invoke, clock or time.time)
    http = WsgiServer(server, listener)
    api = cognito_client(server.url, pool.region)
    try:
        users: dict[str, DemoUser] = {}
        for config in (*others, pool):
            people = demo_users(config, Drawn.anew())
            add_groups_and_scopes(api, config)
            add_users(api, config.id, people)
            users = {user.username.partition("@")[0]: user for user in people}
        api.admin_add_user_to_group(
            UserPoolId=pool.id, Username=users["admin"].username, GroupName="support"
        )
        yield Cognito(server, api, users, server.pool(pool.id), clock or Clock())
    finally:
        api.close()
        http.stop()
        backends[pool.region] = before


@pytest.fixture(scope="session")
def cognito() -> Iterator[Cognito]:
    """Two pools at the time that it is."""
    yield from serve(POOL, UPDATED_POOL)


@pytest.fixture
def clocked() -> Iterator[Cognito]:
    """A pool whose time a test moves."""
    yield from serve(pool_config("eu-central-1_clocked12", *CLIENTS), clock=Clock())
