"""The cold parts: from the start of a process to its first answer, in milliseconds of CPU.

The runtime client is Lambda's own for Python, a smaller loop for Node. Fresh processes, in turn,
round after round, on one core.
"""

import json
import os
import shutil
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.peer_environments import (
    make_node_environment,
    make_peers_environment,
    make_runtime_environment,
)
from benchmarks.speed import builds
from benchmarks.speed.bench import Bench
from benchmarks.speed.cold_process import Function, start
from benchmarks.speed.question import ISSUER, issuers
from benchmarks.speed.runtime_api import RuntimeApi
from benchmarks.speed.tls import serve_jwks
from benchmarks.speed.turns import ratio, spreads

ROUNDS: Final = 11
FUNCTION_ROUNDS: Final = 7
WARM_INVOCATIONS: Final = 100

# PT is Powertools, with Logger and Metrics; Node's verifier is aws-jwt-verify.
EMPTY_PYTHON: Final = "empty, Python"
EMPTY_NODE: Final = "empty, Node"
OURS: Final = "ours"
OURS_SOURCES: Final = "ours, no bytecode"
OURS_TLS: Final = "ours, over TLS"
USUAL: Final = "PyJWT + PT"
USUAL_SOURCES: Final = "PyJWT + PT, no bytecode"
USUAL_TLS: Final = "PyJWT + PT, over TLS"
NODE: Final = "Node + PT"
NODE_BUNDLED: Final = "Node + PT, bundled"
NODE_TLS: Final = "Node + PT, over TLS"

FIGURES: Final = ("init_ms", "answer_ms", "first_us", "warm_us", "wall_ms", "rss_mib")
OWN_FUNCTIONS: Final = ("authorizer", "token_issuer", "session", "page")


def cold(bench: Bench) -> dict[str, Any]:
    """Time the start of authorizers."""
    question = json.loads(bench.question.read_text())
    event = json.dumps(question["event"]).encode()
    authority = builds.new_authority()
    with builds.emptied(bench.folder / "cold") as folder, RuntimeApi() as api:
        root = folder / "root.pem"
        root.write_bytes(authority.root())
        certificate = authority.serve(folder / "server.pem")
        document = json.dumps(question["jwks"]).encode()
        with serve_jwks(document, certificate) as address:
            functions = _authorizers(folder, question, event, root, address)
            taken = _rounds(bench, functions, api, ROUNDS)
    answers = {name: rounds["answer_ms"] for name, rounds in taken.items()}
    resident = {name: rounds["rss_mib"] for name, rounds in taken.items()}
    return {
        **{figure: spreads({n: r[figure] for n, r in taken.items()}) for figure in FIGURES},
        "answer_to_node": {name: ratio(answers, name, NODE) for name in answers},
        "answer_to_node_over_tls": ratio(answers, OURS_TLS, NODE_TLS),
        "rss_to_node": ratio(resident, OURS, NODE),
        "first_above_empty_us": _above(taken, "first_us"),
        "warm_above_empty_us": _above(taken, "warm_us"),
    }


def _above(taken: Mapping[str, Mapping[str, list[float]]], figure: str) -> dict[str, list[float]]:
    """Return what each takes above an empty function of its language."""
    empty = {False: taken[EMPTY_PYTHON][figure], True: taken[EMPTY_NODE][figure]}
    above = {}
    for name, rounds in taken.items():
        pairs = zip(rounds[figure], empty[name.startswith("Node")], strict=True)
        if name not in (EMPTY_NODE, EMPTY_PYTHON):
            above[name] = [one - other for one, other in pairs]
    return spreads(above)


def functions(bench: Bench) -> dict[str, Any]:
    """Time the start of our other functions, each with an event that asks nobody else."""
    with builds.emptied(bench.folder / "functions") as folder, RuntimeApi() as api:
        python = make_runtime_environment()
        cases = {
            name: _python(
                python,
                builds.our_function(folder, name),
                f"{name}.handler.handler",
                json.dumps(_EVENTS[name]).encode(),
                _SETTINGS[name],
                expected=b'"statusCode":200',
            )
            for name in _EVENTS
        }
        cases[EMPTY_PYTHON] = _empty_python(python)
        taken = _rounds(bench, cases, api, FUNCTION_ROUNDS)
    return {
        figure: spreads({name: rounds[figure] for name, rounds in taken.items()})
        for figure in FIGURES
    }


def _rounds(
    bench: Bench, cases: Mapping[str, Function], api: RuntimeApi, rounds: int
) -> dict[str, dict[str, list[float]]]:
    """Start every function in every round; the first fills the page cache and does not count."""
    taken: dict[str, dict[str, list[float]]] = {
        name: {figure: [] for figure in FIGURES} for name in cases
    }
    names, most = list(cases), bench.rounds(rounds)
    for number in range(most + 1):
        first = number % len(names)
        for name in (*names[first:], *names[:first]):
            figures = start(cases[name], api, WARM_INVOCATIONS)
            for figure, value in figures.items() if number else ():
                taken[name][figure].append(value)
        bench.progress(f"round {number} of {most}")
    return taken


