import subprocess
import sys
from pathlib import Path

import pytest

from jwt_verifier import algorithms

SOURCES = Path(__file__).parents[3] / "lambda_src"


def imports_after(statement: str) -> set[str]:
    program = f"import sys; sys.path.insert(0, {str(SOURCES)!r}); {statement}; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(run.stdout.split())


def test_rs256_alone_never_imports_pyjwt() -> None:
    loaded = imports_after(
        "import authorizer.handler; from jwt_verifier import algorithms; algorithms.preload(['RS256'])"
    )
    assert "authorizer.handler" in loaded
    assert "jwt" not in loaded


def test_any_other_algorithm_imports_pyjwt_before_the_first_token() -> None:
    loaded = imports_after(
        "from jwt_verifier import algorithms; algorithms.preload(['RS256', 'ES256'])"
    )
    assert "jwt.algorithms" in loaded


@pytest.mark.parametrize("name", ["HS256", "HS384", "HS512", "none", "None", "", "rs256", "ES256K"])
def test_no_symmetric_or_missing_algorithm_can_be_configured(name: str) -> None:
    assert name not in algorithms.SUPPORTED
