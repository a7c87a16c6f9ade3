"""A checkout of its own for a test that changes sources, or starts from nothing."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("aws_jwt_authorizer", "lambda_src", "local", "stacks", "tests/sample", "web")
NOT_SOURCES = shutil.ignore_patterns("__pycache__")


def copy_sources(folder: Path) -> None:
    """Copy what the sample is synthesised and served from, and nothing that a run has left."""
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=NOT_SOURCES)


def link_packages(folder: Path) -> None:
    """Share the packages that `make setup` has fetched."""
    _link(folder, "node_modules")
    _link(folder, ".wheels")


def link_compiler(folder: Path) -> None:
    """Share what compiles bundles, and what it has compiled already."""
    _link(folder, "node_modules")
    _link(folder, ".bytecode")


def _link(folder: Path, name: str) -> None:
    (ROOT / name).mkdir(exist_ok=True)
    if not (folder / name).exists():
        (folder / name).symlink_to(ROOT / name)
