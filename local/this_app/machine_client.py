"""A client of the app's own issuer, made at every start with the issuer's own command."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field

from local.errors import StartFailed
from local.stack.localised import Addresses
from local.surroundings import NO_AWS_FILES
from local.template.local_app import JwtAuthorizerConfig, LocalApp

CLIENTS_TABLE = "CLIENTS_TABLE"
"""The variable that tells the issuer's function its clients."""

DEMO_CLIENT = "demo-machine"
_COMMAND_SECONDS = 60


@dataclass(frozen=True, slots=True)
class MachineIssuer:
    """Where machines get tokens, and a client that was made at this start."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)


def add_machine_client(app: LocalApp, addresses: Addresses) -> MachineIssuer | None:
    """Add a client as an administrator would; None if the app has no issuer of its own.

    Raises:
        StartFailed: The command fails.
    """
    function = next((item for item in app.functions if CLIENTS_TABLE in item.environment), None)
    scopes = _scopes_of_machines(app)
    if function is None or not scopes or addresses.issuer is None:
        return None
    table = function.environment[CLIENTS_TABLE]
    arguments = ["--table", table, "add", "--client-id", DEMO_CLIENT]
    for scope in scopes:
        arguments += ["--scope", scope]
    done = subprocess.run(  # noqa: S603  # our own interpreter and command; no shell
        [sys.executable, "-B", "-m", f"{function.label}.client_admin", *arguments],
        cwd=function.code_folder,
        env={
            **addresses.service_endpoints,
            **NO_AWS_FILES,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_DEFAULT_REGION": app.tables[0].region,
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
        raise StartFailed(f"could not create the demo client: {' '.join(reason)}")
    return MachineIssuer(addresses.issuer, DEMO_CLIENT, json.loads(done.stdout)["client_secret"])


def _scopes_of_machines(app: LocalApp) -> list[str]:
    """Return what the built-in authorizer of the issuer asks for, on all its routes together."""
    return sorted(
        {
            scope
            for route in app.api.routes
            if isinstance(route.authorizer, JwtAuthorizerConfig)
            and app.issuer
            and route.authorizer.issuer in app.issuer.origins
            for scope in route.scopes
        }
    )
