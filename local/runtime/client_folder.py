"""The installed runtime client -> a folder that holds it and its dependencies, nothing else.

Beside it stands AWS's SDK, which Lambda's image has for functions that bring none of their own.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from py_compile import PycInvalidationMode
from py_compile import compile as compile_module

CHILD = "child.py"
"""What of the folder a function's process runs."""

_CHILD = Path(__file__).with_name(CHILD)
_NOT_RUN = shutil.ignore_patterns("__pycache__", "tests")
_PROJECT_NAME = re.compile(r"[A-Za-z0-9._-]+")


def make_client_folder(folder: Path) -> Path:
    """Copy `awslambdaric`, what it needs and what starts it into an empty folder.

    The real runtime keeps its client apart from a function's code, in /var/runtime; so a
    dependency that a bundle forgot is missing here too.

    Args:
        folder: An existing, empty folder.

    Returns:
        The same folder, ready to stand on an import path.
    """
    for source in _installed("awslambdaric"):
        if source.is_dir():
            shutil.copytree(source, folder / source.name, ignore=_NOT_RUN)
        else:
            shutil.copy2(source, folder)
    shutil.copy2(_CHILD, folder)
    for module in folder.rglob("*.py"):
        # No function's process writes bytecode, and each imports this. Where this process keeps
        # its own bytecode is not where they look.
        compiled = (
            module.parent / "__pycache__" / f"{module.stem}.{sys.implementation.cache_tag}.pyc"
        )
        compile_module(
            str(module), str(compiled), invalidation_mode=PycInvalidationMode.UNCHECKED_HASH
        )
    return folder


def link_sdk(folder: Path) -> tuple[Path, ...]:
    """Link `boto3` and what it needs into an empty folder.

    It is thirty times the client's size, so that nobody copies or compiles it.

    Returns:
        What is linked to.
    """
    sources = tuple(_installed("boto3"))
    for source in sources:
        (folder / source.name).symlink_to(source)
    return sources


def _installed(project_name: str) -> Iterator[Path]:
    """Yield the packages and modules of a project and of those that it needs."""
    for name in sorted(_with_dependencies(project_name)):
        installed = distribution(name)
        for top in sorted({file.parts[0] for file in installed.files or ()}):
            source = Path(str(installed.locate_file(top)))
            if top not in {"..", "__pycache__"} and source.exists():
                yield source


def _with_dependencies(project_name: str) -> set[str]:
    found: set[str] = set()
    waiting = [project_name]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            requirements = distribution(name).requires or ()
        except PackageNotFoundError:
            # A requirement for another platform or an extra: not installed, so not needed here.
            continue
        found.add(name)
        for requirement in requirements:
            match = _PROJECT_NAME.match(requirement)
            if match and "extra ==" not in requirement:
                waiting.append(match[0])
    return found
