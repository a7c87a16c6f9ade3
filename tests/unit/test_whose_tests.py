"""No test of ours reads what a user edits: it stands on the frozen sample."""

import ast
from collections.abc import Iterator
from pathlib import Path

from aws_jwt_authorizer.function_sources import LAMBDA_SRC, OWN_FUNCTIONS, functions_in

TESTS = Path(__file__).parents[1]
OURS = sorted(
    path.relative_to(TESTS)
    for path in TESTS.rglob("*.py")
    if path.relative_to(TESTS).parts[0] != "your_app"
)
OF_THE_USER = {"app", "stacks.access", *(functions_in(LAMBDA_SRC) - OWN_FUNCTIONS)}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_test_of_ours_imports_what_a_user_edits() -> None:
    found = {
        f"{path} imports {name}"
        for path in OURS
        for name in imported(TESTS / path)
        if any(f"{name}.".startswith(f"{of}.") for of in OF_THE_USER)
    }
    assert not found, "import tests.sample.access or tests.sample.app, or move it to tests/your_app"
