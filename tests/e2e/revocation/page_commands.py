"""The commands of docs/revocation.md, as a person types them, on the local stack: `make rehearse`."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from local.loopback import fetch
from tests.e2e.revocation.conftest import Revoking, SignedIn

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "revocation.md").read_text(encoding="utf-8")
ODD = 'a"; exit 3; `exit 4` # %s'
"""A value of which a shell would make something else."""


def commands() -> list[str]:
    """What the page has under its heading about cutting somebody off."""
    section = PAGE.partition("\n## Cut somebody off\n")[2].partition("\n## ")[0]
    block = section.partition("```console\n")[2].partition("```")[0]
    return [line.removeprefix("$ ") for line in block.splitlines()]


def shell(revoking: Revoking, script: list[str], **variables: str) -> list[str]:
    """Run commands in the checkout; the lines that they print."""
    own = {
        "APP": "tests.deployment.app",
        "REHEARSED_CDK_JSON": str(revoking.cdk_json),
        "SERVED": str(revoking.outputs),
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(script)],
        cwd=ROOT,
        env={**os.environ, **own, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout.splitlines()


def refresh(revoking: Revoking, person: SignedIn) -> tuple[int, Any]:
    """Ask the pool for new tokens, as the page's own client."""
    form = {
        "grant_type": "refresh_token",
        "client_id": revoking.client().id,
        "refresh_token": person.refresh,
    }
    url = f"{revoking.stack.pool.cognito.url}/oauth2/token"
    status, body = fetch.send("POST", url, seconds=20, form=form)
    return status, json.loads(body)


def test_whoever_is_named_is_refused_by_the_time_that_the_command_ends(revoking: Revoking) -> None:
    person, session, one, other = (
        revoking.sign_in(name) for name in ("buyer", "user", "user", "user")
    )
    assert {revoking.status(each) for each in (person, session, one, other)} == {200}
    *single, everything = commands()
    lines = shell(
        revoking,
        single,
        PERSON=person.claims["sub"],
        SIGN_IN=session.claims["origin_jti"],
        TOKEN_ID=one.claims["jti"],
        APP_CLIENT=ODD,
    )
    assert [revoking.status(each) for each in (person, session, one)] == [401, 401, 401]
    assert revoking.status(other) == 200
    place = r"local refuses tokens in this machine, table \S+, as this machine"
    assert sum(bool(re.fullmatch(place, line)) for line in lines) == len(single)
    assert lines.count(
        "the gateway has forgotten what was decided before: these tokens are refused from now on"
    ) == len(single)
    of = "refused: every token of the issuer cognito with"
    assert any(line.startswith(f"{of} sub {person.claims['sub']!r}") for line in lines)
    assert "no refresh token of this person brings new ones any longer" in lines
    refused, said = refresh(revoking, person)
    assert (refused, said["error"]) == (400, "invalid_grant")
    assert refresh(revoking, other)[0] == 200
    assert any(f"that the client {ODD!r} got before" in line for line in lines)
    assert everything.endswith("BEFORE=now")
    shell(revoking, [everything])
    assert revoking.status(other) == 401


def test_each_command_of_the_page_is_one_that_make_has() -> None:
    named = set(re.findall(r"make (?:-s )?([a-z-]+)", PAGE))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"revoke", "deploy", "local"} <= named <= targets
