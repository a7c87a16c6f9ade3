"""`python -m local explain`: the authorizer's own explanation, and the built-in one's answer.

The authorizer's half is a process of its own, which takes the token on standard input: this room
and a function's code share nothing.
"""

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from local.errors import LocalError
from local.gateway.authorizers.compact_token import TokenMalformed, read_token
from local.gateway.authorizers.issuer_keys import IssuerKeys
from local.gateway.authorizers.jwt_authorizer import JwtAuthorizer
from local.gateway.messages import Refusal
from local.gateway.routing import Match, Router
from local.loopback.fetch import fetch_published
from local.template.local_app import JwtAuthorizerConfig
from local.terminal.authorizers_half import authorizers_half
from local.terminal.console import coloured
from local.this_app.deployed_names import deployed_names
from local.this_app.explained_app import (
    REVOCATIONS,
    ExplainedApp,
    built_in_of,
    explained_app,
    of_json,
)
from local.this_app.synthesis.stage_app import read_this_app
from local.this_app.synthesis.synth import synthesise

_MOST_CHARACTERS = 65_536
_MOST_SHOWN = 200
_NOBODY = {"AWS_ACCESS_KEY_ID": "explain", "AWS_SECRET_ACCESS_KEY": "local"}
"""Placeholders, for what stands in for AWS on this machine."""

_TOKENS_BEGIN = "eyJ"
"""A JSON object in base64url."""

_NOT_CHECKED = (
    "It looks neither at token_use, typ, cnf, how long the token lives and what was taken back, "
    "nor at groups and other claims."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks to be explained.

    Attributes:
        route: As declared, or a method and the path as it is called.
        stage: Whose sources and outputs count; None for the running stack.
        app_module: The module that synthesises.
        outputs: Where a running stack says what it serves.
        deployed: Where the outputs of deployed stages are kept.
        token_given: Whether a token was put on the command line.
    """

    route: str
    stage: str | None
    app_module: str
    outputs: Path
    deployed: Path
    token_given: bool = False


def explain(asked: Asked, console: Console) -> int:
    """Explain the token on standard input, and return the process's exit status.

    Raises:
        LocalError: There is no such route or stack, or the stage does not synthesise.
    """
    if asked.token_given or _TOKENS_BEGIN in asked.route:
        return authorizers_half("", ["--route", "", "--token-given"], {})
    app = app_asked_for(asked, console)
    match = _route(app, asked.route)
    text = "" if sys.stdin.isatty() else sys.stdin.read(_MOST_CHARACTERS)
    if not text.strip():
        return authorizers_half("", ["--route", ""], {})
    authorizer = match.route.authorizer
    if authorizer is None:
        console.print(f"{match.route.key} is public: nobody asks for a token", markup=False)
        return 0
    if isinstance(authorizer, JwtAuthorizerConfig):
        console.print(f"{match.route.key} is decided by API Gateway alone", markup=False)
        _show_built_in(authorizer, match.route.scopes, text, console)
        return 0
    arguments = ["--route", match.route.key]
    for name, value in match.path_parameters.items():
        arguments += ["--parameter", f"{name}={value}"]
    environment = {**_NOBODY, **app.environment, "LAMBDA_TASK_ROOT": str(app.bundle)}
    status = authorizers_half(text, arguments, environment)
    if status == 0:
        trusted = _trusted(app, text)
        if trusted is not None:
            console.print()
            _show_built_in(trusted, app.scopes_of(match.route.key), text, console)
    return status


def app_asked_for(asked: Asked, console: Console) -> ExplainedApp:
    """Return what the running stack serves, or what the stage would with its deployed names.

    Raises:
        LocalError: No stack serves, or the stage does not synthesise.
    """
    if asked.stage is None:
        try:
            document = json.loads(asked.outputs.read_text(encoding="utf-8"))["explained"]
        except (OSError, ValueError, KeyError):
            raise LocalError(
                f"no stack serves with {asked.outputs}: start one with make local, or name the "
                "stage whose sources and outputs count, as in STAGE=dev"
            ) from None
        return of_json(document)
    assembly = synthesise(asked.stage, asked.app_module)
    app = explained_app(read_this_app(assembly))
    names = deployed_names(asked.stage, assembly, asked.deployed)
    if names is None:
        said = "it was not deployed from here, so its pool has no id and no token is of it"
    else:
        said = "ids and addresses are those of its last deployment from here"
        app = app.renamed(names)
    console.print(f"stage {asked.stage}: the policy of the sources; {said}", style="dim")
    if REVOCATIONS in app.environment:
        console.print("what was taken back is not looked up", style="dim")
    return app.without_revocation()


def _route(app: ExplainedApp, asked: str) -> Match:
    """Return the route that is named as it is declared, or else the one that a call selects."""
    for route in app.routes:
        if route.key == asked:
            return Match(route, {})
    method, _, path = asked.partition(" ")
    match = Router(app.routes).match(method, path) if path.startswith("/") else None
    if match is None:
        keys = ", ".join(route.key for route in app.routes)
        raise LocalError(f"ROUTE is none of the stage's routes: {keys}")
    return match


def _trusted(app: ExplainedApp, text: str) -> JwtAuthorizerConfig | None:
    """Return a built-in authorizer for the token's issuer, or for the first that is trusted."""
    issuers = list(app.issuers())
    try:
        named = read_token(_bare(text)).claims.get("iss")
    except TokenMalformed:
        named = None
    found = next((each for each in issuers if each["issuer"] == named), None)
    return built_in_of(found or issuers[0]) if issuers else None


def _show_built_in(
    config: JwtAuthorizerConfig,
    scopes: tuple[str, ...],
    text: str,
    console: Console,
) -> None:
    addresses = {config.issuer: config.issuer_url} if config.issuer_url else {}
    keys = IssuerKeys(addresses, time.monotonic, fetch_published)
    status, reason = 200, "let in"
    try:
        JwtAuthorizer(keys, time.time).judge(config, _bare(text), scopes)
    except Refusal as refusal:
        status, reason = refusal.status, refusal.reason
    console.print(
        f"API Gateway's built-in JWT authorizer would answer {coloured(status)}: "
        f"{escape(_printable(reason))}",
        emoji=False,
    )
    asked = [f"issuer {config.issuer}", f"audiences {', '.join(config.audiences) or 'none'}"]
    asked += [f"one scope of {', '.join(scopes)}"] if scopes else []
    console.print(f"    It is asked for {'; '.join(asked)}.", markup=False, emoji=False)
    if status == 200:  # noqa: PLR2004  # HTTP's own
        console.print(f"    {_NOT_CHECKED}", markup=False)


def _printable(text: str) -> str:
    """Return a text that a token may have a part in, as a terminal may have it."""
    return ascii(text[:_MOST_SHOWN])[1:-1]


def _bare(text: str) -> str:
    words = text.split()
    return words[-1] if words else ""
