"""LocalApp -> this app, running, with all that its template does not say."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from local.cognito.demo_users import DemoUser
from local.cognito.wsgi_app import CognitoApp
from local.errors import DemoFailed
from local.runtime.functions import OnLine
from local.stack.drawn import Drawn
from local.stack.localised import Addresses
from local.stack.profile import AppProfile
from local.stack.running_pool import RunningPool
from local.stack.running_stack import OnExchange, RunningStack, Update
from local.template.local_app import LocalApp
from local.template.pool_config import ClientConfig, PoolConfig
from local.this_app.authorizer_settings import localised_app
from local.this_app.machine_client import MachineIssuer, add_machine_client
from local.this_app.page import PAGE_PATH, sent_to_own_name, serves_page
from local.this_app.people import demo_users
from local.this_app.played.hosts import PlayedHosts
from local.this_app.played.names import played_origins
from local.this_app.played.oidc_provider import OidcProvider


@dataclass(frozen=True, slots=True)
class ServedApp:
    """What is running, for its users."""

    app: LocalApp
    api_url: str
    own_pool: RunningPool | None
    """The app's user pool; None for an app that trusts other issuers alone."""
    machine_issuer: MachineIssuer | None
    partner: OidcProvider | None
    not_started: tuple[tuple[str, str], ...]
    """The label of each function that did not start, and why: its routes answer 500."""
    addresses: Addresses
    """Where on this machine is what has another address once it is deployed."""

    @property
    def played(self) -> Mapping[str, str]:
        """Where each host of the template that exists nowhere is on this machine."""
        return self.addresses.played

    @property
    def cognito(self) -> CognitoApp:
        """Who answers for the pool. Raises DemoFailed if the app has none."""
        return self._pool.cognito

    @property
    def pool(self) -> PoolConfig:
        """The pool. Raises DemoFailed if the app has none."""
        return self._pool.config

    @property
    def users(self) -> tuple[DemoUser, ...]:
        """Who can sign in to the pool; nobody where there is none."""
        return self.own_pool.users if self.own_pool else ()

    @property
    def _pool(self) -> RunningPool:
        if self.own_pool is None:
            raise DemoFailed("this app has no user pool of its own")
        return self.own_pool

    @property
    def page_url(self) -> str | None:
        """The web page that the API serves, if it does."""
        return f"{self.api_url}{PAGE_PATH}" if serves_page(self.app) else None

    @property
    def jwks_uri(self) -> str:
        """The pool's keys, on this machine."""
        return f"{self.cognito.url}/{self.pool.id}/.well-known/jwks.json"

    @property
    def clients(self) -> Mapping[str, ClientConfig]:
        """The pool's app clients, by the names of the access table.

        Those of the page that the API serves are not in the table: they are `page`, which keeps
        tokens itself, and `page_backend`, which has a secret.
        """
        clients = self.own_pool.config.clients if self.own_pool else ()
        return {_name(client, self.api_url): client for client in clients}

    def client(self, name: str) -> ClientConfig | None:
        """Return one of `clients`, if it is there."""
        return self.clients.get(name)

    @property
    def people_sign_in_with(self) -> ClientConfig | None:
        """The app client that signs people in by code: the page's, else the table's first."""
        clients = self.clients
        return clients.get("page") or next(iter(self.signing_in_by_code.values()), None)

    @property
    def signing_in_by_code(self) -> Mapping[str, ClientConfig]:
        """The public clients that sign people in by code, but for the page's."""
        return {
            name: client
            for name, client in self.clients.items()
            if "code" in client.oauth_flows and not client.has_secret and name != "page"
        }

    @property
    def taking_passwords(self) -> Mapping[str, ClientConfig]:
        """The clients that take a person's password themselves."""
        return {
            name: client
            for name, client in self.clients.items()
            if "ALLOW_USER_PASSWORD_AUTH" in client.auth_flows
        }

    @property
    def machines(self) -> Mapping[str, ClientConfig]:
        """The clients that get tokens for themselves, by client credentials."""
        return {
            name: client
            for name, client in self.clients.items()
            if "client_credentials" in client.oauth_flows
        }

    def client_secret(self, client_id: str) -> str:
        """Return the generated secret of a confidential app client."""
        secret: str = self.cognito.pool(self.pool.id).clients[client_id].secret
        return secret


def _name(client: ClientConfig, api_url: str) -> str:
    if any(url.startswith(f"{api_url}/") for url in client.callback_urls):
        return "page_backend" if client.has_secret else "page"
    return client.name


class RunningApp:
    """Starts everything at once; `stop` must be called in the end.

    Args:
        app: What to serve.
        listener: Where the API is to be served; closed by `stop`, or if the start fails.
        on_exchange: Called after each request to the API.
        on_line: Called with each line that a function prints.
        on_step: Called with the name of each step of the start.
        drawn: Passwords, secrets and ports; None for new ones.

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
        drawn: Drawn | None = None,
    ) -> None:
        self._hosts = PlayedHosts()
        profile = AppProfile(
            users_of=demo_users,
            drawn=drawn or Drawn.anew(),
            localised=localised_app,
            played_origins=played_origins,
            play=self._hosts.play,
            answer_first=sent_to_own_name,
        )
        self._stack = RunningStack(app, profile, listener, on_exchange, on_line, on_step)
        try:
            self._machine = add_machine_client(app, self._stack.addresses)
        except BaseException:
            self._stack.stop()
            raise

    @property
    def stack(self) -> ServedApp:
        """What is running now."""
        stack = self._stack
        return ServedApp(
            app=stack.app,
            api_url=stack.addresses.api,
            own_pool=stack.pool if stack.app.pools else None,
            machine_issuer=self._machine,
            partner=self._hosts.partner,
            not_started=stack.functions.not_started,
            addresses=stack.addresses,
        )

    def update(self, app: LocalApp) -> Update:
        """Serve another app from now on; see `RunningStack.update`."""
        return self._stack.update(app)

    def stop(self) -> None:
        """Stop everything."""
        self._stack.stop()


@contextmanager
def run_app(
    app: LocalApp,
    listener: socket.socket,
    on_exchange: OnExchange,
    on_line: OnLine,
    on_step: Callable[[str], None],
) -> Iterator[ServedApp]:
    """Start everything; all of it stops with the block. See `RunningApp`."""
    running = RunningApp(app, listener, on_exchange, on_line, on_step)
    try:
        yield running.stack
    finally:
        running.stop()
