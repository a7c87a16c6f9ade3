"""What the commands about a stage refuse, before anything reaches AWS or CDK."""

import json
from pathlib import Path
from typing import Any

import pytest

from stacks.app_sources import AppSources
from stacks.deployment import cdk_cli
from stacks.deployment.__main__ import main
from tests.sample.access import ACCESS
from tests.sample.paths import CDK_JSON

MODULE = "tests.sample.app"
CHANGES = ("deploy", "destroy")


@pytest.fixture(autouse=True)
def no_aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither credentials nor CDK's command line: what gets that far fails."""
    for name in ("CDK_DEPLOY_ACCOUNT", "CDK_DEPLOY_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(cdk_cli, "CDK", tmp_path / "no-cdk")


def stages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **changes: dict[str, Any]) -> None:
    """Give the sample a cdk.json with some fields of some stages changed."""
    document = json.loads(CDK_JSON.read_text())
    for stage, fields in changes.items():
        document["context"]["stages"][stage].update(fields)
    (tmp_path / "cdk.json").write_text(json.dumps(document))
    sources = AppSources(access=ACCESS, cdk_json=tmp_path / "cdk.json")
    monkeypatch.setattr(f"{MODULE}.APP", sources)


def refused(
    capsys: pytest.CaptureFixture[str], folder: Path, command: str, stage: str, *more: str
) -> list[str]:
    """The lines with which a command is refused."""
    arguments = [command, "--stage", stage, "--app", MODULE, "--folder", str(folder), *more]
    assert main(arguments) == 1
    written = capsys.readouterr()
    assert "Traceback" not in written.err
    lines = written.err.splitlines()
    assert all(line.startswith(f"{command}: ") for line in lines)
    return [line.removeprefix(f"{command}: ") for line in lines]


@pytest.mark.parametrize("command", ["deploy", "destroy", "diff", "bootstrap"])
def test_the_stage_of_this_machine_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    [line] = refused(capsys, tmp_path, command, "local")
    assert line.startswith("the stage local is served on this machine and never deployed")


def test_a_retained_stage_is_refused_until_account_and_region_are_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lines = refused(capsys, tmp_path, "deploy", "prod")
    for name in ("account", "region"):
        assert any(line.startswith(f"context.stages.prod.{name} is 'auto'") for line in lines)


def test_placeholder_urls_are_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = refused(capsys, tmp_path, "deploy", "prod")
    assert any("placeholder URLs: clients.web (app.example.com)" in line for line in lines)


@pytest.mark.parametrize("command", CHANGES)
def test_placeholder_urls_of_a_stage_that_is_not_retained_are_refused_too(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    command: str,
) -> None:
    stages(monkeypatch, tmp_path, dev={"allowed_origins": ["https://app.example.com"]})
    [line] = refused(capsys, tmp_path, command, "dev")
    assert "placeholder URLs: allowed_origins (app.example.com)" in line


def test_a_retained_stage_is_never_destroyed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    [line] = refused(capsys, tmp_path, "destroy", "prod", "--yes")
    assert line.startswith("context.stages.prod.retain is true")
    assert 'docs/operate.md, "Removal"' in line


@pytest.mark.parametrize("command", [*CHANGES, "diff", "bootstrap"])
def test_without_a_region_nothing_is_asked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    [line] = refused(capsys, tmp_path, command, "dev", "--yes")
    assert line.startswith("no region is said: set AWS_REGION")


def test_without_a_terminal_nothing_is_destroyed_unasked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    [line] = refused(capsys, tmp_path, "destroy", "dev")
    assert line == "there is no terminal to ask: say YES=1 to delete without a question"


