"""A CDK app that is not ours, with nothing but the installed wheel."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from aws_jwt_authorizer.bundling.bundle import Bundle
from aws_jwt_authorizer.bundling.target import deployed_target

from .conftest import ROOT, Run

SOMEBODY_ELSES_APP = """
import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_jwt_authorizer.access.policy_document import policy_json
from aws_jwt_authorizer.access.rules import AccessTable, Issuer, Route, Rule
from aws_jwt_authorizer.bundling.bundle import Bundle
from aws_jwt_authorizer.bundling.function_code import function_code
from aws_jwt_authorizer.bundling.target import deployed_target

route = Route("GET /pets", "pets", "lambda", Rule(scopes_all=("pets/read",)))
access = AccessTable((Issuer("okta", "https://okta.example", ("pets",)),), {}, {}, (), (route,))
app = cdk.App(analytics_reporting=False, outdir="cdk.out")
bundle = Bundle("authorizer", deployed_target(), {"policy.json": policy_json(access)})
with function_code(bundle) as code:
    lambda_.Function(
        cdk.Stack(app, "Pets"),
        "Authorizer",
        runtime=lambda_.Runtime("python3.14", lambda_.RuntimeFamily.PYTHON),
        architecture=lambda_.Architecture.ARM_64,
        handler="authorizer.handler.handler",
        code=code,
    )
app.synth()
"""


@pytest.fixture(scope="module")
def assembly(run_with_cdk: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app, synthesised outside this checkout; wheels and pyodide are those of `make setup`."""
    folder = tmp_path_factory.mktemp("somebody-else")
    cache = folder / "cache" / "aws-jwt-authorizer"
    cache.mkdir(parents=True)
    (cache / "wheels").symlink_to(ROOT / ".wheels")
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    (folder / "app.py").write_text(SOMEBODY_ELSES_APP, encoding="utf-8")
    # CDK's own rules say nothing of bundles, and their engine takes seconds to start.
    variables = {
        "CDK_VALIDATION": "false",
        "PIP_NO_INDEX": "1",
        "XDG_CACHE_HOME": str(cache.parent),
    }
    run_with_cdk("app.py", cwd=folder, variables=variables)
    return folder / "cdk.out"


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def test_an_app_bundles_from_the_installed_wheel_what_a_checkout_bundles(
    assembly: Path, tmp_path: Path
) -> None:
    [asset] = assembly.glob("asset.*")
    policy = (asset / "policy.json").read_text(encoding="utf-8")
    assert list(json.loads(policy)["routes"]) == ["GET /pets"]
    bundle = Bundle("authorizer", deployed_target(), {"policy.json": policy})
    bundle.build(tmp_path)
    assert dict(files(asset)) == dict(files(tmp_path))


def test_the_library_keeps_wheels_in_the_cache_of_the_user(
    run_with_cdk: Run, tmp_path: Path
) -> None:
    program = "from aws_jwt_authorizer.bundling.wheels import WHEELS; print(WHEELS)"
    cache = str(tmp_path)
    kept = run_with_cdk("-c", program, variables={"XDG_CACHE_HOME": cache})
    assert kept == f"{cache}/aws-jwt-authorizer/wheels\n"
    kept = run_with_cdk("-c", program, variables={"XDG_CACHE_HOME": "", "HOME": cache})
    assert kept == f"{cache}/.cache/aws-jwt-authorizer/wheels\n"


def test_a_cache_that_cannot_be_made_is_one_line_with_the_fix(
    run_with_cdk: Run, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    program = (
        "from aws_jwt_authorizer.bundling.bundle import Bundle, BundleFailed\n"
        "from aws_jwt_authorizer.bundling.target import deployed_target\n"
        "from pathlib import Path\n"
        "try:\n"
        "    Bundle('authorizer', deployed_target(), {}).build(Path('out'))\n"
        "except BundleFailed as failure:\n"
        "    print(failure)"
    )
    variables = {"XDG_CACHE_HOME": str(tmp_path / "file")}
    said = run_with_cdk("-c", program, cwd=tmp_path, variables=variables)
    assert said.startswith("cannot bundle authorizer:")
    assert said.endswith(
        "cannot be made (Not a directory): set XDG_CACHE_HOME to a folder that can be written\n"
    )
