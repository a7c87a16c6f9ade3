"""What the CDK app is made of -> which files those are, whether they have changed, their digest.

What is not known to be something else counts, so that no file of the app is missed.
"""

import hashlib
import os
import platform
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from local.surroundings import ROOT

APP_MODULE = "app"
"""The module that synthesises, unless another one is named."""

Seen = Mapping[Path, tuple[int, int]]
"""What `look_at_sources` saw."""

_OTHER_FOLDERS = frozenset({"benchmarks", "cdk.out", "docs", "local", "node_modules", "tests"})
_NO_SOURCES = (".pyc", "~")


@dataclass(frozen=True, slots=True)
class Sources:
    """What an app was synthesised from.

    Attributes:
        stage: A key of `context.stages` in cdk.json.
        app_module: The module that synthesises.
        seen: The files as they were before.
    """

    stage: str
    app_module: str
    seen: Seen


def source_files(root: Path = ROOT, app_module: str = APP_MODULE) -> Iterator[Path]:
    """List every file that synth may read or bundle, in a fixed order.

    Hidden files and folders, bytecode and an editor's back-ups are none of them.

    Args:
        root: The repository.
        app_module: The module that synthesises; what stands beside it counts wherever it is.
    """
    yield from _files(root, root)
    beside = root.joinpath(*app_module.split(".")[:-1])
    if beside != root:
        yield from _files(beside, root)


def _files(top: Path, root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(top):
        here = Path(folder)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith((".", "__pycache__"))
            and not (here == root and name in _OTHER_FOLDERS)
        )
        for name in sorted(names):
            if not name.startswith(".") and not name.endswith(_NO_SOURCES):
                yield here / name


def look_at_sources(root: Path = ROOT, app_module: str = APP_MODULE) -> Seen:
    """Stat every source file; unequal mappings mean that one has changed."""
    found = {}
    for path in source_files(root, app_module):
        try:
            status = path.stat()
        except FileNotFoundError:
            # An editor replaces a file in two steps; the next look sees the second.
            continue
        found[path] = (status.st_mtime_ns, status.st_size)
    return found


def digest_of_sources(stage: str, root: Path = ROOT, app_module: str = APP_MODULE) -> str:
    """Digest everything that decides what synth makes: sources, stage, interpreter, machine."""
    total = hashlib.sha256(f"{app_module}\0{stage}\0{sys.version}\0{platform.machine()}".encode())
    for path in source_files(root, app_module):
        try:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        except FileNotFoundError:
            content = "gone meanwhile"
        total.update(f"\0{path.relative_to(root)}\0{content}".encode())
    return total.hexdigest()
