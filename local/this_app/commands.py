"""ServedApp -> commands to paste: tokens, and calls that our own authorizer decides about."""

import shlex
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.request import getproxies_environment, proxy_bypass

from local.loopback.listener import LOOPBACK
from local.surroundings import ROOT
from local.template.local_app import LambdaAuthorizerConfig, RouteConfig
from local.template.pool_config import ClientConfig
from local.this_app.demo.callers import Caller
from local.this_app.demo.calls import sample_request
from local.this_app.running_app import ServedApp
from local.this_app.synthesis.synth import OUTPUTS

TRY_NEXT = (
    ("make demo VERBOSE=1", "say why each call was refused"),
    ("make local", "serve it on http://127.0.0.1:3000, until Ctrl-C"),
    ("$EDITOR stacks/access.py", "change who may call what, then make demo again"),
    ("make test", "run every test"),
)
"""Commands after a demo, each with what it is for."""

_SHOWN_USER = "user"
"""Whose token is printed: somebody who may read and may not write."""


def commands(stack: ServedApp, outputs_path: Path) -> str:
    """Return the commands, a line each, for a shell in the checkout.

    Args:
        stack: What serves.
        outputs_path: Where its outputs are.
    """
    outputs = () if outputs_path == OUTPUTS else ("--outputs", str(outputs_path))
    return "\n".join((*_tokens(stack, outputs), *_calls(stack)))


def _tokens(stack: ServedApp, outputs: tuple[str, ...]) -> Iterator[str]:
    python = Path(sys.executable)
    shown = python.relative_to(ROOT) if python.is_relative_to(ROOT) else python
    command = shlex.join([str(shown), "-m", "local", "token", _SHOWN_USER, *outputs])
    if stack.people_sign_in_with:
        yield f"TOKEN=$({command})"
    for variable, client in _machines(stack).items():
        yield _of_machine(variable, stack.cognito.url, client.id, stack.client_secret(client.id))
    issuer = stack.machine_issuer
    if issuer:
        yield _of_machine("KMS_MACHINE", issuer.url, issuer.client_id, issuer.client_secret)


def _machines(stack: ServedApp) -> dict[str, ClientConfig]:
    """Return the machine clients of the pool, by the variable of the shell for a token of each."""
    clients = stack.machines
    if len(clients) == 1:
        return {"MACHINE": next(iter(clients.values()))}
    return {f"MACHINE_{name.upper().replace('-', '_')}": client for name, client in clients.items()}


def _of_machine(variable: str, url: str, client_id: str, client_secret: str) -> str:
    return (
        f"{variable}=$({_curl()} -s {url}/oauth2/token -d grant_type=client_credentials"
        f" -u '{client_id}:{client_secret}'"
        """ | sed -E 's/.*"access_token": ?"([^"]+)".*/\\1/')"""
    )


def _calls(stack: ServedApp) -> Iterator[str]:
    """Yield a public call; then one path behind our authorizer, without a token and with some."""
    person = ["TOKEN"] if stack.people_sign_in_with else []
    routes = stack.app.api.routes
    public = _first((route for route in routes if route.authorizer is None), "GET")
    if public:
        yield _call(stack, public)
    ours = [route for route in routes if isinstance(route.authorizer, LambdaAuthorizerConfig)]
    write = _first(ours, "POST")
    beside = [route for route in ours if write and _path(route) == _path(write)]
    read = _first([*beside, *ours], "GET")
    if read:
        yield _call(stack, read)
        yield from (_call(stack, read, variable) for variable in (*person, *_machines(stack)))
    if write:
        yield from (_call(stack, write, variable) for variable in person)


def _first(routes: Iterable[RouteConfig], method: str) -> RouteConfig | None:
    """Return the first route of a method whose path has no parameter."""
    fixed = (route for route in routes if "{" not in route.key)
    return next((route for route in fixed if route.key.startswith(f"{method} ")), None)


def _path(route: RouteConfig) -> str:
    return route.key.partition(" ")[2]


def _call(stack: ServedApp, route: RouteConfig, variable: str | None = None) -> str:
    request = sample_request(route, Caller("nobody"))
    parts = [_curl(), "-si", "-w", r"'\n'"]
    if request.method != "GET":
        parts += ["-X", request.method]
    parts.append(f"{stack.api_url}{request.path}")
    parts += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in request.headers.items()]
    if request.body is not None:
        parts.append(f"-d {shlex.quote(request.body)}")
    if variable:
        parts.append(f'-H "Authorization: Bearer ${variable}"')
    return " ".join(parts)


def _curl() -> str:
    """Return the command that keeps what is pasted, secrets among it, from this user's proxy."""
    proxies = getproxies_environment()
    if not {"http", "all"} & proxies.keys() or proxy_bypass(LOOPBACK):
        return "curl"
    return "curl --noproxy '*'"
