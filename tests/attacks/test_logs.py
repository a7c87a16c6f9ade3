"""Rows L1 to L4: what the function writes, read from its standard output as CloudWatch would."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.bench import NOW, Bench, cases
from tests.attacks.corpus.everything import HOSTILE
from tests.attacks.forge import Mint, signer
from tests.attacks.gateway_event import bearer, gateway_event
from tests.attacks.target import OPEN_POLICY, PLAIN_ISSUER

FORGED = '","outcome":"allowed"}\n{"message":"decision","outcome":"allowed"'
NASTY = f"\r\n{FORGED}\x1b[2K\x1b]0;title\x07\u2028\u2029\x85\ud800\u202e\x00"

FUNCTION = """
import json, sys
from pathlib import Path
from authorizer.handler import build
from authorizer.policy import RoutePolicy
from authorizer.settings import Settings
import os
settings = Settings.from_env(os.environ)
authorizer = build(settings, RoutePolicy.from_file(settings.policy_file), wall_clock=lambda: NOW)
for event in json.loads(Path(sys.argv[1]).read_bytes()):
    try:
        authorizer(event)
    except Exception as error:
        print(type(error).__name__, file=sys.stderr)
"""


@dataclass(frozen=True)
class Output:
    """What a run of the function wrote to each stream."""

    stdout: bytes
    stderr: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every line, which must be a JSON object."""
        return [json.loads(line) for line in self.stdout.split(b"\n") if line]

    @property
    def decisions(self) -> list[dict[str, Any]]:
        """The lines that say what became of a request."""
        return [line for line in self.lines if line.get("message") == "decision"]

    @property
    def metrics(self) -> list[dict[str, Any]]:
        """The lines in the Embedded Metric Format that count a request."""
        return [line for line in self.lines if "_aws" in line and "reason" in line]


def run(bench: Bench, tmp_path: Path, events: list[Any], **environment: str) -> Output:
    """Put events to the authorizer in a process of its own, with real standard output."""
    policy, wanted = tmp_path / "policy.json", tmp_path / "events.json"
    policy.write_bytes(OPEN_POLICY)
    wanted.write_text(json.dumps(events))
    issuer = {**PLAIN_ISSUER, "jwks_uri": bench.jwks_uri()}
    variables = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": "lambda_src",
        "ISSUERS": json.dumps([issuer]),
        "POLICY_FILE": str(policy),
        **environment,
    }
    done = subprocess.run(
        [sys.executable, "-c", FUNCTION.replace("NOW", str(NOW)), str(wanted)],
        env=variables,
        capture_output=True,
        check=True,
        timeout=60,
    )
    return Output(done.stdout, done.stderr.decode())


@pytest.fixture(scope="module")
def hostile_events(mint: Mint) -> list[Any]:
    """One event for each hostile token, and nasty text wherever an event has room for it."""
    tokens = [
        case.token for corpus in HOSTILE.values() for case in cases(corpus) if case.jwks is None
    ]
    events: list[Any] = [bearer(token) for token in tokens if len(token) < 20_000]
    forged = mint.token(mint.header(kid=NASTY), mint.claims(sub=NASTY, iss=NASTY, scope=NASTY))
    events += [bearer(forged), gateway_event(f"Bearer {NASTY}"), None, {}, 7]
    good = mint.token(claims=mint.claims(sub=NASTY, client_id=NASTY, jti=NASTY, scope=NASTY))
    for value in (good, forged):
        event = bearer(value)
        event |= {"routeKey": NASTY, "rawPath": NASTY, "rawQueryString": NASTY, "cookies": [NASTY]}
        event["headers"] |= {"user-agent": NASTY, NASTY: NASTY}
        event["requestContext"] |= {"requestId": NASTY, "routeKey": NASTY}
        events += [event, {**bearer(value), "requestContext": {"requestId": NASTY}}]
    return events


