"""The pool's groups, resource servers and first users, by Cognito's own API."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from threading import Lock

import boto3
from botocore.config import Config
from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

from local.template.pool_config import PoolConfig


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A person who can sign in, with attributes by their names in the pool."""

    username: str
    password: str = field(repr=False)
    groups: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)


def cognito_client(endpoint_url: str, region: str) -> CognitoIdentityProviderClient:
    """Return an SDK client for the local endpoint.

    It never looks for this user's AWS credentials, and sends its passwords to no proxy.
    """
    with _ONE_AT_A_TIME:
        return _session().client(
            "cognito-idp", region, endpoint_url=endpoint_url, config=Config(proxies={})
        )


_ONE_AT_A_TIME = Lock()
"""A session must not make two clients at once (boto3, "Multithreading with clients")."""


@cache
def _session() -> boto3.session.Session:
    """Share one session: it reads the descriptions of services once, which are megabytes."""
    return boto3.session.Session(
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 - moto wants some value and checks none
    )


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


def add_users(
    client: CognitoIdentityProviderClient, pool_id: str, users: Iterable[DemoUser]
) -> None:
    """Make people who can sign in; the pool has their groups and attributes."""
    for user in users:
        client.admin_create_user(
            UserPoolId=pool_id,
            Username=user.username,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": name, "Value": value} for name, value in user.attributes.items()
            ],
        )
        client.admin_set_user_password(
            UserPoolId=pool_id, Username=user.username, Password=user.password, Permanent=True
        )
        for group in user.groups:
            client.admin_add_user_to_group(
                UserPoolId=pool_id, Username=user.username, GroupName=group
            )
