"""Mutation testing of every module that decides: `make mutation`.

Each change of one operator, value or call in these modules should fail a test. Prints what
survives, and exits 1 unless docs/mutation.md counts and explains exactly that.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
STAGE = ROOT / ".local" / "mutation"
EXPLAINED = ROOT / "docs" / "mutation.md"

MUTATED: Mapping[str, tuple[str, ...]] = {
    "jwt_verifier/verifier": ("verifier",),
    "jwt_verifier/claims": ("claims",),
    "jwt_verifier/issuer": ("issuer",),
    "jwt_verifier/algorithms": ("verification_keys",),
    "jwt_verifier/rsa_keys": ("verification_keys",),
    "jwt_verifier/curve_keys": ("verification_keys",),
    "jwt_verifier/compact": ("compact",),
    "jwt_verifier/jose_header": ("jose_header",),
    "jwt_verifier/jwks": ("jwks", "jwks_kids"),
    "jwt_verifier/leaked_keys": ("leaked_keys",),
    "jwt_verifier/jwks_cache": ("jwks_cache",),
    "jwt_verifier/freshness": ("freshness",),
    "jwt_verifier/cached_value": ("cached_value",),
    "jwt_verifier/urls": ("urls",),
    "authorizer/policy": ("policy",),
    "authorizer/conditions": ("policy", "access_check"),
    "authorizer/claim_tests": ("policy",),
    "authorizer/access_check": ("access_check",),
    "authorizer/path_parameters": ("path_parameters",),
    "authorizer/events": ("events",),
    "authorizer/page_request": ("page_request",),
    "authorizer/access_cookie": ("access_cookie",),
    "function_kit/split_cookie": ("split_cookie",),
    "function_kit/csrf_token": ("csrf_token",),
    "authorizer/response": ("response",),
}
"""Each module that decides, with the tests that hold it: `claims` by `test_claims.py`."""


Survivor = tuple[str, str]
"""A module's name, and the line that the mutant has in place of the module's own."""


def tests_of(module: str) -> list[str]:
    """Return the paths of the tests that hold a module."""
    package = module.partition("/")[0]
    return [f"tests/unit/{package}/test_{name}.py" for name in MUTATED[module]]


# mutmut finds a package by its path below src/, and each package is imported by one name.
CONFIGURATION = f"""
[tool.pytest.ini_options]
pythonpath = [".", "src"]
addopts = ["-q", "--import-mode=importlib", "-x", "-p", "tests.mutation.quick_runs"]

[tool.mutmut]
source_paths = ["src"]
only_mutate = {[f"src/{name}.py" for name in MUTATED]}
also_copy = ["local"]
timeout_constant = 4.0
pytest_add_cli_args = ["--tb=no", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = {sorted({path for module in MUTATED for path in tests_of(module)})}
"""


def stage() -> None:
    """Lay out a copy of what the tests of the authorizer need."""
    shutil.rmtree(STAGE, ignore_errors=True)
    without_bytecode = shutil.ignore_patterns("__pycache__")
    for source, target in (
        ("lambda_src/access_checks", "src/access_checks"),
        ("lambda_src/authorizer", "src/authorizer"),
        ("lambda_src/function_kit", "src/function_kit"),
        ("lambda_src/jwt_verifier", "src/jwt_verifier"),
        ("tests/unit/authorizer", "tests/unit/authorizer"),
        ("tests/unit/function_kit", "tests/unit/function_kit"),
        ("tests/unit/jwt_verifier", "tests/unit/jwt_verifier"),
    ):
        shutil.copytree(ROOT / source, STAGE / target, ignore=without_bytecode)
    for source in (
        *(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/*.py")),
        "local/__init__.py",
        "tests/mutation/quick_runs.py",
        "tests/mutation/run.py",
        "local/surroundings.py",
    ):
        (STAGE / source).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / source, STAGE / source)
    (STAGE / "pyproject.toml").write_text(CONFIGURATION)


def mutmut(*arguments: str) -> str:
    """Run mutmut in the stage and return what it printed; end with it if mutmut fails."""
    run = subprocess.run(  # our own arguments
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=STAGE,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if run.returncode:
        raise SystemExit(run.stdout)
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


def rows_of(page: str) -> Counter[Survivor]:
    """Return the rows of the page's table: the module and the changed line of each mutant."""
    rows = re.findall(r"^\| `([a-z_]+)` \| `(.+?)` \|", page, re.MULTILINE)
    return Counter((module, change.replace(r"\|", "|")) for module, change in rows)


def survivors_explained_by(page: str) -> int:
    """Return how many rows the page's table has, one for each mutant that survives."""
    return rows_of(page).total()


def survivor(mutant: str) -> Survivor:
    """Return the module of a mutant (`authorizer.policy.x_f__mutmut_1`), and the line it changed."""
    lines = mutmut("show", mutant).splitlines()
    *_, last = (line for line in lines if re.match(r"[+-](?!\+\+|--)", line))
    change = last[1:].strip()
    return mutant.split(".")[1], change if last[0] == "+" else f"without {change}"


def statuses() -> dict[str, str]:
    """Return what became of each mutant, by name."""
    lines = mutmut("results", "--all", "true").splitlines()
    return dict(line.strip().split(": ") for line in lines if "__mutmut_" in line)


def run() -> dict[str, str]:
    """Run every mutant, one that ran out of time twice: the machine may have been busy."""
    mutmut("run", "--max-children", "2")
    slow = [mutant for mutant, status in statuses().items() if status == "timeout"]
    if slow:
        mutmut("run", "--max-children", "1", *slow)
    return statuses()


def told(survivors: Iterable[Survivor], what: str) -> None:
    """Print one line for each."""
    for module, change in survivors:
        print(f"{what}: {module}: {change}")


def main() -> int:
    """Run every mutant; 0 if the page counts them right and explains each that survives."""
    stage()
    return report(run())


def report(became: Mapping[str, str]) -> int:
    """Print what survived; 0 if the page counts the mutants right and explains these alone."""
    survivors = Counter(
        survivor(mutant) for mutant, status in became.items() if status not in ("killed", "timeout")
    )
    killed = len(became) - survivors.total()
    print(f"Of {len(became)} mutants {killed} are killed")
    page = EXPLAINED.read_text()
    explained = rows_of(page)
    told((survivors - explained).elements(), "survives, and no row explains it")
    told((explained - survivors).elements(), "has a row, and does not survive")
    is_right = survivors == explained and counted_by(page) == (len(became), killed)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
