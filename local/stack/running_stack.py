"""LocalApp -> everything running: every socket is bound, addresses are localised once, all starts.

What starts finds each address known and its caller waiting, not refused. An update changes what the
new app has changed and nothing else; if a part of it does not start, the old one goes on.
"""

import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from local.errors import StartFailed
from local.gateway.access_log import Exchange
from local.gateway.authorizers.issuer_keys import KeysUnreachable
from local.gateway.gateway import Clocks, Gateway
from local.gateway.messages import GatewayRequest, GatewayResponse
from local.gateway.server import HttpServer
from local.loopback.listener import listen_on_loopback, url_of
from local.loopback.wsgi_server import WsgiServer
from local.runtime.functions import Functions, OnLine
from local.stack.aws_services import AwsServices, not_played
from local.stack.first_runs import rotate_secrets, run_schedules
from local.stack.gateway_api import GatewayApi
from local.stack.localised import Addresses
from local.stack.own_issuer import OwnIssuer, functions_of_issuer
from local.stack.profile import AppProfile
from local.stack.running_pool import RunningPool
from local.template.local_app import LambdaAuthorizerConfig, LocalApp

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_DISCOVERY_TRIES = 5
"""API Gateway waits 1.5 seconds for discovery: on a busy machine a start may need more."""

OnExchange = Callable[[Exchange], None]
"""Called after each request to the API, from its thread."""


@dataclass(frozen=True, slots=True)
class Update:
    """What an update has changed: the functions' labels, and whether gateway and pool are new."""

    functions: tuple[str, ...]
    api: bool
    pool: bool


