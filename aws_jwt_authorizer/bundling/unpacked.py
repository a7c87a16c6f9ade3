"""Wheels -> their files in a folder, without what a function has no use for. Imports no CDK."""

import io
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Final

_LIBRARIES: Final = frozenset({"platlib", "purelib"})
"""What of a wheel's `.data` folder stands on the import path (the binary distribution format)."""


def unpack(
    wheels: Iterable[bytes], folder: Path, is_wanted: Callable[[PurePosixPath], bool]
) -> None:
    """Write the files of wheels into a folder, each a file of its own that nothing else links to.

    Args:
        wheels: Their bytes, which the caller trusts.
        folder: Where to.
        is_wanted: Whether a file, by its path on the import path, is of use.
    """
    for wheel in wheels:
        with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
            for member in archive.infolist():
                path = _on_import_path(PurePosixPath(member.filename))
                if member.is_dir() or path is None or not is_wanted(path):
                    continue
                member.filename = str(path)
                archive.extract(member, folder)


def _on_import_path(name: PurePosixPath) -> PurePosixPath | None:
    """Return where a wheel's file is installed below the import path; None for scripts."""
    if not name.parts[0].endswith(".data"):
        return name
    scheme, *rest = name.parts[1:]
    return PurePosixPath(*rest) if scheme in _LIBRARIES else None
