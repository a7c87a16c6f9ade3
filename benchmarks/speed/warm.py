"""The warm parts: a verification, a refusal, a whole handler; microseconds of one core."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from benchmarks.peer_environments import ROOT, make_node_environment, make_peers_environment
from benchmarks.speed.bench import Bench
from benchmarks.speed.question import GOOD, GOOD_WITH_AUDIENCE
from benchmarks.speed.turns import (
    NODE,
    Asked,
    Rounds,
    Worker,
    ratio,
    spreads,
    take_turns,
)

SECONDS_A_TURN: Final = 0.12
VERIFY_ROUNDS: Final = 21
REFUSAL_ROUNDS: Final = 11
HANDLER_ROUNDS: Final = 21

OURS: Final = "ours"
FLOOR: Final = "floor"
RAW: Final = "cryptography, signature alone"
CACHE_HIT: Final = "token cache, a hit"
AWS_JWT_VERIFY: Final = "aws-jwt-verify"
PYJWT_READY: Final = "PyJWT, key ready"
PYJWT_BY_KID: Final = "PyJWT, key by kid"
POWERTOOLS_ALPHA: Final = "Powertools alpha"
NODE_POWERTOOLS: Final = "aws-jwt-verify + Powertools"

PYTHON_VERIFIERS: Final = (
    OURS,
    FLOOR,
    RAW,
    CACHE_HIT,
    PYJWT_READY,
    PYJWT_BY_KID,
    "PyJWT with PyJWKClient",
    "joserfc",
    POWERTOOLS_ALPHA,
)
NODE_VERIFIERS: Final = (AWS_JWT_VERIFY, "fast-jwt", "jose")
REFUSED: Final = (
    "no dots",
    "alg none",
    "alg HS256",
    "unknown kid",
    "forged signature",
    "8 kB of junk",
    "expired",
)
REFUSERS: Final = (OURS, AWS_JWT_VERIFY, PYJWT_BY_KID)
PYTHON_HANDLERS: Final = (OURS, "floor, both lines by hand", "PyJWT + Powertools")
NODE_HANDLERS: Final = ("aws-jwt-verify, nothing logged", NODE_POWERTOOLS)


def verify(bench: Bench) -> dict[str, Any]:
    """Time the verification of a good access token of a user pool."""
    tokens = {POWERTOOLS_ALPHA: GOOD_WITH_AUDIENCE}
    figures = [
        Asked(name, name, tokens.get(name, GOOD)) for name in (*PYTHON_VERIFIERS, *NODE_VERIFIERS)
    ]
    with workers(bench, "verify", PYTHON_VERIFIERS, NODE_VERIFIERS) as running:
        taken = take_turns(
            running,
            figures,
            rounds=bench.rounds(VERIFY_ROUNDS),
            seconds=SECONDS_A_TURN,
            progress=bench.progress,
        )
    return _document(taken, AWS_JWT_VERIFY, FLOOR, PYJWT_READY)


def refusals(bench: Bench) -> dict[str, Any]:
    """Time the refusal of each kind of bad token, beside the acceptance of a good one."""
    figures = [Asked(f"{name}: {GOOD}", name, GOOD) for name in REFUSERS]
    figures += [
        Asked(f"{name}: {kind}", name, kind, accepted=False)
        for kind in REFUSED
        for name in REFUSERS
    ]
    python = [name for name in REFUSERS if name in PYTHON_VERIFIERS]
    with workers(bench, "verify", python, [AWS_JWT_VERIFY]) as running:
        taken = take_turns(
            running,
            figures,
            rounds=bench.rounds(REFUSAL_ROUNDS),
            seconds=SECONDS_A_TURN / 2,
            progress=bench.progress,
        )
    return {
        "us": spreads(taken),
        "to_aws_jwt_verify": {
            kind: ratio(taken, f"{OURS}: {kind}", f"{AWS_JWT_VERIFY}: {kind}") for kind in REFUSED
        },
        "to_our_accept": {
            kind: ratio(taken, f"{OURS}: {kind}", f"{OURS}: {GOOD}") for kind in REFUSED
        },
    }


def handler(bench: Bench) -> dict[str, Any]:
    """Time a whole authorizer, with its log line and its metric, for an allowed request."""
    figures = [Asked(name, name, GOOD) for name in (*PYTHON_HANDLERS, *NODE_HANDLERS)]
    with workers(bench, "handle", PYTHON_HANDLERS, NODE_HANDLERS) as running:
        taken = take_turns(
            running,
            figures,
            rounds=bench.rounds(HANDLER_ROUNDS),
            seconds=SECONDS_A_TURN,
            progress=bench.progress,
        )
    return _document(taken, NODE_POWERTOOLS)


def _document(taken: Rounds, *baselines: str) -> dict[str, Any]:
    """Return all figures, and each as a multiple of each baseline."""
    to = {base: {name: ratio(taken, name, base) for name in taken} for base in baselines}
    return {"us": spreads(taken), "ratio_to": to}


@contextmanager
def workers(
    bench: Bench, kind: str, python: Sequence[str], node: Sequence[str]
) -> Iterator[dict[str, Worker]]:
    """Run a process for each name, on the measured core; all end with the block."""
    interpreter, folder = make_peers_environment(), make_node_environment()
    ours = {
        "PYTHONPATH": f"{ROOT / 'lambda_src'}:{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONWARNINGS": "ignore",
        "POWERTOOLS_SERVICE_NAME": "authorizer",
        "POWERTOOLS_METRICS_NAMESPACE": "Authorizer",
    }
    file = str(bench.question)
    commands = {
        name: [str(interpreter), "-m", "benchmarks.speed.worker", kind, name, file]
        for name in python
    } | {name: [NODE, str(folder / "worker.mjs"), kind, name, file] for name in node}
    running = {name: Worker(command, ours) for name, command in commands.items()}
    try:
        yield running
    finally:
        for worker in running.values():
            worker.end()
