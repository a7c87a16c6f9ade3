"""A cloud assembly -> a record of what it was made from and what is in it, held to at each reuse.

An assembly that anything has changed after it was made is never used again: what a function wrote
into its code folder would be served, and CDK takes a code folder that is there already as it is.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class AssemblyRecord:
    """Knows one assembly's folder; the record lies beside it.

    Attributes:
        assembly: The folder.
    """

    assembly: Path

    @property
    def _path(self) -> Path:
        return self.assembly.with_name(f"{self.assembly.name}.json")

    def is_of(self, sources: str) -> bool:
        """Return whether the assembly was made from these sources and is as it was made.

        Args:
            sources: Their digest.
        """
        record = self._read()
        if record.get("sources") != sources:
            return False
        made = _texts(record.get("entries"))
        names = _used(self.assembly, {*made, *_names(self.assembly)})
        return bool(names) and all(made.get(name) == self._digest(name) for name in names)

    def keep_what_is_as_made(self) -> None:
        """Remove every part of the assembly that was changed, and forget what it was made from.

        The other parts stay: functions of a running stack run from them.
        """
        made = _texts(self._read().get("entries"))
        self._path.unlink(missing_ok=True)
        for name in _names(self.assembly):
            if made.get(name) != self._digest(name):
                _remove(self.assembly / name)

    def write(self, sources: str) -> None:
        """Record the assembly as it is now.

        Args:
            sources: The digest of what it was made from.
        """
        entries = {name: self._digest(name) for name in _names(self.assembly)}
        self._path.write_text(json.dumps({"sources": sources, "entries": entries}))

    def _read(self) -> Mapping[str, object]:
        try:
            record = json.loads(self._path.read_text())
        except (OSError, ValueError):
            return {}
        return record if isinstance(record, dict) else {}

    def _digest(self, name: str) -> str | None:
        if not os.path.lexists(self.assembly / name):
            return None
        total = hashlib.sha256()
        _add(total, self.assembly / name)
        return total.hexdigest()


def _names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder)) if folder.is_dir() else []  # noqa: PTH208 - names alone


def _used(assembly: Path, names: set[str]) -> list[str]:
    """Return the files of the assembly and those that they name: its assets."""
    files = [name for name in names if (assembly / name).is_file()]
    text = "".join((assembly / name).read_text("utf-8", "replace") for name in files)
    return [name for name in names if name in files or name in text]


def _add(total: "hashlib._Hash", path: Path) -> None:
    """Add kind, permissions, name and content of a file, or of a folder with all below it."""
    status = path.lstat()
    total.update(f"{path.name}\0{status.st_mode:o}\0".encode())
    if path.is_symlink():
        total.update(str(path.readlink()).encode())
    elif path.is_dir():
        names = _names(path)
        total.update(f"{len(names)}\0".encode())
        for name in names:
            _add(total, path / name)
    else:
        total.update(hashlib.sha256(path.read_bytes()).digest())


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _texts(value: object) -> Mapping[str, str]:
    return value if isinstance(value, dict) else {}
