"""A function's code folder -> whether the function has changed it, where it is not read-only.

The state of each file holds the time of its last change of status (ctime), which no process can
set: so a change shows even if content, size and time of modification are put back.
"""

import os
from collections.abc import Iterator
from pathlib import Path

_State = tuple[int, int, int, int, int]


class CodeFolder:
    """Remembers what the folder is when this is made.

    Args:
        path: The folder.
        can_change: Whether the function could write into it; else nothing is looked at.
    """

    def __init__(self, path: Path, *, can_change: bool) -> None:
        self._path = path
        self._can_change = can_change
        self._before = dict(_states(path)) if can_change and path.is_dir() else {}

    def change(self) -> str | None:
        """Return a path in it that was written, made or removed; None if it is as it was."""
        if not self._can_change or not self._path.is_dir():
            return None
        now = dict(_states(self._path))
        changed = {path for path, _ in self._before.items() ^ now.items()}
        # Its folder has changed as well: the file says more.
        return max(changed, key=lambda path: (path.count("/"), path), default=None)


def _states(folder: Path, inside: str = "") -> Iterator[tuple[str, _State]]:
    with os.scandir(folder / inside) as entries:
        for entry in entries:
            path = f"{inside}{entry.name}"
            status = entry.stat(follow_symlinks=False)
            yield (
                path,
                (
                    status.st_ino,
                    status.st_mode,
                    status.st_size,
                    status.st_mtime_ns,
                    status.st_ctime_ns,
                ),
            )
            if entry.is_dir(follow_symlinks=False):
                yield from _states(folder, f"{path}/")
