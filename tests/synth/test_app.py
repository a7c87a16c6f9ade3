"""`python -m app` as CDK's command line and the local stack start it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.processes import SHARED_BYTECODE
from tests.sample.checkout import copy_sources, link_compiler
from tests.sample.paths import APP_MODULE, STAGES
from tests.synth.synthesis import Synthesis

ROOT = Path(__file__).parents[2]


def run_app(
    folder: Path, context: dict[str, Any], checkout: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    node = shutil.which("node")
    assert node, "Node is what CDK runs on"
    return subprocess.run(  # our own app
        [sys.executable, "-m", APP_MODULE],
        cwd=checkout,
        env={
            "PATH": str(Path(node).parent),
            "HOME": os.environ["HOME"],
            **SHARED_BYTECODE,
            "CDK_OUTDIR": str(folder),
            "CDK_CONTEXT_JSON": json.dumps(context),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def local_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run for this machine leaves behind: cdk.out, and a mark if Docker was called."""
    folder = tmp_path_factory.mktemp("run")
    docker = folder / "docker"
    docker.write_text(f"#!/bin/sh\ntouch {folder}/docker-was-called\nexit 1\n")
    docker.chmod(0o755)
    done = run_app(folder / "cdk.out", {"stage": "local"}, CDK_DOCKER=str(docker))
    assert done.returncode == 0, done.stderr
    (folder / "said").write_text(done.stdout + done.stderr)
    return folder


def test_synth_says_nothing_of_the_end_of_a_node_version(local_run: Path) -> None:
    assert "end-of-life" not in (local_run / "said").read_text()


def test_synth_needs_no_credentials_and_never_calls_docker(local_run: Path) -> None:
    assert (local_run / "cdk.out/jwt-authorizer-local-api.template.json").is_file()
    assert not (local_run / "docker-was-called").exists()


def test_feature_flags_come_from_cdk_json_without_the_command_line_too(local_run: Path) -> None:
    """One of them makes one statement of two that allow the same."""
    template = (local_run / "cdk.out/jwt-authorizer-local-api.template.json").read_text()
    assert template.count("secretsmanager:PutSecretValue") == 1


def test_the_command_gives_the_templates_that_the_tests_look_at(
    local_run: Path, local: Synthesis
) -> None:
    template = (local_run / "cdk.out/jwt-authorizer-local-api.template.json").read_text()
    assert json.loads(template) == local.api


def test_a_bad_field_stops_synth_with_one_line(folder: Path) -> None:
    stages = {**STAGES, "dev": {**STAGES["dev"], "token_validity_minutes": 60}}
    done = run_app(folder, {"stages": stages})
    assert done.returncode == 1
    assert done.stderr == (
        "context.stages.dev.token_validity_minutes is 60: it must be a whole number from 5 to 15\n"
    )


def test_an_unknown_stage_stops_synth_with_one_line(folder: Path) -> None:
    done = run_app(folder, {"stage": "production"})
    assert done.returncode == 1
    assert done.stderr.startswith("context.stage is 'production': it must be one of dev, prod,")
    assert done.stderr.count("\n") == 1


def test_an_unknown_machine_to_bundle_for_stops_synth_with_one_line(folder: Path) -> None:
    done = run_app(folder, {"bundle_for": "sparc"})
    assert done.returncode == 1
    assert done.stderr == "context.bundle_for is 'sparc': it must be arm64 or host\n"


def test_a_bundle_that_cannot_be_built_stops_synth_and_says_why(
    folder: Path, tmp_path: Path
) -> None:
    """A checkout that has never fetched a wheel, without a network."""
    copy_sources(tmp_path)
    link_compiler(tmp_path)
    done = run_app(folder, {"stage": "local"}, checkout=tmp_path, PIP_NO_INDEX="1")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith(
        "cannot bundle token_issuer: its locked requirements cannot be installed"
    )