def _authorizers(
    folder: Path, question: Mapping[str, Any], event: bytes, root: Path, address: str
) -> dict[str, Function]:
    make_peers_environment()
    python, peers = make_runtime_environment(), make_node_environment()
    ours = builds.our_authorizer(folder, question["policy"], root.read_bytes())
    usual = builds.usual_python(folder / "usual")
    pool = {"POOL_FILE": str(builds.pool_file(folder, question["jwks"], ISSUER))}
    fetched = {**pool, "JWKS_URI": address}
    in_hand = {"ISSUERS": question["issuers"], "POLICY_FILE": "policy.json"}
    over_tls = {**in_hand, "ISSUERS": issuers(None, address)}
    all_roots = folder / "all-roots.pem"
    all_roots.write_bytes(_system_roots() + root.read_bytes())
    our_handler, usual_handler = "authorizer.handler.handler", "usual_python.handler"

    def node(file: Path, environment: Mapping[str, str]) -> Function:
        command = [_program("node"), str(peers / "functions" / "runtime.cjs"), str(file)]
        return Function(command, {**_lambda_environment(file.parent), **environment}, event)

    node_authorizer = peers / "functions" / "authorizer.cjs"
    return {
        EMPTY_PYTHON: _empty_python(python),
        EMPTY_NODE: node(peers / "functions" / "empty.cjs", {}),
        OURS: _python(python, ours, our_handler, event, in_hand),
        OURS_SOURCES: _python(
            python, builds.without_bytecode(ours), our_handler, event, in_hand, compiled=False
        ),
        OURS_TLS: _python(python, ours, our_handler, event, over_tls),
        USUAL: _python(python, usual, usual_handler, event, pool),
        USUAL_SOURCES: _python(
            python, builds.without_bytecode(usual), usual_handler, event, pool, compiled=False
        ),
        USUAL_TLS: _python(
            python, usual, usual_handler, event, {**fetched, "SSL_CERT_FILE": str(all_roots)}
        ),
        NODE: node(node_authorizer, pool),
        NODE_BUNDLED: node(builds.node_bundle(folder, peers), pool),
        NODE_TLS: node(node_authorizer, {**fetched, "NODE_EXTRA_CA_CERTS": str(root)}),
    }


def _python(
    python: Path,
    task: Path,
    handler: str,
    event: bytes,
    settings: Mapping[str, str],
    *,
    compiled: bool = True,
    expected: bytes = b'"isAuthorized":true',
) -> Function:
    environment = {
        **_lambda_environment(task),
        "PYTHONPATH": str(task),
        **({} if compiled else {"PYTHONDONTWRITEBYTECODE": "1"}),
        **settings,
    }
    return Function([str(python), "-m", "awslambdaric", handler], environment, event, expected)


def _empty_python(python: Path) -> Function:
    return _python(python, builds.FUNCTIONS, "empty.handler", b"{}", {})


def _lambda_environment(task: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "TZ": ":UTC",
        "AWS_LAMBDA_FUNCTION_NAME": "authorizer",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "LAMBDA_TASK_ROOT": str(task),
        "POWERTOOLS_SERVICE_NAME": "authorizer",
        "POWERTOOLS_METRICS_NAMESPACE": "Authorizer",
    }


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is not installed")
    return found


def _system_roots() -> bytes:
    """Return the roots that OpenSSL trusts here: what Python reads unless it is told otherwise."""
    file = ssl.get_default_verify_paths().cafile
    return Path(file).read_bytes() if file else b""


def _http_event(method: str, path: str) -> dict[str, Any]:
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "headers": {"host": "api.example.com", "sec-fetch-site": "same-origin"},
        "requestContext": {"http": {"method": method, "path": path}, "requestId": "1"},
    }


_EVENTS: Final = {
    "token_issuer": _http_event("GET", "/.well-known/openid-configuration"),
    "session": _http_event("GET", "/session/me"),
    "page": _http_event("GET", "/app"),
}
_SETTINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "token_issuer": {
        "ISSUER_URL": "https://api.example.com",
        "AUDIENCE": "https://orders.example.com",
        "TOKEN_SECONDS": "300",
        "KEY_RING_TABLE": "KeyRing",
        "CLIENTS_TABLE": "Clients",
        "RATE_LIMITS_TABLE": "RateLimits",
        "STAGE": "prod",
    },
    "session": {
        "ISSUER": ISSUER,
        "DISCOVERY_URI": f"{ISSUER}/.well-known/openid-configuration",
        "CLIENT_ID": "web",
        "CLIENT_AUTHENTICATION": "client_secret",
        "CLIENT_SECRET_ID": "client",
        "CLIENT_SECRET_KEY": "client_secret",
        "SCOPES": "openid",
        "PUBLIC_URL": "https://api.example.com",
        "COOKIE_SECRET_ID": "cookies",
        "REVOCATION_TABLE": "Revocations",
        "IDLE_SECONDS": "3600",
        "SESSION_SECONDS": "86400",
        "STAGE": "prod",
    },
    "page": {"PUBLIC_URL": "https://api.example.com"},
}
