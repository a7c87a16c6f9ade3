import shutil
from pathlib import Path

import pytest

from aws_jwt_authorizer.bundling import bundle
from aws_jwt_authorizer.bundling.bundle import Bundle
from aws_jwt_authorizer.bundling.shared_sources import shared_modules
from aws_jwt_authorizer.bundling.target import host_target
from aws_jwt_authorizer.function_sources import LAMBDA_SRC, functions_in
from tests.sample.paths import BACKENDS


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A function that shares two packages, and modules that it does not need."""
    files = {
        "orders/__init__.py": "",
        "orders/handler.py": "from orders import table\nfrom shared.urls import is_safe\n",
        "orders/table.py": "import json\n",
        "shared/__init__.py": "",
        "shared/urls.py": "from shared import text\nimport other.deep.numbers\n",
        "shared/text.py": "",
        "shared/unused.py": "",
        "other/__init__.py": "",
        "other/deep/__init__.py": "",
        "other/deep/numbers.py": "",
        "other/deep/unused.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def shared_by(sources: Path, function: str) -> set[str]:
    return {str(path) for path in shared_modules(sources / function, sources)}


def test_a_bundle_takes_what_imports_name_directly_or_through_one_another(sources: Path) -> None:
    assert shared_by(sources, "orders") == {
        "shared/__init__.py",
        "shared/urls.py",
        "shared/text.py",
        "other/__init__.py",
        "other/deep/__init__.py",
        "other/deep/numbers.py",
    }


@pytest.mark.parametrize(
    ("imports", "taken"),
    [
        ("import shared.urls", True),
        ("import shared.urls as urls", True),
        ("from shared import urls", True),
        ("from shared.urls import is_safe as safe", True),
        ("def late():\n    from shared import urls", True),
        ("try:\n    import shared.urls\nexcept ImportError:\n    pass", True),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from shared import urls", False),
        ("import shared", False),
        ("import json, urllib.parse", False),
        ("'import shared.urls'", False),
    ],
)
def test_an_import_counts_where_python_would_run_it(
    sources: Path, imports: str, taken: bool
) -> None:
    (sources / "orders" / "handler.py").write_text(imports + "\n")
    assert ("shared/urls.py" in shared_by(sources, "orders")) is taken


def test_two_modules_that_import_each_other_come_to_an_end(sources: Path) -> None:
    (sources / "shared" / "text.py").write_text("import shared.urls\n")
    assert "shared/text.py" in shared_by(sources, "orders")


def test_a_change_to_a_shared_module_changes_only_the_bundles_that_hold_it(sources: Path) -> None:
    (sources / "health").mkdir()
    (sources / "health" / "handler.py").write_text("from shared import unused\n")
    assert "shared/urls.py" in shared_by(sources, "orders")
    assert shared_by(sources, "health") == {"shared/__init__.py", "shared/unused.py"}


def test_a_function_of_this_app_takes_what_it_imports_and_nothing_else() -> None:
    kit, verifier = "function_kit/__init__.py", "jwt_verifier/__init__.py"
    answers = {str(path) for path in shared_modules(BACKENDS / "health")}
    assert answers == {kit, "function_kit/answers.py", "function_kit/backend.py"}
    assert shared_by(LAMBDA_SRC, "token_claims") == set()
    assert shared_by(LAMBDA_SRC, "secret_rotation") == {
        *(kit, "function_kit/aws.py", "function_kit/environment.py"),
        *(verifier, "jwt_verifier/errors.py"),
    }


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of all functions, without their dependencies, that bundles are made of."""
    copy = tmp_path / "lambda_src"
    for folder in (LAMBDA_SRC, BACKENDS):
        shutil.copytree(
            folder, copy, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True
        )
    for requirements in copy.glob("*/requirements.*"):
        requirements.unlink()
    monkeypatch.setattr(bundle, "LAMBDA_SRC", copy)
    return copy


Bundles = dict[str, dict[str, bytes]]
"""The content of each function's files, by path."""


def bundles(sources: Path, folder: Path) -> Bundles:
    found = {}
    for function in functions_in(sources):
        output = folder / function
        output.mkdir(parents=True)
        Bundle(function, host_target(), {}, sources).build(output)
        files = (path for path in output.rglob("*") if path.is_file())
        found[function] = {str(path.relative_to(output)): path.read_bytes() for path in files}
    return found


def holders(found: Bundles, module: str) -> frozenset[str]:
    return frozenset(function for function, files in found.items() if module in files)


def test_a_change_to_shared_modules_of_this_app_changes_the_bundles_that_hold_them_alone(
    copied: Path, tmp_path: Path
) -> None:
    before = bundles(copied, tmp_path / "before")
    held_alike: dict[frozenset[str], list[Path]] = {}
    for path in (*copied.glob("function_kit/*.py"), *copied.glob("jwt_verifier/*.py")):
        held_by = holders(before, str(path.relative_to(copied)))
        held_alike.setdefault(held_by, []).append(path)
    assert len(held_alike) > 2
    for number, (held_by, paths) in enumerate(held_alike.items()):
        texts = {path: path.read_text() for path in paths}
        for path, text in texts.items():
            path.write_text(f"{text}\nCHANGED = True\n")
        after = bundles(copied, tmp_path / str(number))
        assert {function for function in before if after[function] != before[function]} == held_by
        for path, text in texts.items():
            path.write_text(text)


def test_no_module_of_the_kit_is_without_a_function_that_holds_it(
    copied: Path, tmp_path: Path
) -> None:
    found = bundles(copied, tmp_path / "bundles")
    kit = [str(path.relative_to(copied)) for path in copied.glob("function_kit/*.py")]
    assert [module for module in kit if not holders(found, module)] == []


@pytest.mark.parametrize("function", ["authorizer", "session"])
def test_a_function_that_verifies_tokens_holds_the_verifier_whole(function: str) -> None:
    verifying = {"jwt_verifier", "verifier", "claims", "curve_keys", "https", "jwks_cache"}
    assert shared_by(LAMBDA_SRC, function) >= {f"jwt_verifier/{name}.py" for name in verifying}


def test_the_bundle_holds_the_shared_modules_beside_the_function(tmp_path: Path) -> None:
    Bundle("authorizer", host_target(), {}).build(tmp_path)
    packages = ("function_kit", "jwt_verifier")
    paths = [path for package in packages for path in (tmp_path / package).rglob("*.py")]
    held = {str(path.relative_to(tmp_path)) for path in paths}
    assert held == shared_by(LAMBDA_SRC, "authorizer")
    assert "jwt_verifier/verifier.py" in held


SDK = {"boto3", "botocore", "s3transfer", "function_kit/aws.py"}


def test_the_authorizers_bundle_holds_no_sdk(tmp_path: Path) -> None:
    Bundle("authorizer", host_target(), {}).build(tmp_path)
    assert [name for name in SDK if (tmp_path / name).exists()] == []
