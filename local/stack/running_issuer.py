"""LocalApp -> the issuer that the app deploys itself: its tables and keys, its first run, its API.

It is served by its own functions from its own template, before anything that trusts it;
its schedule runs once, at the start, for no stack lives as long as a key.
"""

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from local.errors import StartFailed
from local.gateway.access_log import Exchange
from local.gateway.gateway import Clocks, Gateway
from local.gateway.messages import GatewayResponse
from local.gateway.server import HttpServer, listen_on_loopback, url_of
from local.runtime.functions import Functions
from local.runtime.outcome import Succeeded
from local.stack.aws_services import AwsServices
from local.stack.local_addresses import with_local_endpoints
from local.surroundings import NO_AWS_FILES
from local.template.local_app import (
    FunctionConfig,
    JwtAuthorizerConfig,
    LambdaIntegrationConfig,
    LocalApp,
)

CLIENTS_TABLE = "CLIENTS_TABLE"
"""The variable that tells the issuer's function its clients."""

DEMO_CLIENT = "demo-machine"
_SCHEDULED = json.dumps({"source": "aws.events", "detail-type": "Scheduled Event"}).encode()
_COMMAND_SECONDS = 60


@dataclass(frozen=True, slots=True)
class MachineIssuer:
    """Where machines get tokens, and a client that was made at this start."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an issuer would be once it is deployed, and where it is on this machine."""

    endpoint: str
    url: str

    def told(self, response: GatewayResponse) -> GatewayResponse:
        """The same answer; a discovery document sends its reader to no host but this one.

        The deployed host exists, and is somebody else's: a client that believed in it would send
        its secret there.
        """
        try:
            document = json.loads(response.body)
        except ValueError:
            return response
        if not isinstance(document, dict) or document.get("issuer") != self.endpoint:
            return response
        local = with_local_endpoints(document, self.endpoint, self.url)
        return dataclasses.replace(response, body=json.dumps(local).encode())


class RunningIssuer:
    """Serves from the moment it is made; `stop` must be called in the end.

    An app without an issuer of its own has none here either; its tables and secrets are served all
    the same.

    Args:
        app: What to serve.
        functions: Where the issuer's functions are to run.
        on_exchange: Called after each request to the issuer.

    Raises:
        StartFailed: A function does not start, or a scheduled run fails.
    """

    def __init__(
        self, app: LocalApp, functions: Functions, on_exchange: Callable[[Exchange], None]
    ) -> None:
        self._app = app
        self._endpoints: dict[str, str] = {}
        self._server: HttpServer | None = None
        self.machine: MachineIssuer | None = None
        with ExitStack() as undo:
            if app.tables or app.secrets:
                services = AwsServices(app.tables, app.secrets)
                undo.callback(services.stop)
                self._endpoints = services.environment
            functions.update([self.placed(item) for item in app.functions if self._is_first(item)])
            for name in app.scheduled:
                _run_scheduled(app, functions, name)
            if app.issuer:
                gateway = Gateway(app.issuer, functions.invoke, {}, on_exchange, Clocks())
                listener = listen_on_loopback(0)
                place = _Place(app.issuer.endpoint, url_of(listener))
                self._server = HttpServer(lambda asked: place.told(gateway.handle(asked)), listener)
                undo.callback(self._server.stop)
                self.machine = self._with_demo_client(self._server.url)
            self._running = undo.pop_all()

    @property
    def addresses(self) -> dict[str, str]:
        """Where the issuer's documents are on this machine, by its deployed name."""
        served = self._app.issuer and self._server
        return {self._app.issuer.endpoint: self._server.url} if served else {}  # type: ignore[union-attr]  # both are there

    def placed(self, function: FunctionConfig) -> FunctionConfig:
        """The same function, told where AWS's services are if it uses a table or a secret."""
        if not self._is_here(function):
            return function
        environment = {**function.environment, **self._endpoints}
        return dataclasses.replace(function, environment=environment)

    def refuse_change(self, app: LocalApp) -> None:
        """Let an update change functions only.

        Raises:
            StartFailed: The issuer's API, tables or schedules are others, or the app's secrets.
        """
        old = self._app
        if (app.issuer, app.tables, app.scheduled) != (old.issuer, old.tables, old.scheduled):
            raise StartFailed("the issuer's API, tables or schedule have changed: start again")
        if (app.secrets, app.rotations) != (old.secrets, old.rotations):
            raise StartFailed("the app's secrets have changed: start again")

    def stop(self) -> None:
        """Stop serving; keys, clients and tables are gone."""
        self._running.close()

    def _is_here(self, function: FunctionConfig) -> bool:
        """Whether it uses what is on this machine instead of AWS."""
        known = {
            *(secret.arn for secret in self._app.secrets),
            *(table.name for table in self._app.tables),
        }
        return not known.isdisjoint(function.environment.values())

    def _is_first(self, function: FunctionConfig) -> bool:
        """Whether it is one of the issuer's: behind a route of its API, or run by a schedule."""
        routes = self._app.issuer.routes if self._app.issuer else ()
        behind = {
            route.integration.function_name
            for route in routes
            if isinstance(route.integration, LambdaIntegrationConfig)
        }
        return function.name in behind | set(self._app.scheduled)

    def _with_demo_client(self, url: str) -> MachineIssuer | None:
        """Add a client with the issuer's own command, as an administrator would."""
        function = next(
            (item for item in self._app.functions if CLIENTS_TABLE in item.environment), None
        )
        scopes = _scopes_of_machines(self._app)
        if function is None or not scopes:
            return None
        table = function.environment[CLIENTS_TABLE]
        arguments = ["--table", table, "add", "--client-id", DEMO_CLIENT]
        for scope in scopes:
            arguments += ["--scope", scope]
        done = subprocess.run(  # noqa: S603  # our own interpreter and command; no shell
            [sys.executable, "-B", "-m", f"{function.label}.client_admin", *arguments],
            cwd=function.code_folder,
            env={
                **self._endpoints,
                **NO_AWS_FILES,
                "AWS_ACCESS_KEY_ID": "local",
                "AWS_DEFAULT_REGION": self._app.tables[0].region,
                "AWS_SECRET_ACCESS_KEY": "local",
                "PATH": os.environ.get("PATH", ""),
                "PYTHONPATH": str(function.code_folder),
            },
            capture_output=True,
            text=True,
            timeout=_COMMAND_SECONDS,
            check=False,
        )
        if done.returncode:
            reason = done.stderr.strip().splitlines()[-1:]
            raise StartFailed(f"the issuer takes no demo client: {' '.join(reason)}")
        secret = str(json.loads(done.stdout)["client_secret"])
        return MachineIssuer(url, DEMO_CLIENT, secret)


def _run_scheduled(app: LocalApp, functions: Functions, name: str) -> None:
    function = next(item for item in app.functions if item.name == name)
    outcome = functions.invoke(name, _SCHEDULED, function.timeout_seconds)
    if not isinstance(outcome, Succeeded):
        raise StartFailed(f"function {function.label}, run by a schedule, fails: {outcome}")


def _scopes_of_machines(app: LocalApp) -> list[str]:
    """What the built-in authorizer of the issuer asks for, on all its routes together."""
    return sorted(
        {
            scope
            for route in app.api.routes
            if isinstance(route.authorizer, JwtAuthorizerConfig)
            and app.issuer
            and route.authorizer.issuer == app.issuer.endpoint
            for scope in route.scopes
        }
    )
