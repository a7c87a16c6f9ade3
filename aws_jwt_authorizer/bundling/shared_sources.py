"""A function's sources -> the modules of shared packages that it needs. Imports no CDK.

A folder of `lambda_src` without a `handler.py` is a shared package. A bundle takes the modules of
it that the function's imports name, directly or through one another, and nothing else: so a change
to a shared module changes only the bundles that hold it.
"""

from collections.abc import Iterable
from pathlib import Path

from aws_jwt_authorizer.bundling.imports import imported_names, module_files
from aws_jwt_authorizer.bundling.target import DEPLOYED_PYTHON
from aws_jwt_authorizer.bundling.unused import deployed_sources
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
    names = [*named, *(name for source in _modules_of(function) for name in _imported(source))]
    found, seen = set[Path](), set[str]()
    while names:
        name = names.pop()
        if name in seen:
            continue
        seen.add(name)
        for path in module_files(name, root):
            if path not in found and path.parts[0] != function.name:
                found.add(path)
                names += _imported(root / path)
    return frozenset(found)


def _modules_of(function: Path) -> Iterable[Path]:
    return (path for path in deployed_sources(function) if path.suffix == ".py")


def _imported(module: Path) -> Iterable[str]:
    """Return what a module's imports name."""
    return imported_names(module.read_bytes(), "", DEPLOYED_PYTHON)
