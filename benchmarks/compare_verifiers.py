"""One set of hostile and good tokens -> docs/comparison.md: what ours and its peers let through.

`make bench` runs it, as its part `comparison`. The peers run in folders of their own.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from authorizer.response import Unauthorized
from benchmarks.comparison_page import (
    GOOD,
    OURS,
    Judged,
    false_refusals,
    holes,
    report,
    strays,
    table,
)
from benchmarks.our_verifier import as_peer, our_verifier
from benchmarks.peer_environments import ROOT, make_node_environment, make_peers_environment
from benchmarks.speed.machine import machine, versions
from benchmarks.timing import refuse_outlived_tokens, seconds_each
from tests.attacks.case import Case
from tests.attacks.corpus.everything import HOSTILE, LEGAL
from tests.attacks.forge import AUDIENCE, ISSUER, LEEWAY_SECONDS, LIFETIME_SECONDS, Mint
from tests.attacks.gateway_event import bearer
from tests.attacks.keyring import keyring
from tests.attacks.target import PLAIN_ISSUER, JwksServer, build_target, serve_jwks

REPORT: Final = ROOT / "docs" / "comparison.md"


def all_cases(mint: Mint) -> list[tuple[str, Case]]:
    """Return every case with its class, but for those that break a rule of ours alone."""
    hostile = [
        (name, case)
        for name, corpus in HOSTILE.items()
        for case in corpus(mint)
        if not case.our_rule
    ]
    return [*hostile, *((GOOD, case) for case in LEGAL(mint))]


def judged_by_us(cases: list[tuple[str, Case]], mint: Mint) -> Judged:
    """Put every case to the whole authorizer, as events, over a real JWKS endpoint."""
    with serve_jwks() as server, silence():
        verdicts = [_our_verdict(server, case, mint) for _name, case in cases]
    usual = our_verifier(json.dumps([PLAIN_ISSUER]), mint.jwks_text().encode(), LEEWAY_SECONDS)
    return Judged(OURS, "this repository", verdicts, seconds_each(as_peer(usual), mint.token()))


def _our_verdict(server: JwksServer, case: Case, mint: Mint) -> str:
    jwks_uri = server.publish("/jwks", case.jwks or mint.jwks_text())
    authorizer = build_target({**PLAIN_ISSUER, "jwks_uri": jwks_uri}).authorizer
    try:
        return "accepted" if authorizer(bearer(case.token))["isAuthorized"] else "refused"
    except Unauthorized:
        return "refused"
    except Exception as error:  # noqa: BLE001  # which one is the finding
        return type(error).__name__


@contextmanager
def silence() -> Iterator[None]:
    """Send the authorizer's log nowhere."""
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        yield


def judged_by_peers(cases: list[tuple[str, Case]], mint: Mint) -> list[Judged]:
    """Put every case to the peers, each language's in its own environment."""
    question = {
        "asked": {
            "issuer": ISSUER,
            "audience": AUDIENCE,
            "algorithms": PLAIN_ISSUER["algorithms"],
            "leeway_seconds": LEEWAY_SECONDS,
            "token_use": PLAIN_ISSUER["token_use"],
        },
        "cases": [
            {"token": case.token, "jwks": case.jwks or mint.jwks_text()} for _name, case in cases
        ],
        "usual_jwks": mint.jwks_text(),
        "usual_token": mint.token(),
    }
    python = [str(make_peers_environment()), "-W", "ignore", "-m", "benchmarks.peers"]
    node = ["node", str(make_node_environment() / "peers.mjs")]
    answers = {**_answers(node, question), **_answers(python, question)}
    return [
        Judged(name, answer["version"], answer["verdicts"], answer["seconds"])
        for name, answer in answers.items()
    ]


def _answers(command: list[str], question: Mapping[str, Any]) -> Mapping[str, Any]:
    done = subprocess.run(  # noqa: S603  # our own script in an environment of our own making
        command,
        cwd=ROOT,
        input=json.dumps(question).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    answers: Mapping[str, Any] = json.loads(done.stdout)
    return answers


def main() -> None:
    """Judge, print the table, write the page; fail unless ours has no hole and no refusal."""
    mint = Mint(int(time.time()), keyring())
    cases = all_cases(mint)
    judged = [judged_by_us(cases, mint), *judged_by_peers(cases, mint)]
    refuse_outlived_tokens(mint.now, LIFETIME_SECONDS, time.time())
    print(table(cases, judged))
    REPORT.parent.mkdir(exist_ok=True)
    found = versions()
    with_versions = ", ".join(
        f"{name} {found[name]}" for name in ("Python", "Node", "cryptography")
    )
    day = datetime.now(UTC).date()
    REPORT.write_text(report(cases, judged, f"{day} on {machine()}. {with_versions}"))
    wrong = [*holes(cases, judged[0]), *false_refusals(cases, judged[0])]
    for case in wrong:
        print(f"ours is wrong about: {case.label}")
    if wrong or strays(cases, judged[0]):
        sys.exit(1)


if __name__ == "__main__":
    main()
