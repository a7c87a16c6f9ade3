"""LocalApp -> everything running: pool, issuer, functions, gateway, server. Stops all of it.

An update changes what the new app has changed and nothing else; if a part of the new
app does not start, the old one goes on.
"""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from local.cognito.people import DemoUser
from local.cognito.server import CognitoServer
from local.errors import StartFailed
from local.gateway.access_log import Exchange
from local.gateway.authorizers.issuer_keys import KeysUnreachable
from local.gateway.gateway import Clocks, Gateway
from local.gateway.messages import GatewayRequest, GatewayResponse
from local.gateway.server import HttpServer, url_of
from local.runtime.functions import Functions, OnLine
from local.stack.local_addresses import (
    LocalAddresses,
    issuer_addresses,
    with_local_addresses,
    with_local_redirects,
)
from local.stack.own_name import sent_to_own_name
from local.stack.rotations import rotate_at_once
from local.stack.running_issuer import MachineIssuer, RunningIssuer
from local.stack.running_pool import RunningPool
from local.stack.stand_ins.oidc_provider import OidcProvider
from local.stack.stand_ins.running import StandIns, with_local_servers
from local.template.local_app import FunctionConfig, LambdaAuthorizerConfig, LocalApp
from local.template.pool_config import ClientConfig, PoolConfig

PAGE_ROUTE = "GET /app"
"""The route of the web page."""

_DISCOVERY_TRIES = 5
"""API Gateway waits 1.5 seconds for discovery: on a busy machine a start may need more."""

OnExchange = Callable[[Exchange], None]
"""Called after each request to the API, from its thread."""


@dataclass(frozen=True, slots=True)
class LocalStack:
    """What is running, for whoever wants to use it."""

    app: LocalApp
    api_url: str
    cognito: CognitoServer
    pool: PoolConfig
    users: tuple[DemoUser, ...]
    machine_issuer: MachineIssuer | None
    partner: OidcProvider | None
    not_started: tuple[tuple[str, str], ...]
    """The label of each function that did not start, and why: its routes answer 500."""
    played: Mapping[str, str]
    """Where each host of the template that exists nowhere is on this machine."""

    @property
    def page_url(self) -> str | None:
        """The web page that the API serves, if it does."""
        path = page_path(self.app)
        return None if path is None else f"{self.api_url}{path}"

    @property
    def jwks_uri(self) -> str:
        """The pool's keys, on this machine."""
        return f"{self.cognito.url}/{self.pool.id}/.well-known/jwks.json"

    def client(self, role: str) -> ClientConfig | None:
        """The app client for a role, told by what it may do.

        Args:
            role: `page` (authorization code, for the API's own page), `page_backend` (the same with
                a secret), `web` (authorization code), `machine` (client credentials) or `cli`
                (password).
        """
        for client in self.pool.clients:
            if _role(client, self.api_url) == role:
                return client
        return None

    def client_secret(self, client_id: str) -> str:
        """The generated secret of a confidential app client."""
        secret: str = self.cognito.pool(self.pool.id).clients[client_id].secret
        return secret


def page_path(app: LocalApp) -> str | None:
    """The path of the web page; None if the API serves none."""
    served = any(route.key == PAGE_ROUTE for route in app.api.routes)
    return PAGE_ROUTE.removeprefix("GET ") if served else None


def _role(client: ClientConfig, api_url: str) -> str | None:
    if "code" in client.oauth_flows:
        if not any(url.startswith(f"{api_url}/") for url in client.callback_urls):
            return "web"
        return "page_backend" if client.has_secret else "page"
    if "client_credentials" in client.oauth_flows:
        return "machine"
    return "cli" if "ALLOW_USER_PASSWORD_AUTH" in client.auth_flows else None


@dataclass(frozen=True, slots=True)
class Update:
    """What an update has changed: the functions' labels, and whether gateway and pool are new."""

    functions: tuple[str, ...]
    api: bool
    pool: bool


