"""What the CDK app is made of -> which files those are, whether they have changed, their digest.

What is not known to be something else counts, so that no file of the app is missed.
"""

import hashlib
import os
import platform
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from local.surroundings import ROOT

_OTHER_FOLDERS = frozenset({"benchmarks", "cdk.out", "docs", "local", "node_modules", "tests"})
_NO_SOURCES = (".pyc", "~")


def source_files(root: Path = ROOT) -> Iterator[Path]:
    """Every file that synth may read or bundle, in a fixed order.

    Hidden files and folders, bytecode and an editor's back-ups are none of them.
    """
    for folder, folders, names in os.walk(root):
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


def look_at_sources(root: Path = ROOT) -> Mapping[Path, tuple[int, int]]:
    """Time of change and size of every source file: unequal mappings mean that one has changed."""
    found = {}
    for path in source_files(root):
        try:
            status = path.stat()
        except FileNotFoundError:
            # An editor replaces a file in two steps; the next look sees the second.
            continue
        found[path] = (status.st_mtime_ns, status.st_size)
    return found


def digest_of_sources(stage: str, root: Path = ROOT) -> str:
    """A digest of all that decides what synth gives: sources, stage, interpreter and machine."""
    total = hashlib.sha256(f"{stage}\0{sys.version}\0{platform.machine()}".encode())
    for path in source_files(root):
        try:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        except FileNotFoundError:
            content = "gone meanwhile"
        total.update(f"\0{path.relative_to(root)}\0{content}".encode())
    return total.hexdigest()
