"""A bundle folder -> the same with `.pyc` files that need no check against their sources.

Lambda cannot write bytecode beside the code, so without it every cold start compiles anew.
"""

import subprocess
import sys
from pathlib import Path

from uv import find_uv_bin

LAMBDA_TASK_ROOT = "/var/task"
START_SECONDS = 30


class BytecodeUnavailable(Exception):
    """No working interpreter of the wanted version is on this machine."""


class BytecodeFailed(Exception):
    """A module that does not compile: the message is one line, meant for a person."""


def compile_bytecode(folder: Path, python: str) -> None:
    """Compile every module in `folder`, in place, for Python `python` ("3.14").

    Unchecked-hash bytecode (PEP 552) holds no timestamp, and the paths inside are Lambda's. The
    environment is empty so that no PYTHON* variable of this machine has a say.

    Raises:
        BytecodeUnavailable: If there is no interpreter of that version here.
        BytecodeFailed: If a module does not compile.
    """
    command = [interpreter(python), "-S", "-m", "compileall", "-q", "-j", "1"]
    command += ["--invalidation-mode", "unchecked-hash"]
    command += ["-s", str(folder), "-p", LAMBDA_TASK_ROOT, str(folder)]
    result = subprocess.run(  # noqa: S603  # an interpreter of this machine, fixed arguments
        command, env={}, capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        raise BytecodeFailed(
            f"Python {python} cannot compile it: {' '.join(result.stdout.split())}"
        )


def interpreter(python: str) -> str:
    """The path of an interpreter of this version that starts and says that it is of it.

    Raises:
        BytecodeUnavailable: If there is none; a launcher that cannot start one counts as none.
    """
    if python == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    found = subprocess.run(  # noqa: S603  # our own uv, fixed arguments
        [find_uv_bin(), "python", "find", python, "--no-python-downloads", "--no-project"],
        capture_output=True,
        text=True,
        check=False,
    )
    path = found.stdout.strip()
    if found.returncode == 0 and path:
        version, _, executable = _introduction(path).partition(" ")
        if version == python:
            return executable
    raise BytecodeUnavailable(f"no Python {python} is on this machine")


def _introduction(path: str) -> str:
    """Version and real path, as the interpreter itself gives them; empty if it does not start."""
    program = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"
    try:
        answer = subprocess.run(  # noqa: S603  # a path that uv has found
            [path, "-c", program],
            capture_output=True,
            text=True,
            check=False,
            timeout=START_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