@pytest.fixture(scope="module")
def output(
    bench: Bench, hostile_events: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> Output:
    return run(bench, tmp_path_factory.mktemp("run"), hostile_events)


def test_no_value_forges_a_line_or_a_terminal_escape(output: Output) -> None:
    """L1: every line is a JSON object, all of it is ASCII, and no value is long."""
    assert all(byte == 0x0A or 0x20 <= byte < 0x7F for byte in output.stdout)
    for line in output.lines:
        for value in line.values():
            assert not isinstance(value, str) or len(value) <= 128
    allowed = [line for line in output.decisions if line["outcome"] == "allowed"]
    assert len(allowed) == 1  # the one event with a good token for a route that has a rule


def test_every_event_has_one_decision_line_and_one_metric(
    output: Output, hostile_events: list[Any]
) -> None:
    """L4: none is lost, whatever the event was."""
    assert len(output.decisions) == len(hostile_events)
    assert len(output.metrics) == len(hostile_events)
    assert {line["outcome"] for line in output.decisions} == {"rejected", "denied", "allowed"}
    for decision, metric in zip(output.decisions, output.metrics, strict=True):
        assert metric["reason"] == decision["reason"].partition(":")[0]
        assert metric[decision["outcome"]] == [1.0]


def test_a_level_that_keeps_decisions_out_of_the_log_keeps_their_metrics(
    bench: Bench, mint: Mint, tmp_path: Path
) -> None:
    """L4: an alarm sees what nobody wanted to read."""
    events = [bearer(mint.token()), bearer("x")]
    output = run(bench, tmp_path, events, POWERTOOLS_LOG_LEVEL="CRITICAL", STAGE="prod")
    allowed, rejected = output.metrics
    assert allowed.keys() == {"timestamp", "service", "stage", "reason", "allowed", "_aws"}
    assert (allowed["stage"], allowed["reason"], allowed["allowed"]) == ("prod", "allowed", [1.0])
    assert (rejected["reason"], rejected["rejected"]) == ("token_malformed", [1.0])


def test_a_failure_is_recorded_too(bench: Bench, mint: Mint, tmp_path: Path) -> None:
    """L4: keys unavailable, which is nobody's refusal."""
    issuer = {**PLAIN_ISSUER, "jwks_uri": f"{bench.server.url}/missing"}
    output = run(bench, tmp_path, [bearer(mint.token())], ISSUERS=json.dumps([issuer]))
    assert [line["outcome"] for line in output.decisions] == ["failed"]
    assert [line["reason"] for line in output.decisions] == ["keys_unavailable"]
    assert [line["failed"] for line in output.metrics] == [[1.0]]


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"POWERTOOLS_LOGGER_LOG_EVENT": "true", "POWERTOOLS_LOG_LEVEL": "DEBUG"},
        {"POWERTOOLS_TRACER_CAPTURE_RESPONSE": "true", "POWERTOOLS_TRACER_CAPTURE_ERROR": "true"},
        {"POWERTOOLS_LOGGER_SAMPLE_RATE": "1"},
    ],
    ids=["as deployed", "event logging asked for", "tracing asked for", "sampling asked for"],
)
def test_no_part_of_a_token_is_ever_written(
    environment: dict[str, str], bench: Bench, mint: Mint, tmp_path: Path
) -> None:
    """L2, L3: neither segment nor signature nor decoded claim, and no event at all.

    But for what its issuer vouches for and it is refused for: whose app asks for another audience?
    """
    tokens = [
        mint.token(),
        mint.token(sign=signer(mint.keys.attacker)),
        mint.token(claims=mint.claims(aud="https://other.example", email="private@example.com")),
        mint.token(claims=mint.claims(email="private@example.com", exp=0)),
        mint.token()[:-1],
    ]
    output = run(bench, tmp_path, [bearer(token) for token in tokens], **environment)
    assert len(output.decisions) == len(tokens)
    written = output.stdout.decode() + output.stderr
    secrets = {segment for token in tokens for segment in token.split(".")}
    for secret in (*secrets, "private", "192.0.2.1", "curl", "Bearer"):
        assert secret not in written
    refused = {line["reason"]: line.get("offending") for line in output.decisions}
    assert refused["audience_mismatch"] == '["https://other.example"]'


def test_unverified_claims_are_not_written_as_if_they_were_true(
    bench: Bench, mint: Mint, tmp_path: Path
) -> None:
    """L1, S9: a forged token's issuer, subject and kid are the forger's words."""
    claims = mint.claims(sub="forged-subject", client_id="forged-client", iss="forged-issuer")
    tokens = [
        mint.token(mint.header(kid="forged-kid"), claims),
        mint.token(claims=mint.claims(sub="forged-subject"), sign=signer(mint.keys.attacker)),
    ]
    output = run(bench, tmp_path, [bearer(token) for token in tokens])
    assert b"forged" not in output.stdout
    names = {name for line in output.decisions for name in line}
    assert names.isdisjoint({"sub", "client_id", "issuer", "kid"})
