from pathlib import Path

import pytest

from aws_jwt_authorizer.bundling.bundle import Bundle
from aws_jwt_authorizer.bundling.shared_sources import shared_modules
from aws_jwt_authorizer.bundling.target import host_target
from aws_jwt_authorizer.function_sources import LAMBDA_SRC, OWN_FUNCTIONS
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


def test_the_functions_of_this_app_share_by_this_rule() -> None:
    assert {function for function in OWN_FUNCTIONS if shared_by(LAMBDA_SRC, function)} >= {
        "authorizer"
    }
    answers = {"function_kit/__init__.py", "function_kit/answers.py"}
    assert {str(path) for path in shared_modules(BACKENDS / "health")} == answers
    assert shared_by(LAMBDA_SRC, "secret_rotation") == set()


@pytest.mark.parametrize("function", ["authorizer", "session"])
def test_a_function_that_verifies_tokens_holds_the_verifier_whole(function: str) -> None:
    verifying = {"jwt_verifier", "verifier", "claims", "curve_keys", "https", "jwks_cache"}
    assert shared_by(LAMBDA_SRC, function) >= {f"jwt_verifier/{name}.py" for name in verifying}


def test_the_bundle_holds_the_shared_modules_beside_the_function(tmp_path: Path) -> None:
    Bundle("authorizer", host_target(), "off", {}).build(tmp_path)
    held = {str(path.relative_to(tmp_path)) for path in (tmp_path / "jwt_verifier").rglob("*")}
    assert held == shared_by(LAMBDA_SRC, "authorizer")
    assert "jwt_verifier/verifier.py" in held
