import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from aws_jwt_authorizer.bundling.bundle import Bundle, BundleFailed
from aws_jwt_authorizer.bundling.shared_sources import shared_modules
from aws_jwt_authorizer.bundling.target import deployed_target, host_target
from aws_jwt_authorizer.function_sources import LAMBDA_SRC, functions_in
from tests.sample.paths import BACKENDS

HEALTH = Bundle("health", host_target(), {}, BACKENDS)


def tree(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def built(bundle: Bundle, folder: Path) -> Path:
    folder.mkdir()
    bundle.build(folder)
    return folder


def test_two_builds_in_two_places_are_the_same_bytes(tmp_path: Path) -> None:
    bundle = replace(HEALTH, files={"policy.json": "{}\n"})
    first = tree(built(bundle, tmp_path / "first"))
    umask = os.umask(0o077)
    try:
        second = tree(built(bundle, tmp_path / "elsewhere"))
    finally:
        os.umask(umask)
    assert first == second
    assert first["policy.json"] == b"{}\n"


def test_sources_stand_beside_dependencies_without_their_requirements(tmp_path: Path) -> None:
    files = tree(built(HEALTH, tmp_path / "out"))
    assert "health/handler.py" in files
    assert "aws_lambda_powertools/__init__.py" in files
    assert not any("requirements" in name for name in files)


@pytest.fixture
def bare(tmp_path: Path) -> Bundle:
    """A function without dependencies."""
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "handler.py").write_text("handler = print\n")
    return Bundle("bare", host_target(), {}, tmp_path)


def test_a_function_without_requirements_has_none(bare: Bundle, tmp_path: Path) -> None:
    files = {name for name in tree(built(bare, tmp_path / "out")) if not name.endswith(".pyc")}
    assert files == {"bare/handler.py"}


@pytest.mark.parametrize("lock", [None, "", "jmespath==1.1.0\n"])
def test_a_new_dependency_that_is_not_locked_names_the_command_that_locks_it(
    bare: Bundle, tmp_path: Path, lock: str | None
) -> None:
    (tmp_path / "bare" / "requirements.in").write_text("# money\nJmesPath\nstdnum>=2  # VAT\n")
    if lock is not None:
        (tmp_path / "bare" / "requirements.txt").write_text(lock)
    with pytest.raises(BundleFailed) as caught:
        built(bare, tmp_path / "out")
    missing = "stdnum" if lock else "jmespath"
    assert str(caught.value) == (
        f"cannot bundle bare: its requirements.in asks for {missing}, which its requirements.txt "
        "does not hold: run `make lock`"
    )


def test_what_a_shared_module_imports_is_asked_for_by_the_function(
    bare: Bundle, tmp_path: Path
) -> None:
    bare.check()
    (tmp_path / "bare" / "handler.py").write_text("from function_kit.backend import backend\n")
    with pytest.raises(BundleFailed) as caught:
        bare.check()
    assert str(caught.value) == (
        "cannot bundle bare: function_kit/backend.py imports aws_lambda_powertools: add "
        "aws-lambda-powertools to its requirements.in, then run `make lock`"
    )
    for function in sorted(functions_in(LAMBDA_SRC)):
        Bundle(function, deployed_target(), {}).check()


def test_no_scripts_locks_tests_caches_or_explanations_are_inside(tmp_path: Path) -> None:
    folder = built(replace(HEALTH, function="authorizer", folder=LAMBDA_SRC), tmp_path / "out")
    assert not (folder / "bin").exists()
    assert not (folder / ".lock").exists()
    names = {path.name for path in folder.rglob("*")}
    assert "tests" not in names
    assert "handler.py" in names
    assert "explain" not in names
    sources = {path.stem for path in folder.rglob("*.py")}
    assert {path.name.partition(".")[0] for path in folder.rglob("*.pyc")} <= sources


def test_what_no_bundle_holds_changes_none(tmp_path: Path) -> None:
    for name in ("handler.py", "explain/__init__.py"):
        (tmp_path / "authorizer" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "authorizer" / name).write_text("import function_kit.aws\n")
    bundle = Bundle("authorizer", host_target(), {}, tmp_path)
    before = bundle.digest()
    (tmp_path / "authorizer/explain/__init__.py").write_text("import token_issuer\n")
    assert bundle.digest() == before
    (tmp_path / "authorizer/handler.py").write_text("")
    assert shared_modules(tmp_path / "authorizer") == frozenset()


def test_a_bundle_for_lambda_holds_binaries_for_its_machine(tmp_path: Path) -> None:
    bundle = Bundle("authorizer", deployed_target(), {})
    folder = built(bundle, tmp_path / "out")
    binaries = [path.name for path in folder.glob("_cffi_backend.*.so")]
    assert binaries == ["_cffi_backend.cpython-314-aarch64-linux-gnu.so"]


def test_the_bundle_runs_by_itself(tmp_path: Path) -> None:
    folder = built(HEALTH, tmp_path / "out")
    program = (
        "import health.handler as m; event = {'routeKey': 'GET /health', "
        "'requestContext': {'requestId': 'r'}}; print(m.handler(event, None)['statusCode'])"
    )
    done = subprocess.run(  # our own bundle
        [sys.executable, "-S", "-c", program],
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "200"


def test_a_file_may_stand_in_a_folder_of_its_own(tmp_path: Path) -> None:
    bundle = replace(HEALTH, files={"static/a/index.html": "<p>", "static/b.js": "1"})
    files = tree(built(bundle, tmp_path / "out"))
    assert (files["static/a/index.html"], files["static/b.js"]) == (b"<p>", b"1")


@pytest.mark.parametrize(
    ("function", "services"),
    [
        ("session", {"dynamodb", "secretsmanager"}),
        ("revocations", {"cognito-idp", "dynamodb"}),
        ("secret_rotation", {"cognito-idp", "secretsmanager"}),
        ("token_issuer", {"dynamodb", "kms"}),
        ("key_rotation", {"dynamodb", "kms", "lambda"}),
    ],
)
def test_a_bundle_describes_the_services_that_its_function_calls_and_no_others(
    tmp_path: Path, function: str, services: set[str]
) -> None:
    bundle = built(replace(HEALTH, function=function, folder=LAMBDA_SRC), tmp_path / "out")
    data = bundle / "botocore" / "data"
    assert {path.name for path in data.iterdir() if path.is_dir()} == services
    code = (
        "import boto3, sys; sys.path[:] = [p for p in sys.path if 'site-packages' not in p];"
        f"[boto3.client(name, region_name='eu-west-1') for name in {sorted(services)}]"
    )
    command = [sys.executable, "-S", "-c", code]
    done = subprocess.run(
        command, env={"PYTHONPATH": str(bundle)}, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_a_bundle_without_the_sdk_is_left_as_it_is(tmp_path: Path) -> None:
    assert not (built(HEALTH, tmp_path / "out") / "botocore").exists()
