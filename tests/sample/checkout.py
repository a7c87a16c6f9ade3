"""A checkout of its own for a test that changes sources, or starts from nothing."""

import shutil
from pathlib import Path

from local.this_app.synthesis.synth import LOCAL_FOLDER, LOCAL_STAGE, synthesise
from tests.sample.paths import APP_MODULE

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


def copy_assembly(folder: Path) -> None:
    """Leave what an earlier start of the sample has left: a synthesis there bundles what differs."""
    assembly = synthesise(LOCAL_STAGE, APP_MODULE)
    there = folder / LOCAL_FOLDER.name
    shutil.copytree(assembly, there / assembly.name)
    shutil.copy(assembly.with_name(f"{assembly.name}.json"), there)


def _link(folder: Path, name: str) -> None:
    (ROOT / name).mkdir(exist_ok=True)
    if not (folder / name).exists():
        (folder / name).symlink_to(ROOT / name)
