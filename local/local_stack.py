"""LocalApp -> everything running: pools, functions, gateway, HTTP server. Stops all of it.

The rule: the template's values reach the functions unchanged but for one: the address of an
issuer's keys, which is on this machine.
"""

import dataclasses
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from local.cognito.people import (
    DemoUser,
    add_demo_users,
    add_groups_and_scopes,
    cognito_client,
)
from local.cognito.server import CognitoServer
from local.errors import StartFailed, TemplateUnsupported
from local.gateway.access_log import Exchange
from local.gateway.authorizers.issuer_keys import KeysUnreachable
from local.gateway.gateway import Clocks, Gateway
from local.runtime.functions import Functions, OnLine
from local.server import HttpServer
from local.template.local_app import ClientConfig, FunctionConfig, LocalApp, PoolConfig

ISSUERS = "ISSUERS"
"""The variable that tells the authorizer its issuers, a JSON array."""


@dataclass(frozen=True, slots=True)
class LocalStack:
    """What is running, for whoever wants to use it."""

    app: LocalApp
    api_url: str
    cognito: CognitoServer
    pool: PoolConfig
    users: tuple[DemoUser, ...]

    @property
    def jwks_uri(self) -> str:
        """The pool's keys, on this machine."""
        return f"{self.cognito.url}/{self.pool.id}/.well-known/jwks.json"

    def client(self, role: str) -> ClientConfig | None:
        """The app client for a role, told by what it may do.

        Args:
            role: `web` (authorization code), `machine` (client credentials) or `cli` (password).
        """
        for client in self.pool.clients:
            if _role(client) == role:
                return client
        return None

    def client_secret(self, client_id: str) -> str:
        """The generated secret of a confidential app client."""
        secret: str = self.cognito.pool(self.pool.id).clients[client_id].secret
        return secret


def _role(client: ClientConfig) -> str | None:
    if "code" in client.oauth_flows:
        return "web"
    if "client_credentials" in client.oauth_flows:
        return "machine"
    return "cli" if "ALLOW_USER_PASSWORD_AUTH" in client.auth_flows else None


@contextmanager
def run_local_stack(
    app: LocalApp,
    listener: socket.socket,
    on_exchange: Callable[[Exchange], None],
    on_line: OnLine,
    on_step: Callable[[str], None],
) -> Iterator[LocalStack]:
    """Start everything; all of it stops with the block.

    Args:
        app: What to serve.
        listener: Where the API is to be served; closed with the block.
        on_exchange: Called after each request to the API.
        on_line: Called with each line that a function prints.
        on_step: Called with the name of each step of the start.

    Raises:
        LocalError: Something does not start; one line says what and why.
    """
    with ExitStack() as running:
        running.callback(listener.close)
        on_step("user pool")
        if len(app.pools) != 1:
            raise StartFailed(f"the app has {len(app.pools)} user pools; one is needed")
        pool = app.pools[0]
        # The functions need Cognito's address, so they start after it; no one signs in before.
        cognito = CognitoServer(
            app.pools,
            lambda name, event, seconds: functions.invoke(name, event, seconds),  # noqa: PLW0108 - bound when it is called
        )
        running.callback(cognito.stop)
        on_step("demo users")
        api = cognito_client(cognito.url, pool.region)
        running.callback(api.close)
        add_groups_and_scopes(api, pool)
        users = add_demo_users(api, pool)
        on_step("functions")
        addresses = issuer_addresses(app.pools, cognito.url)
        functions = Functions(
            [with_local_keys(function, addresses) for function in app.functions], on_line
        )
        running.callback(functions.stop)
        functions.start()
        on_step("gateway")
        try:
            gateway = Gateway(app.api, functions.invoke, addresses, on_exchange, Clocks())
        except KeysUnreachable as error:
            raise StartFailed(f"a JWT authorizer's issuer does not answer: {error}") from error
        server = HttpServer(gateway.handle, listener)
        running.callback(server.stop)
        yield LocalStack(app, server.url, cognito, pool, users)


def issuer_addresses(pools: tuple[PoolConfig, ...], cognito_url: str) -> dict[str, str]:
    """Where each issuer's documents are on this machine, for both forms of a pool's issuer."""
    return {
        f"https://{host}.{pool.region}.amazonaws.com/{pool.id}": f"{cognito_url}/{pool.id}"
        for pool in pools
        for host in ("cognito-idp", "issuer-cognito-idp")
    }


def with_local_keys(function: FunctionConfig, addresses: dict[str, str]) -> FunctionConfig:
    """The same function, its `ISSUERS` with the local address of each issuer's keys.

    Raises:
        TemplateUnsupported: `ISSUERS` is no JSON array of objects.
    """
    if ISSUERS not in function.environment:
        return function
    try:
        items = json.loads(function.environment[ISSUERS])
        for item in items:
            if item["issuer"] in addresses:
                item["jwks_uri"] = f"{addresses[item['issuer']]}/.well-known/jwks.json"
    except (ValueError, TypeError, KeyError) as error:
        raise TemplateUnsupported(
            function.name, f"Environment.Variables.{ISSUERS}", "it is no JSON array of issuers"
        ) from error
    environment = {**function.environment, ISSUERS: json.dumps(items)}
    return dataclasses.replace(function, environment=environment)
