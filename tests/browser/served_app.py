"""The synthesised template, served as `make local` serves it, for a browser to use.

Nothing stands in for anything here: gateway, runtime client, functions, issuer and secrets are those
of the local stack. One value differs from the template's, so that tests need not wait for a minute
after a token has expired: the authorizer forgives no clock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from local.cognito.demo_users import DemoUser
from local.cognito.pool import SignedPool
from local.loopback.listener import listen_on_loopback
from local.template.local_app import FunctionConfig, LocalApp
from local.this_app.running_app import ServedApp, run_app
from local.this_app.synthesis.stage_app import read_this_app
from local.this_app.synthesis.synth import synthesise
from tests.sample.paths import APP_MODULE

OWN_CLIENTS = ("page", "page_backend")
LONG_SECONDS = 900
"""How long the page's tokens live, as the template has it."""


@dataclass(frozen=True)
class App:
    """What tests may look at and change."""

    stack: ServedApp

    @property
    def url(self) -> str:
        """The API's origin."""
        return self.stack.api_url

    @property
    def users(self) -> dict[str, DemoUser]:
        """Who can sign in, by the first part of their address."""
        return {user.username.partition("@")[0]: user for user in self.stack.users}

    @property
    def pool(self) -> SignedPool:
        """The user pool, as an administrator may use it."""
        return self.stack.cognito.pool(self.stack.pool.id)

    @contextmanager
    def tokens_live_for(self, seconds: int) -> Iterator[None]:
        """Let the page's new tokens live so long, as an administrator may set it."""
        clients = [client for role in OWN_CLIENTS if (client := self.stack.client(role))]
        changed = [self.pool.clients[client.id].extended_config for client in clients]
        names = ("AccessTokenValidity", "IdTokenValidity")
        before = [{name: settings[name] for name in names} for settings in changed]
        for settings in changed:
            settings.update(dict.fromkeys(names, seconds))
        try:
            yield
        finally:
            for settings, old in zip(changed, before, strict=True):
                settings.update(old)


@contextmanager
def serve_app(assembly: Path | None = None) -> Iterator[App]:
    """The app on loopback, with users of its own.

    Args:
        assembly: What to serve; None for the stage `local` as it is.
    """
    app = _changed(read_this_app(assembly or synthesise("local", APP_MODULE)))
    with run_app(
        app, listen_on_loopback(0), lambda _: None, lambda _name, _line: None, lambda _: None
    ) as stack:
        yield App(stack)


def _changed(app: LocalApp) -> LocalApp:
    return replace(app, functions=tuple(map(_function, app.functions)))


def _function(function: FunctionConfig) -> FunctionConfig:
    changes = {"LEEWAY_SECONDS": "0"}
    environment = {name: changes.get(name, value) for name, value in function.environment.items()}
    return replace(function, environment=environment)
