"""The installed runtime client -> a folder that holds it and its dependencies, nothing else."""

import re
import shutil
import sys
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
    for project_name in _with_dependencies("awslambdaric"):
        installed = distribution(project_name)
        for top in {file.parts[0] for file in installed.files or ()}:
            source = Path(str(installed.locate_file(top)))
            if top in {"..", "__pycache__"}:
                continue
            if source.is_dir():
                shutil.copytree(source, folder / top, ignore=_NOT_RUN)
            elif source.exists():
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