class RunningStack:
    """Starts everything at once; `stop` must be called in the end.

    Attributes:
        app: What is served, as the template has it.
        addresses: Where all of it is.
        functions: The functions, and which of them did not start.

    Args:
        app: What to serve.
        profile: What its template does not say.
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
        profile: AppProfile,
        listener: socket.socket,
        on_exchange: OnExchange,
        on_line: OnLine,
        on_step: Callable[[str], None],
    ) -> None:
        self.app = app
        self._profile = profile
        self._on_exchange = on_exchange
        with ExitStack() as undo:
            self._running = undo
            undo.callback(listener.close)
            pool = self._bound("cognito")
            issuer = self._bound("issuer") if app.issuer else None
            services = self._bound("services")
            self.addresses = Addresses(
                api=url_of(listener),
                cognito=url_of(pool),
                issuer=url_of(issuer) if issuer else None,
                services=url_of(services),
            )
            on_step("servers")
            here = self._localised(app)
            self.functions = Functions(on_line)
            undo.callback(self.functions.stop)
            self._pool = self._running_pool(here, pool)
            aws = AwsServices(
                app.tables,
                app.secrets,
                GatewayApi(app.api, self._forget_decisions),
                kms=app.issuer is not None,
                cognito=self._pool.cognito if self._pool else None,
                on_refusal=lambda call: on_line(call.caller, not_played(call)),
            )
            self._serve(aws, services)
            on_step("issuer")
            self.functions.update(functions_of_issuer(here))
            run_schedules(here, self.functions)
            if app.issuer and issuer:
                own = OwnIssuer(app.issuer, url_of(issuer), self.functions.invoke, on_exchange)
                undo.callback(HttpServer(own.handle, issuer).stop)
            on_step("functions")
            self.functions.update(here.functions)
            rotate_secrets(here, self.functions)
            on_step("users")
            if self._pool:
                self._pool.add_people()
            on_step("gateway")
            self._gateway = self._new_gateway(here)
            undo.callback(HttpServer(self._handle, listener).stop)
            self._running = undo.pop_all()

    def update(self, app: LocalApp) -> Update:
        """Serve another app from now on.

        A pool that has not changed keeps users, keys and sessions; a gateway keeps its cached
        decisions unless the API or the function behind an authorizer has changed.

        Raises:
            LocalError: Something of it does not start; then all goes on as it was.
        """
        self._refuse_other_issuer(app)
        here = self._localised(app)
        pool_is_new = app.pools != self.app.pools
        with ExitStack() as undo:
            if pool_is_new:
                undo.callback(self.pool.replace(here.pools))
            gateway = self._new_gateway(here)
            started = self.functions.update(here.functions)
            if pool_is_new:
                rotate_secrets(here, self.functions)
            undo.pop_all()
        names = {function.name for function in started}
        api_is_new = pool_is_new or app.api != self.app.api or bool(names & _authorizers(app))
        if api_is_new:
            self._gateway = gateway
        self.functions.keep_only(app.functions)
        self.app = app
        return Update(tuple(function.label for function in started), api_is_new, pool_is_new)

    def stop(self) -> None:
        """Stop everything."""
        self._running.close()

    @property
    def pool(self) -> RunningPool:
        """The user pool.

        Raises:
            StartFailed: The app has none.
        """
        if self._pool is None:
            raise StartFailed("exactly one user pool is supported; the app has 0")
        return self._pool

    def _running_pool(self, app: LocalApp, listener: socket.socket) -> RunningPool | None:
        """Serve the app's pool; an app may have none, and trust the tokens of others."""
        if not app.pools:
            return None
        cognito = self.addresses.cognito
        invoke, profile = self.functions.invoke, self._profile
        pool = RunningPool(app.pools, cognito, invoke, profile.users_of, profile.drawn)
        self._running.callback(pool.stop)
        self._serve(pool.cognito, listener)
        return pool

    def _bound(self, server: str) -> socket.socket:
        """Take the port that is drawn for a server, or any if something has that one."""
        try:
            listener = listen_on_loopback(self._profile.drawn.port(server))
        except StartFailed:
            listener = listen_on_loopback()
        self._running.callback(listener.close)
        return listener

    def _serve(self, app: "WSGIApplication", listener: socket.socket) -> None:
        self._running.callback(WsgiServer(app, listener).stop)

    def _localised(self, app: LocalApp) -> LocalApp:
        """Return the app for this machine, once every host that it needs played has an address."""
        played = self.addresses.played
        origins = self._profile.played_origins(app)
        new = {origin: self._bound(origin) for origin in origins if origin not in played}
        urls = {origin: url_of(listener) for origin, listener in new.items()}
        self.addresses = replace(self.addresses, played={**played, **urls})
        here = self._profile.localised(app, self.addresses)
        players = self._profile.play(app, self.addresses)
        for origin, listener in new.items():
            self._serve(players[origin], listener)
        return here

    def _refuse_other_issuer(self, app: LocalApp) -> None:
        """Let an update change functions, API and pool only."""
        old = self.app
        if (app.issuer, app.tables, app.scheduled) != (old.issuer, old.tables, old.scheduled):
            raise StartFailed("the issuer's API, tables or schedule have changed: start again")
        if (app.secrets, app.rotations) != (old.secrets, old.rotations):
            raise StartFailed("the app's secrets have changed: start again")

    def _handle(self, request: GatewayRequest) -> GatewayResponse:
        first = self._profile.answer_first(self.app, self.addresses.api, request)
        return first or self._gateway.handle(request)

    def _forget_decisions(self) -> None:
        self._gateway.forget_decisions()

    def _new_gateway(self, app: LocalApp) -> Gateway:
        tries_left = _DISCOVERY_TRIES
        while True:
            tries_left -= 1
            try:
                return Gateway(app.api, self.functions.invoke, self._on_exchange, Clocks())
            except KeysUnreachable as error:
                if not tries_left:
                    raise StartFailed(
                        f"a JWT authorizer's issuer does not answer: {error}"
                    ) from error


def _authorizers(app: LocalApp) -> set[str]:
    """Return the names of the functions that decide."""
    return {
        route.authorizer.function_name
        for route in app.api.routes
        if isinstance(route.authorizer, LambdaAuthorizerConfig)
    }
