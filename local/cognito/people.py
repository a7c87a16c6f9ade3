"""The pool's groups, resource servers and demo users, by Cognito's own API."""

import secrets
import string
from dataclasses import dataclass, field

import boto3
from botocore.config import Config
from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

from local.template.pool_config import PoolConfig

_PASSWORD_LENGTH = 20
_SYMBOLS = "-_.+"
_DEMO_USERS = {"admin": ("admins",), "support": ("support",), "buyer": ("buyers",), "user": ()}
_TENANTS = {"admin": "acme", "support": "globex"}


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A person who can sign in; made anew at every start."""

    username: str
    password: str = field(repr=False)
    groups: tuple[str, ...]
    tenant: str | None = None


def cognito_client(endpoint_url: str, region: str) -> CognitoIdentityProviderClient:
    """An SDK client for the local endpoint.

    It never looks for this user's AWS credentials, and sends its passwords to no proxy.
    """
    session = boto3.session.Session(
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 - moto wants some value and checks none
        region_name=region,
    )
    return session.client("cognito-idp", endpoint_url=endpoint_url, config=Config(proxies={}))


def add_groups_and_scopes(client: CognitoIdentityProviderClient, pool: PoolConfig) -> None:
    """Make the pool's groups and resource servers as the template has them."""
    for group in pool.groups:
        client.create_group(
            UserPoolId=pool.id,
            GroupName=group.name,
            Precedence=min(group.precedence, 2**31 - 1),
            **({"RoleArn": group.role_arn} if group.role_arn else {}),
        )
    for server in pool.resource_servers:
        client.create_resource_server(
            UserPoolId=pool.id,
            Identifier=server.identifier,
            Name=server.identifier,
            Scopes=[{"ScopeName": name, "ScopeDescription": name} for name in server.scope_names],
        )


def add_demo_users(client: CognitoIdentityProviderClient, pool: PoolConfig) -> tuple[DemoUser, ...]:
    """Make an admin, a support agent, a buyer and a plain user, each with a new password.

    A group or tenant that the pool does not have is left out.
    """
    existing = {group.name for group in pool.groups}
    with_tenants = "tenant" in _custom_attributes(pool)
    users = tuple(
        DemoUser(
            username=f"{name}@example.com",
            password=_password(),
            groups=tuple(group for group in groups if group in existing),
            tenant=_TENANTS.get(name) if with_tenants else None,
        )
        for name, groups in _DEMO_USERS.items()
    )
    for user in users:
        client.admin_create_user(
            UserPoolId=pool.id,
            Username=user.username,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": name, "Value": value} for name, value in _attributes(user).items()
            ],
        )
        client.admin_set_user_password(
            UserPoolId=pool.id, Username=user.username, Password=user.password, Permanent=True
        )
        for group in user.groups:
            client.admin_add_user_to_group(
                UserPoolId=pool.id, Username=user.username, GroupName=group
            )
    return users


def _attributes(user: DemoUser) -> dict[str, str]:
    return {
        "email_verified": "true",
        **({"custom:tenant": user.tenant} if user.tenant else {}),
    }


def _custom_attributes(pool: PoolConfig) -> list[str]:
    schema = pool.settings["Schema"]
    attributes = schema if isinstance(schema, list) else []
    return [str(item["Name"]) for item in attributes if isinstance(item, dict)]


def _password() -> str:
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits, _SYMBOLS)
    characters = [secrets.choice(kind) for kind in kinds]
    everything = "".join(kinds)
    characters += [secrets.choice(everything) for _ in range(_PASSWORD_LENGTH - len(kinds))]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)
