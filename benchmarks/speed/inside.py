"""What is measured of ours alone, in this process: memory, a large key set, and where time goes."""

import gc
import json
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from authorizer import events, response
from authorizer.audit import SERVICE, print_line
from authorizer.decision_line import DecisionLines
from authorizer.handler import build
from authorizer.policy import RoutePolicy
from authorizer.settings import Settings
from benchmarks.compare_verifiers import silence
from benchmarks.speed.bench import Bench
from benchmarks.speed.question import GOOD
from benchmarks.speed.turns import ratio, spreads
from jwt_verifier import JwtVerifier, base64url, compact, strict_json
from jwt_verifier.jwks import parse_jwks
from jwt_verifier.tokens import UnverifiedToken, fingerprint

PEAKS: Final = 5
VERIFICATIONS: Final = 1_000_000
JWKS_ROUNDS: Final = 41
STEP_ROUNDS: Final = 61
REPEATS: Final = 64
JSON: Final = "json.loads"
RS256: Final = frozenset({"RS256"})

Step = Callable[[], object]


def memory(bench: Bench) -> dict[str, Any]:
    """Measure what a verification allocates at most, and what very many leave behind."""
    question = json.loads(bench.question.read_text())
    verify = _verifier(question).verify
    tokens = question["tokens"][GOOD]
    for token in tokens:
        verify(token)
    peaks = [_peak_bytes(partial(verify, token)) for token in tokens[:PEAKS]]
    many = VERIFICATIONS // 100 if bench.quick else VERIFICATIONS
    gc.collect()
    before, resident = sys.getallocatedblocks(), _resident_kib()
    for number in range(many // len(tokens)):
        for token in tokens:
            verify(token)
        if number % 100 == 0:
            bench.progress(f"{number * len(tokens):,} of {many:,} verifications")
    gc.collect()
    return {
        "peak_bytes": min(peaks),
        "verifications": many,
        "blocks_left": sys.getallocatedblocks() - before,
        "kib_left": _resident_kib() - resident,
    }


def _peak_bytes(work: Step) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _resident_kib() -> int:
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def jwks(bench: Bench) -> dict[str, Any]:
    """Time the way from a JWKS of 100 keys to one that verifies, beside reading its JSON."""
    question = json.loads(bench.question.read_text())
    document = json.dumps(question["jwks_of_100_keys"]).encode()
    kid = question["kid"]
    steps: dict[str, Step] = {
        JSON: lambda: json.loads(document),
        "ours": lambda: parse_jwks(document, RS256).by_kid[kid].checks["RS256"],
    }
    taken = in_turn(steps, bench.rounds(JWKS_ROUNDS), 1)
    return {
        "us": spreads(taken),
        "to_json": ratio(taken, "ours", JSON),
        "document_bytes": len(document),
        "keys": len(question["jwks_of_100_keys"]["keys"]),
    }


def breakdown(bench: Bench) -> dict[str, Any]:
    """Time each step of an allowed request by itself, and the whole.

    The last row is what is left of the whole, so the rows add up to it.
    """
    question = json.loads(bench.question.read_text())
    with silence():
        steps, line = _steps(question)
        taken = in_turn(steps, bench.rounds(STEP_ROUNDS), REPEATS)
    medians = {name: statistics.median(values) for name, values in taken.items()}
    whole, verified = medians.pop("whole"), medians.pop("verify")
    of_verifying = sum(medians[name] for name in _OF_VERIFYING)
    medians["claims checked, the verified token made"] = verified - of_verifying
    others = sum(value for name, value in medians.items() if name not in _OF_VERIFYING)
    of_others = others - medians["claims checked, the verified token made"]
    medians["the record of the request, and the calls between"] = whole - verified - of_others
    return {
        "us": {name: round(value, 2) for name, value in medians.items()},
        "whole_us": round(sum(round(value, 2) for value in medians.values()), 2),
        "verify_us": round(verified, 2),
        "line_bytes": len(line.encode()),
    }


_OF_VERIFYING: Final = (
    "token split, its characters checked",
    "payload: base64url",
    "payload: strict JSON",
    "signature: base64url",
    "signature verified (RSA, cryptography)",
)


def _steps(question: Mapping[str, Any]) -> tuple[dict[str, Step], str]:
    """Return what is timed, by name, and the line that a decision writes."""
    settings = Settings.from_env({"ISSUERS": question["issuers"], "POLICY_FILE": "in hand"})
    policy = RoutePolicy.from_json(question["policy"].encode())
    authorizer = build(settings, policy)
    event = question["event"]
    text: str = question["tokens"][GOOD][0]
    token = UnverifiedToken(text)
    verify = _verifier(question).verify
    verified = verify(token)
    jws = compact.split(token)
    payload = base64url.decode(jws.payload)
    signature = base64url.decode(jws.signature)
    keys = parse_jwks(json.dumps(question["jwks"]).encode(), RS256)
    key = keys.by_kid[question["kid"]]
    request = events.parse(event)
    decision = policy.decide(verified, request.route_key, request.path_parameters, 0.0)
    lines = DecisionLines(settings.metrics_namespace, SERVICE, settings.stage)
    said = {
        "level": "INFO",
        "message": "decision",
        "outcome": "allowed",
        "route_key": request.route_key,
        "request_id": request.request_id,
        "token": fingerprint(token),
        "issuer": verified.issuer,
        "kid": verified.key_id,
        "sub": verified.subject or "",
        "client_id": verified.client_id or "",
    }
    now = time.time()
    line = f"{lines.line('allowed', 'allowed', said, now)}\n"
    return {
        "whole": lambda: authorizer(event),
        "verify": lambda: verify(token),
        "event read": lambda: (events.origin(event), events.parse(event)),
        "token's fingerprint for the log": lambda: fingerprint(token),
        _OF_VERIFYING[0]: lambda: compact.split(token),
        _OF_VERIFYING[1]: lambda: base64url.decode(jws.payload),
        _OF_VERIFYING[2]: lambda: strict_json.parse_object(payload),
        _OF_VERIFYING[3]: lambda: base64url.decode(jws.signature),
        _OF_VERIFYING[4]: lambda: key.verify("RS256", jws.signing_input, signature),
        "policy's decision": lambda: policy.decide(
            verified, request.route_key, request.path_parameters, now
        ),
        "answer made": lambda: response.render(verified, decision),
        "log entry and metric: one line": lambda: lines.line("allowed", "allowed", said, now),
        "line written": lambda: print_line(line),
    }, line


def in_turn(steps: Mapping[str, Step], rounds: int, repeats: int) -> dict[str, list[float]]:
    """Time every step in every round, in microseconds of CPU; the first round does not count."""
    cpu = time.thread_time_ns
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(rounds + 1):
        for name, step in steps.items():
            started = cpu()
            for _ in range(repeats):
                step()
            if number:
                taken[name].append((cpu() - started) / repeats / 1_000)
    return taken


def _verifier(question: Mapping[str, Any]) -> JwtVerifier:
    return JwtVerifier.cognito(
        question["user_pool_id"],
        client_ids=[question["client_id"]],
        token_use="access",  # noqa: S106  # what a token is for
        jwks=question["jwks"],
    )
