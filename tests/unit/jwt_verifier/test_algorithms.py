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


CURVES = {"cryptography.hazmat.primitives.asymmetric.ec", "jwt_verifier.curve_keys"}


def test_rs256_alone_never_imports_what_curves_need() -> None:
    loaded = imports_after(
        "import authorizer.handler; from jwt_verifier import algorithms; algorithms.preload(['RS256'])"
    )
    assert "authorizer.handler" in loaded
    assert not loaded & CURVES


@pytest.mark.parametrize("name", ["ES256", "ES384", "ES512", "EdDSA", "Ed25519"])
def test_an_algorithm_on_a_curve_is_imported_before_the_first_token(name: str) -> None:
    loaded = imports_after(
        f"from jwt_verifier import algorithms; algorithms.preload(['RS256', {name!r}])"
    )
    assert loaded >= CURVES


@pytest.mark.parametrize("name", algorithms.SUPPORTED)
def test_no_algorithm_needs_pyjwt(name: str) -> None:
    loaded = imports_after(
        "import authorizer.handler; from jwt_verifier import algorithms;"
        f"algorithms.preload([{name!r}])"
    )
    assert "jwt" not in loaded


@pytest.mark.parametrize("name", ["HS256", "HS384", "HS512", "none", "None", "", "rs256", "ES256K"])
def test_no_symmetric_or_missing_algorithm_can_be_configured(name: str) -> None:
    assert name not in algorithms.SUPPORTED


@pytest.mark.parametrize("name", ["RS256", "Ed25519", "none", "HS256", "ES256K", "ML-DSA-44"])
def test_a_registered_algorithm_may_be_named_in_a_log(name: str) -> None:
    assert algorithms.in_words(name) == name


@pytest.mark.parametrize("name", ["rs256", "", "RS256\n", "x" * 9000])
def test_any_other_is_not_quoted(name: str) -> None:
    assert algorithms.in_words(name) == "not a registered algorithm"
