"""The app's sources -> what they declare of each route: the access table as it is now.

A process of the app's own prints it. It is not a part of the assembly, so an assembly that
is not of the sources shows.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from local.errors import DemoFailed
from local.json_value import JsonObject
from local.surroundings import ROOT
from local.template.local_app import ApiConfig, JwtAuthorizerConfig, RouteConfig

_SECONDS = 60


@dataclass(frozen=True, slots=True)
class SourceRoute:
    """What the table says of one route.

    Attributes:
        authorizer: Who checks the caller: "public", "jwt" or "lambda".
        any_of: The rules of which a token must meet one; None on a public route.
    """

    authorizer: str
    any_of: list[list[JsonObject]] | None


SourceTable = Mapping[str, SourceRoute]
"""By route key."""


def source_table(stage: str, app_module: str) -> SourceTable:
    """Return the table of a stage, as the sources are now.

    Args:
        stage: A key of `context.stages` in cdk.json.
        app_module: The module that synthesises, and prints its routes.

    Raises:
        DemoFailed: The sources give none; the message is their own last line.
    """
    done = subprocess.run(  # noqa: S603 - our own interpreter and module; no shell
        [sys.executable, "-m", app_module, "routes", stage],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode:
        reason = " ".join(done.stderr.strip().splitlines()[-1:])
        raise DemoFailed(f"the access table of the sources cannot be read: {reason}")
    return {key: SourceRoute(**route) for key, route in json.loads(done.stdout).items()}


def hold_template_to(table: SourceTable, api: ApiConfig) -> None:
    """Refuse a template that lacks a route of the table, or has another authorizer on it.

    Raises:
        DemoFailed: It does; the message names the route.
    """
    served = {route.key: route for route in api.routes}
    for key, declared in table.items():
        found = _kind(served[key]) if key in served else "none"
        if found != declared.authorizer:
            raise DemoFailed(
                f"{key}: stacks/access.py says authorizer {declared.authorizer!r}, and the "
                f"template has {found!r}: it is not of these sources, start again"
            )


def _kind(route: RouteConfig) -> str:
    if route.authorizer is None:
        return "public"
    return "jwt" if isinstance(route.authorizer, JwtAuthorizerConfig) else "lambda"