class RunningStack:
    """Starts everything at once; `stop` must be called in the end.

    Args:
        app: What to serve.
        listener: Where the API is to be served; closed by `stop`, or if the start fails.
        on_exchange: Called after each request to the API.
        on_line: Called with each line that a function prints.
        on_step: Called with the name of each step of the start.

    Raises:
        LocalError: Something does not start; one line says what and why.
    """

    def __init__(
        self,
        app: LocalApp,
        listener: socket.socket,
        on_exchange: OnExchange,
        on_line: OnLine,
        on_step: Callable[[str], None],
    ) -> None:
        self._on_exchange = on_exchange
        self._app = app
        self._api_url = url_of(listener)
        with ExitStack() as undo:
            undo.callback(listener.close)
            # Without functions at first: they need the pool's address, and its trigger is one.
            self._functions = Functions(on_line)
            undo.callback(self._functions.stop)
            on_step("stand-ins")
            self._stand_ins = StandIns(app)
            undo.callback(self._stand_ins.stop)
            self._pool = RunningPool(
                self._pools(app), self._functions.invoke, on_step, self._stand_ins.addresses
            )
            undo.callback(self._pool.stop)
            self._stand_ins.know(self._pool.config, self._pool.cognito.url)
            on_step("issuer")
            self._issuer = RunningIssuer(app, self._functions, on_exchange)
            undo.callback(self._issuer.stop)
            on_step("functions")
            self._functions.update(self._function_configs(app))
            rotate_at_once(app.rotations, app.functions, self._functions)
            on_step("gateway")
            self._gateway = self._new_gateway(app)
            self._server = HttpServer(self._handle, listener)
            undo.callback(self._server.stop)
            self._running = undo.pop_all()

    @property
    def stack(self) -> LocalStack:
        """What is running now."""
        pool = self._pool
        return LocalStack(
            self._app,
            self._api_url,
            pool.cognito,
            pool.config,
            pool.users,
            self._issuer.machine,
            self._stand_ins.partner,
            self._functions.not_started,
            self._stand_ins.addresses,
        )

    def update(self, app: LocalApp) -> Update:
        """Serve another app from now on.

        A pool that has not changed keeps users, keys and sessions; a gateway keeps its cached
        decisions unless the API or the function behind an authorizer has changed.

        Raises:
            LocalError: Something of it does not start; then all goes on as it was.
        """
        self._issuer.refuse_change(app)
        self._stand_ins.follow(app)
        pool_is_new = app.pools != self._app.pools
        with ExitStack() as undo:
            if pool_is_new:
                undo.callback(self._pool.replace(self._pools(app)))
            gateway = self._new_gateway(app)
            started = self._functions.update(self._function_configs(app))
            if pool_is_new:
                rotate_at_once(app.rotations, app.functions, self._functions)
            undo.pop_all()
        self._stand_ins.know(self._pool.config, self._pool.cognito.url)
        names = {function.name for function in started}
        api_is_new = pool_is_new or app.api != self._app.api or bool(names & _authorizers(app))
        if api_is_new:
            self._gateway = gateway
        self._functions.keep_only(app.functions)
        self._app = app
        return Update(tuple(function.label for function in started), api_is_new, pool_is_new)

    def stop(self) -> None:
        """Stop everything."""
        self._running.close()

    def _handle(self, request: GatewayRequest) -> GatewayResponse:
        moved = sent_to_own_name(request, self._api_url, page_path(self._app))
        return moved or self._gateway.handle(request)

    def _pools(self, app: LocalApp) -> list[PoolConfig]:
        addresses = LocalAddresses({app.api.endpoint: self._api_url}, {})
        return [with_local_redirects(pool, addresses) for pool in app.pools]

    def _issuers(self, app: LocalApp) -> dict[str, str]:
        pools = issuer_addresses(app.pools, self._pool.cognito.url)
        return {**pools, **self._issuer.addresses, **self._stand_ins.addresses}

    def _function_configs(self, app: LocalApp) -> list[FunctionConfig]:
        addresses = LocalAddresses({app.api.endpoint: self._api_url}, self._issuers(app))
        return [
            self._pool.placed(self._issuer.placed(with_local_addresses(function, addresses)))
            for function in app.functions
        ]

    def _new_gateway(self, app: LocalApp) -> Gateway:
        addresses = self._issuers(app)
        api = with_local_servers(app.api, self._stand_ins.addresses)
        tries_left = _DISCOVERY_TRIES
        while True:
            tries_left -= 1
            try:
                return Gateway(api, self._functions.invoke, addresses, self._on_exchange, Clocks())
            except KeysUnreachable as error:
                if not tries_left:
                    raise StartFailed(
                        f"a JWT authorizer's issuer does not answer: {error}"
                    ) from error


@contextmanager
def run_local_stack(
    app: LocalApp,
    listener: socket.socket,
    on_exchange: OnExchange,
    on_line: OnLine,
    on_step: Callable[[str], None],
) -> Iterator[LocalStack]:
    """Start everything; all of it stops with the block. See `RunningStack`."""
    running = RunningStack(app, listener, on_exchange, on_line, on_step)
    try:
        yield running.stack
    finally:
        running.stop()


def _authorizers(app: LocalApp) -> set[str]:
    """The names of the functions that decide."""
    return {
        route.authorizer.function_name
        for route in app.api.routes
        if isinstance(route.authorizer, LambdaAuthorizerConfig)
    }
