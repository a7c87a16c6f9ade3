"""What a function's process sees of this machine's disk.

Where the kernel lets a process have mounts of its own, it sees what a function sees on Lambda:
everything is read-only but /tmp. Elsewhere (macOS, a container without user namespaces) it sees
this machine's folders, and its code folder is held to what it was at the start (`CodeFolder`).
"""

import errno
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from local.runtime.client_folder import CHILD, link_sdk, make_client_folder
from local.surroundings import ROOT

TASK_ROOT: Final = "/var/task"
RUNTIME_FOLDER: Final = "/var/runtime"
SDK_FOLDER: Final = "/var/lang"
"""Below it Lambda's image has AWS's SDK, after the runtime client on the import path."""

_PYTHON: Final = str(Path(getattr(sys, "_base_executable", sys.executable)).resolve())
"""The interpreter itself: a virtual environment is hidden from functions."""

_ENTER: Final = str(Path(__file__).with_name("lambda_root.py"))
_ENTER_SECONDS: Final = 30
_HIDDEN: Final = (str(ROOT), str(Path("~").expanduser()))
"""This checkout, with its wheels, sources and secrets, and this user's own folder."""

_PROBE: Final = f"""
import errno
try:
    open("{TASK_ROOT}/probe", "w")
except OSError as error:
    assert error.errno == errno.EROFS, error
else:
    raise AssertionError("{TASK_ROOT} can be written to")
open("/tmp/probe", "w").close()
"""
"""Fails unless it runs as a function should."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a function's process runs.

    Attributes:
        command: What starts it.
        task_root: The code folder, as the process sees it.
        runtime_folder: The runtime client's, as the process sees it.
        tmp: Its folder for temporary files on this machine; None if it has a /tmp of its own.
    """

    command: tuple[str, ...]
    task_root: str
    runtime_folder: str
    tmp: Path | None

    def leave(self) -> None:
        """Remove what the process has left behind."""
        if self.tmp is not None:
            shutil.rmtree(self.tmp, ignore_errors=True)


class FileSystems:
    """Gives each process its place; `stop` must be called in the end.

    Args:
        own: Whether each process gets a file system of its own; None for wherever that can be.
    """

    def __init__(self, *, own: bool | None = None) -> None:
        self.are_own = refusal() is None if own is None else own
        self._folder = tempfile.TemporaryDirectory(prefix="runtime-client-")
        here = Path(self._folder.name)
        self._root, self._tmp, self._runtime = here / "root", here / "tmp", here / "runtime"
        self._sdk = here / "sdk"
        for folder in (self._root, self._tmp, self._runtime, self._sdk):
            folder.mkdir()
        make_client_folder(self._runtime)
        self._sdk_parts = link_sdk(self._sdk)

    def place(self, code_folder: Path, handler: str, tmp_mb: int) -> Place:
        """Return the place of a new process of a function.

        Args:
            code_folder: Its code, on this machine.
            handler: As the template has it.
            tmp_mb: The size of its /tmp, where it has one of its own.

        Raises:
            NotADirectoryError: The code is a zip file.
        """
        if not code_folder.is_dir():
            raise NotADirectoryError(
                errno.ENOTDIR, "its code is one file: give the asset as a folder", code_folder.name
            )
        if self.are_own:
            command = _program(TASK_ROOT, RUNTIME_FOLDER, SDK_FOLDER, handler)
            entered = _enter(
                self._root, code_folder, self._runtime, tmp_mb, command, self._sdk_parts
            )
            return Place(entered, TASK_ROOT, RUNTIME_FOLDER, None)
        tmp = Path(tempfile.mkdtemp(dir=self._tmp))
        command = _program(str(code_folder), str(self._runtime), str(self._sdk), handler)
        return Place(command, str(code_folder), str(self._runtime), tmp)

    def stop(self) -> None:
        """Remove everything; no process may run any longer."""
        self._folder.cleanup()


@cache
def refusal() -> str | None:
    """Say why no process can have its own file system on this machine; None if it can."""
    with tempfile.TemporaryDirectory(prefix="runtime-client-") as folder:
        root, task = Path(folder) / "root", Path(folder) / "task"
        root.mkdir()
        task.mkdir()
        try:
            probed = subprocess.run(  # noqa: S603 - our own interpreter and file; no shell
                _enter(root, task, task, 1, (_PYTHON, "-I", "-S", "-B", "-c", _PROBE)),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_ENTER_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
    lines = probed.stderr.strip().splitlines() or [f"exit status {probed.returncode}"]
    return lines[-1] if probed.returncode else None


def _program(task_root: str, runtime_folder: str, sdk_folder: str, handler: str) -> tuple[str, ...]:
    child = f"{runtime_folder}/{CHILD}"
    flags = ("-P", "-s", "-S", "-B")
    return (_PYTHON, *flags, child, task_root, runtime_folder, sdk_folder, handler)


def _enter(
    root: Path,
    task: Path,
    runtime: Path,
    tmp_mb: int,
    command: Sequence[str],
    sdk_parts: Sequence[Path] = (),
) -> tuple[str, ...]:
    sdk = ":".join(map(str, sdk_parts))
    places = (str(root), str(task), str(runtime), sdk, str(tmp_mb))
    kept = (":".join(_HIDDEN), sys.base_prefix)
    return (_PYTHON, "-I", "-S", "-B", _ENTER, *places, *kept, *command)
