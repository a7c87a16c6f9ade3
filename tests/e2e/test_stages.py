"""The stages that are deployed, served on this machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOOR = "POST /local-only/sign-in-without-mfa"


def demo(stage: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "local", "demo", "--stage", stage],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "160"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(("stage", "asks_for_mfa"), [("dev", False), ("prod", True)])
def test_a_stage_that_is_deployed_runs_here_and_says_what_is_the_deployments_alone(
    stage: str, asks_for_mfa: bool
) -> None:
    status, out, err = demo(stage)
    assert (status, err) == (0, "")
    assert "answers are as declared." in out
    assert f"Stage {stage}, bundled for this machine (python3" in out
    assert "The deployment's alone: " in out
    assert "IAM::Role (" in out
    assert "Logs::LogGroup (" in out
    assert (DOOR in out) == asks_for_mfa
    templates = (ROOT / ".local" / f"cdk.out-{stage}").glob("*.template.json")
    found = [json.loads(path.read_text())["Resources"] for path in templates]
    pools = [
        each["Properties"]["MfaConfiguration"]
        for resources in found
        for each in resources.values()
        if each["Type"] == "AWS::Cognito::UserPool"
    ]
    assert pools == ["ON" if asks_for_mfa else "OPTIONAL"]
