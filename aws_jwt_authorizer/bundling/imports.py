"""A module's source -> what it may import when it runs. Imports no CDK."""

import ast
import operator
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_COMPARED = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


@cache
def imported_names(source: bytes, package: str, python: str) -> frozenset[str]:
    """Return what the import statements of a module name, those inside functions too.

    Args:
        source: The module's.
        package: The package that it is or stands in, which relative imports start from; "" for
            none.
        python: The version that runs it, "3.14".

    Returns:
        Dotted names: of `from a.b import c` both `a.b` and `a.b.c`, which may be a module as well.
        What stands under `if TYPE_CHECKING:`, or under a `sys.version_info` that is not this
        version's, is not imported and left out.
    """
    return frozenset(_names(ast.parse(source), package, python))


def module_files(name: str, root: Path) -> Iterator[Path]:
    """Yield the file of a module or a package below `root`, with the packages that it stands in."""
    parts = name.split(".")
    if not (root / parts[0] / "__init__.py").is_file():
        return
    for depth in range(1, len(parts) + 1):
        path = Path(*parts[:depth])
        for candidate in (path / "__init__.py", path.with_suffix(".py")):
            if (root / candidate).is_file():
                yield candidate


def _names(tree: ast.AST, package: str, python: str) -> Iterator[str]:
    for statement in _at_run_time(tree, python):
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            module = _absolute(statement, package)
            yield module
            yield from (f"{module}.{alias.name}" for alias in statement.names)


def _absolute(statement: ast.ImportFrom, package: str) -> str:
    parts = package.split(".")
    start = parts[: len(parts) - statement.level + 1] if statement.level else []
    return ".".join([*start, *([statement.module] if statement.module else [])])


def _at_run_time(tree: ast.AST, python: str) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and (branch := _branch(node, python)) is not None:
            yield from _at_run_time(ast.Module(branch, []), python)
        else:
            yield node
            yield from _at_run_time(node, python)


def _branch(node: ast.If, python: str) -> list[ast.stmt] | None:
    """Return the branch that is taken whenever the module runs; None if that is not known."""
    test = node.test
    if isinstance(test, ast.Name | ast.Attribute) and ast.unparse(test).endswith("TYPE_CHECKING"):
        return node.orelse
    if not isinstance(test, ast.Compare) or ast.unparse(test.left) != "sys.version_info":
        return None
    compare = _COMPARED.get(type(test.ops[0]))
    wanted = test.comparators[0]
    if compare is None or not isinstance(wanted, ast.Tuple):
        return None
    version = tuple(int(part) for part in python.split("."))
    return node.body if compare(version, ast.literal_eval(wanted)) else node.orelse
