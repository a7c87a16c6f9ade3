"""The table's app clients -> what is wrong with them, each in words.

What a stage says of a client is for the stage (`stacks.stage.app_clients`). The limits are those of
CreateUserPoolClient in the Amazon Cognito user pools API reference, and of "Quotas in Amazon
Cognito" in its guide.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from aws_jwt_authorizer.access.clients.kinds import (
    ALL_SCOPES,
    AppClient,
    MachineClient,
    NativeClient,
    construct_name,
    scopes_of,
)
from aws_jwt_authorizer.access.pool_names import STANDARD_SCOPES
from aws_jwt_authorizer.field_checks import APP_SCHEME

NAME = re.compile(r"(?=.{1,32}\Z)[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
PAGES_OWN = "page"
"""What the local stack calls the public client of the page that this API serves."""

SCHEME = re.compile(APP_SCHEME)
TOKEN_MINUTES = (5, 1440)
REFRESH_DAYS = (1, 3650)
MOST_CLIENTS = 1000
MOST_SCOPES = 50


def client_problems(clients: Sequence[AppClient], scopes: Mapping[str, str]) -> Iterator[str]:
    """List what is wrong with the clients of a table.

    Args:
        clients: The table's.
        scopes: The table's, which a client may be given.
    """
    if len(clients) > MOST_CLIENTS:
        yield f"CLIENTS: {len(clients)}, and a user pool takes {MOST_CLIENTS}"
    names: dict[str, str] = {}
    for client in clients:
        where = f"client {client.name!r}"
        if not NAME.fullmatch(client.name):
            yield (
                f"{where}: name it in at most 32 lower-case letters, digits and inner hyphens, "
                "a letter first"
            )
        if client.name == PAGES_OWN:
            yield f"{where}: the page's own client is called so, name it otherwise"
        shared = names.setdefault(construct_name(client), client.name)
        if any(other is not client and other.name == client.name for other in clients):
            yield f"{where}: give each client a name of its own"
        if shared != client.name:
            yield (
                f"{where}: client {shared!r} has the same outputs and logical ids, "
                f"{construct_name(client)}…: name one of them otherwise"
            )
        yield from (f"{where}: {problem}" for problem in _scope_problems(client, scopes))
        yield from (f"{where}: {problem}" for problem in _lifetime_problems(client))
        if isinstance(client, NativeClient):
            yield from (f"{where}: {problem}" for problem in _scheme_problems(client))


def _scope_problems(client: AppClient, scopes: Mapping[str, str]) -> Iterator[str]:
    if client.scopes != ALL_SCOPES:
        for scope in client.scopes:
            if scope == "*":
                yield "scopes: '*' stands alone, for all of SCOPES: remove it or the others"
            elif scope not in scopes:
                yield f"scopes: {scope!r} is not in SCOPES"
    asked = scopes_of(client, scopes)
    if isinstance(client, MachineClient):
        if not asked:
            yield "scopes: name at least one, client credentials need it"
        most, beside = MOST_SCOPES, ""
    else:
        most, beside = MOST_SCOPES - len(STANDARD_SCOPES), f" beside {', '.join(STANDARD_SCOPES)}"
    if len(asked) > most:
        yield (
            f"scopes: {len(asked)}, and a client takes {most}{beside}: let a scope stand for "
            "several, or name those that it needs"
        )


def _lifetime_problems(client: AppClient) -> Iterator[str]:
    lifetimes = {"token_minutes": (client.token_minutes, TOKEN_MINUTES)}
    if not isinstance(client, MachineClient):
        lifetimes["refresh_days"] = (client.refresh_days, REFRESH_DAYS)
    for name, (value, (least, most)) in lifetimes.items():
        if value is not None and not least <= value <= most:
            yield f"{name} is {value}, and Cognito takes {least} to {most}"


def _scheme_problems(client: NativeClient) -> Iterator[str]:
    if client.scheme is not None and not SCHEME.fullmatch(client.scheme):
        yield (
            f"scheme {client.scheme!r}: write a domain of yours backwards, such as "
            "'com.example.app', in lower case; another app may take a shorter one"
        )
