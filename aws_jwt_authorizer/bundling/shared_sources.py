"""A function's sources -> the modules of shared packages that it needs. Imports no CDK.

A folder of `lambda_src` without a `handler.py` is a shared package. A bundle takes the modules of
it that the function's imports name, directly or through one another, and nothing else: so a change
to a shared module changes only the bundles that hold it.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from aws_jwt_authorizer.function_sources import LAMBDA_SRC


def shared_modules(
    function: Path, root: Path = LAMBDA_SRC, named: Iterable[str] = ()
) -> frozenset[Path]:
    """Return the shared modules that a function's folder reaches by imports.

    Args:
        function: The function's folder.
        root: The folder that holds the shared packages.
        named: Shared modules that it imports by a name which its sources do not hold.

    Returns:
        Paths relative to `root`, `__init__.py` of each package on the way among them. What
        stands under `if TYPE_CHECKING:` is not imported when the function runs, and is left out.
    """
    found: set[Path] = set()
    waiting = [path for source in function.rglob("*.py") for path in _imported(source, root)]
    waiting += [path for module in named for path in _files(module, root)]
    while waiting:
        path = waiting.pop()
        if path in found or path.parts[0] == function.name:
            continue
        found.add(path)
        waiting += _imported(root / path, root)
    return frozenset(found)


def _imported(module: Path, root: Path) -> Iterator[Path]:
    """Yield the files below `root` that a module's imports name, relative to it."""
    for statement in _at_run_time(ast.parse(module.read_bytes())):
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                yield from _files(alias.name, root)
        elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            yield from _files(statement.module, root)
            for alias in statement.names:
                yield from _files(f"{statement.module}.{alias.name}", root)


def _at_run_time(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and _asks_the_type_checker(node.test):
            continue
        yield node
        yield from _at_run_time(node)


def _asks_the_type_checker(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def _files(name: str, root: Path) -> Iterator[Path]:
    """Yield the file of a module or a package below `root`, with the packages that it stands in."""
    parts = name.split(".")
    if not (root / parts[0] / "__init__.py").is_file():
        return
    for depth in range(1, len(parts) + 1):
        path = Path(*parts[:depth])
        for candidate in (path / "__init__.py", path.with_suffix(".py")):
            if (root / candidate).is_file():
                yield candidate
