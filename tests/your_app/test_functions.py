"""Your backends: what each folder of `lambda_src` that is yours must hold and may import."""

import pytest

from aws_jwt_authorizer.bundling.locked_requirements import locked_requirements
from aws_jwt_authorizer.bundling.shared_sources import shared_modules
from aws_jwt_authorizer.bundling.target import deployed_target
from aws_jwt_authorizer.function_sources import LAMBDA_SRC, OWN_FUNCTIONS, functions_in

YOURS = sorted(functions_in(LAMBDA_SRC) - OWN_FUNCTIONS)
EVERY_FUNCTION = functions_in(LAMBDA_SRC)


@pytest.mark.parametrize("name", YOURS)
def test_a_backend_imports_itself_and_what_functions_share_and_no_other_function(
    name: str,
) -> None:
    taken = {path.parts[0] for path in shared_modules(LAMBDA_SRC / name)}
    assert not taken & EVERY_FUNCTION, "share code through a package without a handler.py"


@pytest.mark.parametrize("name", YOURS)
def test_a_backends_requirements_are_locked(name: str) -> None:
    locked_requirements(LAMBDA_SRC / name / "requirements.txt", deployed_target())
