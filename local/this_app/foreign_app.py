"""LocalApp of an assembly that is not ours -> running: issuers under `.example` are played for it.

Of our authorizer in it as much is known as of that in our own app: what ISSUERS says, and where the
issuers' keys are here. An issuer that exists is asked itself.
"""

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from local.cognito.demo_users import DemoUser
from local.json_value import JsonObject
from local.runtime.functions import OnLine
from local.stack.profile import AppProfile
from local.stack.running_stack import OnExchange, RunningStack
from local.template.local_app import LocalApp
from local.this_app.authorizer_settings import localised_app
from local.this_app.people import demo_users
from local.this_app.played.hosts import PlayedHosts
from local.this_app.played.names import played_origins
from local.this_app.played.oidc_provider import TOKEN_PATH


@dataclass(frozen=True, slots=True)
class PlayedToken:
    """Where a token of a played issuer is made: a JSON object of claims is sent there."""

    issuer: str
    url: str


class ForeignApp:
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
        self._hosts = PlayedHosts()
        profile = AppProfile(
            users_of=demo_users,
            localised=localised_app,
            played_origins=played_origins,
            play=self._hosts.play,
        )
        self._stack = RunningStack(app, profile, listener, on_exchange, on_line, on_step)
        self.stop = self._stack.stop

    @property
    def app(self) -> LocalApp:
        """What is served."""
        return self._stack.app

    @property
    def api_url(self) -> str:
        """Where the API is."""
        return self._stack.addresses.api

    @property
    def users(self) -> tuple[DemoUser, ...]:
        """Who can sign in to the app's own pool; nobody without one."""
        return self._stack.pool.users if self.app.pools else ()

    @property
    def tokens(self) -> tuple[PlayedToken, ...]:
        """Where tokens of the played issuers are made."""
        return tuple(
            PlayedToken(provider.issuer.url, f"{provider.url}{TOKEN_PATH}")
            for provider in self._hosts.providers
        )

    @property
    def not_started(self) -> tuple[tuple[str, str], ...]:
        """The label of each function that did not start, and why: its routes answer 500."""
        return self._stack.functions.not_started

    @property
    def outputs(self) -> JsonObject:
        """What a script needs."""
        pool = self._stack.pool if self.app.pools else None
        played: Mapping[str, str] = {token.issuer: token.url for token in self.tokens}
        return {
            "api_url": self.api_url,
            "cognito_endpoint": pool.cognito.url if pool else None,
            "user_pool_id": pool.config.id if pool else None,
            "demo_users": [
                {"username": user.username, "password": user.password} for user in self.users
            ],
            "played_tokens": dict(played),
        }