@pytest.mark.parametrize("command", [*CHANGES, "diff", "bootstrap"])
def test_without_credentials_one_line_says_how_to_get_some(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    command: str,
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    [line] = refused(capsys, tmp_path, command, "dev", "--yes")
    assert line.startswith("there are no AWS credentials: sign in")


def test_a_profile_that_is_not_there_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    [line] = refused(capsys, tmp_path, "deploy", "dev")
    assert "nobody" in line


def test_an_unknown_stage_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for command in (*CHANGES, "diff", "bootstrap", "outputs"):
        [line] = refused(capsys, tmp_path, command, "production")
        assert line.startswith("context.stage is 'production': it must be one of dev, prod")


def test_a_folder_that_is_not_an_assembly_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    [line] = refused(capsys, tmp_path, "deploy", "dev", "--assembly", str(tmp_path))
    assert line.endswith("make synth STAGE=dev writes one into cdk.out")


def assembly_of(folder: Path, stack: str, environment: str) -> Path:
    """A manifest with one stack."""
    artifact = {"type": "aws:cloudformation:stack", "environment": environment}
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps({"artifacts": {stack: artifact}}))
    return folder


def test_an_assembly_of_another_stage_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    environment = "aws://unknown-account/unknown-region"
    folder = assembly_of(tmp_path / "cdk.out", "jwt-authorizer-prod-api", environment)
    [line] = refused(capsys, tmp_path, "deploy", "dev", "--assembly", str(folder))
    assert (
        "has the stack jwt-authorizer-prod-api, which is not of jwt-authorizer's stage dev" in line
    )


def test_an_assembly_of_another_app_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    environment = "aws://unknown-account/unknown-region"
    folder = assembly_of(tmp_path / "cdk.out", "shop-api-dev-api", environment)
    [line] = refused(capsys, tmp_path, "deploy", "dev", "--assembly", str(folder))
    assert "has the stack shop-api-dev-api, which is not of jwt-authorizer's stage dev" in line


def test_an_assembly_for_no_account_in_particular_is_refused_where_one_is_pinned(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stages(monkeypatch, tmp_path, dev={"account": "123456789012"})
    environment = "aws://unknown-account/unknown-region"
    folder = assembly_of(tmp_path / "cdk.out", "jwt-authorizer-dev-api", environment)
    [line] = refused(capsys, tmp_path, "deploy", "dev", "--assembly", str(folder))
    assert f"was synthesised for {environment}, and dev goes to aws://123456789012/" in line


REVOKING = {"revocation": "closed", "authorizer_cache_ttl_seconds": 5}


def test_a_stage_without_revocation_says_how_to_turn_it_on(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for stage in ("dev", "local"):
        [line] = refused(capsys, tmp_path, "revoke", stage, "--sub", "u-1")
        assert line.startswith(f"context.stages.{stage}.revocation is 'off', so no list is read: ")


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ((), "nothing given; give exactly one of sub, origin_jti, jti, client or before"),
        (("--sub", "a", "--jti", "b"), "sub and jti given; give exactly one of"),
        (("--sub", "a", "--before", "now"), "sub and before given; give exactly one of"),
        (("--before", "tomorrow"), "before: 'tomorrow'; give a time with its zone"),
        (("--sub", "a", "--issuer", "okta"), "issuer: 'okta'; give one of cognito, machines, "),
        (("--sub", "a b\n"), "sub: 'a b\\n'; give the claim's value alone"),
    ],
)
def test_what_cannot_be_meant_is_not_revoked(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    asked: tuple[str, ...],
    problem: str,
) -> None:
    stages(monkeypatch, tmp_path, local=REVOKING)
    [line] = refused(capsys, tmp_path, "revoke", "local", *asked)
    assert line.startswith(problem)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (None, "no stack serves with "),
        ('{"revocation": null}', "what is served was started without revocation: set context."),
    ],
)
def test_a_stack_that_is_not_there_or_reads_no_list_is_named(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    written: str | None,
    problem: str,
) -> None:
    stages(monkeypatch, tmp_path, local=REVOKING)
    served = tmp_path / "outputs.json"
    if written:
        served.write_text(written)
    [line] = refused(
        capsys, tmp_path, "revoke", "local", "--sub", "a", "--local-outputs", str(served)
    )
    assert line.startswith(problem)


def test_without_credentials_nothing_is_revoked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stages(monkeypatch, tmp_path, dev=REVOKING)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    [line] = refused(capsys, tmp_path, "revoke", "dev", "--sub", "a")
    assert line.startswith("there are no AWS credentials")
