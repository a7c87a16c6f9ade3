"""Lambda's entry: settings -> the page. The only reader of `os.environ`, and of the real clock.

`GET /app` is the page itself, and so is the callback of a sign-in where the page may keep tokens;
`/app/config.json` is what it must know; every other `/app/<name>` is a file that the build made.
"""

import os
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from aws_lambda_powertools import Logger

from jwt_verifier.freshness import Clock, Clocks
from page import response
from page.discovery import Discovery, Found
from page.response import Response
from page.route_list import read_routes
from page.security_headers import security_headers
from page.settings import Settings
from page.static_files import INDEX, read_static_files

CALLBACK: Final = "callback"
CONFIG: Final = "config.json"
_PREFIX: Final = "/app/"

logger = Logger(service="page")

Handler = Callable[[Mapping[str, Any]], Response]


def build(
    settings: Settings,
    folder: Path,
    *,
    clock: Clock = time.time,
    monotonic_clock: Clock = time.monotonic,
) -> Handler:
    """Return the page of a bundle; reads no environment and asks nobody.

    Args:
        settings: What the page is told from outside.
        folder: The bundle's root: it holds `static/` and `routes.json`.
        clock: Seconds since the epoch.
        monotonic_clock: Seconds that only go forward.

    Raises:
        SettingsInvalid: The bundle lacks a part of the page.
    """
    files = read_static_files(folder / "static")
    routes = read_routes(folder / "routes.json")
    client = settings.client
    clocks = Clocks(clock, monotonic_clock)
    discovery = Discovery(client.issuer, client.discovery_uri, clocks) if client else None
    pages = ("", CALLBACK) if client else ("",)

    def find(name: str, event: Mapping[str, Any], found: Found) -> Response:
        security = security_headers(found.metadata)
        if name == CONFIG:
            return response.document(_config(settings, routes, found), security)
        file = files.get(INDEX if name in pages else name)
        if file is None:
            return response.not_found(event["rawPath"], security)
        return response.file(file, event["headers"].get("if-none-match"), security)

    def answer(event: Mapping[str, Any]) -> Response:
        method = event["requestContext"]["http"]["method"]
        found = discovery.find() if discovery else Found(None, None)
        if method not in ("GET", "HEAD"):
            return response.method_not_allowed(security_headers(found.metadata))
        answered = find(_name(event["rawPath"]), event, found)
        if found.problem is not None:
            logger.warning("no_metadata", reason=found.problem)
        return response.without_body(answered) if method == "HEAD" else answered

    return answer


def handler(event: Mapping[str, Any], _context: object) -> Response:
    """Answer an HTTP API event, payload format 2.0, for `/app` and what is below."""
    return _page()(event)


def _name(path: str) -> str:
    """Return the file that a path asks for; "" is the page itself, whose path is /app."""
    below = f"{path}/" if path == _PREFIX.rstrip("/") else path
    return below.removeprefix(_PREFIX) if below.startswith(_PREFIX) else path or "/"


def _config(settings: Settings, routes: Mapping[str, Any], found: Found) -> dict[str, object]:
    client = settings.client
    storage = client and {
        "issuer": client.issuer,
        "client_id": client.client_id,
        "scopes": client.scopes,
        "metadata": found.metadata,
        "metadata_problem": found.problem,
    }
    return {"public_url": settings.public_url, "storage": storage, **routes}


@cache
def _page() -> Handler:
    folder = Path(os.environ.get("LAMBDA_TASK_ROOT", ""))
    return build(Settings.from_env(os.environ), folder)


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # In Lambda's init phase: a wrong setting must stop the function and not its first visitor.
    _page()
