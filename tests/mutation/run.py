"""Mutation testing of the decision path: `make mutation`.

Every change of one operator, value or call in these modules should fail a test. Prints what
survives, and exits 1 if docs/mutation.md does not explain it.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
STAGE = ROOT / ".local" / "mutation"
EXPLAINED = ROOT / "docs" / "mutation.md"

MUTATED = (
    "jwt_verifier/verifier",
    "jwt_verifier/jwks_cache",
    "jwt_verifier/jwks",
    "jwt_verifier/leaked_keys",
    "authorizer/policy",
    "authorizer/page_request",
    "authorizer/access_cookie",
    "authorizer/csrf_token",
)
TESTS = (
    *MUTATED,
    "jwt_verifier/jwks_kids",
    "jwt_verifier/claims",
    "authorizer/authorize",
    "authorizer/response",
)

# mutmut finds a package by its path below src/, and each package is imported by one name.
CONFIGURATION = f"""
[tool.pytest.ini_options]
pythonpath = [".", "src"]
addopts = ["-q", "--import-mode=importlib", "-x"]

[tool.mutmut]
source_paths = ["src"]
only_mutate = {[f"src/{name}.py" for name in MUTATED]}
also_copy = ["local"]
pytest_add_cli_args_test_selection = {[f"tests/unit/{name.replace('/', '/test_')}.py" for name in TESTS]}
"""


def stage() -> None:
    """Lay out a copy of what the tests of the authorizer need."""
    shutil.rmtree(STAGE, ignore_errors=True)
    without_bytecode = shutil.ignore_patterns("__pycache__")
    for source, target in (
        ("lambda_src/authorizer", "src/authorizer"),
        ("lambda_src/jwt_verifier", "src/jwt_verifier"),
        ("tests/unit/authorizer", "tests/unit/authorizer"),
        ("tests/unit/jwt_verifier", "tests/unit/jwt_verifier"),
    ):
        shutil.copytree(ROOT / source, STAGE / target, ignore=without_bytecode)
    for source in (
        "tests/conftest.py",
        "local/__init__.py",
        "local/loopback/__init__.py",
        "local/loopback/signing_key.py",
        "tests/issuer.py",
        "local/surroundings.py",
    ):
        (STAGE / source).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / source, STAGE / source)
    (STAGE / "pyproject.toml").write_text(CONFIGURATION)


def mutmut(*arguments: str) -> str:
    """Run mutmut in the stage and return what it printed."""
    run = subprocess.run(  # our own arguments
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=STAGE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return run.stdout


def survivors_counted_by(page: str) -> int:
    """Return how many survivors the page's sentence counts."""
    mutants, killed = counted_by(page)
    return mutants - killed


def counted_by(page: str) -> tuple[int, int]:
    """Return how many mutants the page says there were, and how many were killed."""
    counted = re.search(r"Of ([\d,]+) mutants ([\d,]+) are killed", page)
    if counted is None:
        raise ValueError("docs/mutation.md does not say: Of N mutants K are killed")
    mutants, killed = (int(figure.replace(",", "")) for figure in counted.groups())
    return mutants, killed


def survivors_explained_by(page: str) -> int:
    """Return how many rows the page's table has, one for each mutant that survives."""
    return len(re.findall(r"^\| `[a-z_]+` \|", page, re.MULTILINE))


def changes(mutant: str) -> list[str]:
    """Return the lines that a mutant changed, as they became."""
    lines = mutmut("show", mutant).splitlines()
    return [line[1:].strip() for line in lines if line.startswith("+") and line[:3] != "+++"]


def main() -> int:
    """Run every mutant; 0 if each survivor is explained and the page's count is right."""
    stage()
    tallies = re.findall(r"\d+/(\d+)  🎉 (\d+)", mutmut("run", "--max-children", "2"))
    mutants, killed = map(int, tallies[-1])
    print(f"{mutants} mutants, {killed} killed")
    listed = mutmut("results").splitlines()
    survivors = [line.split(":")[0].strip() for line in listed if line.endswith("survived")]
    explained = EXPLAINED.read_text().replace(r"\|", "|")  # a pipe in a cell is escaped
    unexplained = 0
    for mutant in survivors:
        for change in changes(mutant):
            is_explained = f"`{change}`" in explained
            unexplained += not is_explained
            print(f"{'explained  ' if is_explained else 'UNEXPLAINED'} {mutant}: {change}")
    print(f"{len(survivors)} survivors, {unexplained} unexplained")
    miscounted = counted_by(EXPLAINED.read_text()) != (mutants, killed)
    if miscounted:
        print("docs/mutation.md counts otherwise")
    return 1 if unexplained or miscounted or not listed else 0


if __name__ == "__main__":
    sys.exit(main())
