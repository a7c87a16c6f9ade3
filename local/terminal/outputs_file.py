"""What scripts are told -> a file, which exists only while its stack serves.

Only this user can read it: it holds passwords and secrets.
"""

import contextlib
import fcntl
import json
import os
from pathlib import Path
from urllib.parse import urlsplit

from local.errors import StartFailed
from local.json_value import JsonObject


class OutputsFile:
    """A file that one running stack writes and removes; `remove` must be called in the end.

    The file itself is locked for as long as its stack serves: what a stack that was killed has left
    is replaced, and what another one still stands by is never touched.

    Attributes:
        path: Where it is; another than was asked for if a running stack has that one.
        asked_for: Where scripts look first.

    Args:
        path: Where scripts look first. What a killed stack has left there is removed at once.

    Raises:
        StartFailed: No file can be there.
    """

    def __init__(self, path: Path) -> None:
        self.path = self.asked_for = path
        self._file: int | None = None
        try:
            _remove_if_abandoned(path)
        except OSError as error:
            raise _unusable(path, error) from error

    def write(self, document: JsonObject) -> None:
        """Write the file in one step, so that nobody reads half of it; again after an update.

        Raises:
            StartFailed: It cannot be written.
        """
        try:
            self._write(document)
        except OSError as error:
            raise _unusable(self.path, error) from error

    def remove(self) -> None:
        """Remove the file, if it was written."""
        if self._file is not None:
            self.path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = None

    def _write(self, document: JsonObject) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(f".{os.getpid()}.tmp")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with os.fdopen(os.dup(descriptor), "w", encoding="utf-8") as file:
            json.dump(document, file, indent=2)
            file.write("\n")
        if self._file is None:
            self._take_a_place(draft, urlsplit(str(document["api_url"])).port)
        else:
            draft.replace(self.path)
            os.close(self._file)
        self._file = descriptor

    def _take_a_place(self, draft: Path, port: int | None) -> None:
        asked_for = self.asked_for
        try:
            for path in (asked_for, asked_for.with_stem(f"{asked_for.stem}-{port}")):
                _remove_if_abandoned(path)
                with contextlib.suppress(FileExistsError):
                    # Unlike a rename, a link never takes the place of what is there.
                    path.hardlink_to(draft)
                    self.path = path
                    return
        finally:
            draft.unlink()
        raise StartFailed(f"{asked_for} is another running stack's; choose one with --outputs")


def _remove_if_abandoned(path: Path) -> None:
    """Remove a file that no running stack holds a lock on."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _unusable(path: Path, error: OSError) -> StartFailed:
    reason = error.strerror or str(error)
    return StartFailed(f"{path} cannot be written ({reason}); choose another place with --outputs")
