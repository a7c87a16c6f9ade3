"""A CPython in WebAssembly, run by node: it compiles modules, whichever Python this machine has.

The interpreter is the npm package pyodide, whose version begins with CPython's. It needs no
network, and it is the same file on every machine, so the same sources give the same bytecode.
"""

import atexit
import json
import select
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final

from aws_jwt_authorizer.bundling.bytecode import BytecodeFailed, BytecodeUnavailable
from aws_jwt_authorizer.function_sources import LAMBDA_SRC

LAMBDA_TASK_ROOT: Final = "/var/task"
"""Where Lambda unpacks a bundle ("Lambda environment variables", AWS Lambda developer guide)."""

PYODIDE: Final = "pyodide@314.0.7"
"""What npm installs: the version that package.json pins."""

ANSWER_SECONDS = 300
_SCRIPT = Path(__file__).with_name("compile_bytecode.mjs")
_INTERPRETER: Final = "pyodide.asm.wasm"
_LIBRARY: Final = "python_stdlib.zip"


class WasmPython:
    """One interpreter, started when there is something to compile, and ended with this process.

    Args:
        package: The folder of the npm package.
    """

    def __init__(self, package: Path) -> None:
        self._package = package
        self._process: subprocess.Popen[str] | None = None
        self._python = ""

    @cached_property
    def digest(self) -> str:
        """What stands for everything that decides what a module is compiled to, in hexadecimal."""
        parts = (_SCRIPT, *(self._package / name for name in (_INTERPRETER, _LIBRARY)))
        return sha256(b"".join(sha256(part.read_bytes()).digest() for part in parts)).hexdigest()

    def compile(self, folder: Path, modules: Iterable[str], python: str) -> None:
        """Write a `.pyc` beside each module of a folder.

        Args:
            folder: The bundle's root, which Lambda unpacks at its task root.
            modules: Paths relative to the folder.
            python: The version that the bytecode is for, "3.14".

        Raises:
            BytecodeUnavailable: If the interpreter does not start, or is of another version.
            BytecodeFailed: If a module does not compile.
        """
        process = self._process or self._start()
        if self._python != python:
            raise BytecodeUnavailable(
                f"{self._package} is Python {self._python} and the bundle is for {python}"
            )
        error = self._ask(process, {"folder": str(folder.resolve()), "modules": [*modules]})
        if error["error"] is not None:
            raise BytecodeFailed(f"Python {python} cannot compile it: {error['error']}")

    def stop(self) -> None:
        """End the process; the next module starts another."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[str]:
        node = shutil.which("node")
        if node is None:
            raise BytecodeUnavailable("node is not on PATH: install Node 20")
        self._process = subprocess.Popen(  # noqa: S603  # our own script, fixed arguments
            [node, str(_SCRIPT), str(self._package), LAMBDA_TASK_ROOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        atexit.register(self.stop)
        self._python = str(self._answer(self._process)["python"])
        return self._process

    def _ask(
        self, process: subprocess.Popen[str], request: Mapping[str, object]
    ) -> Mapping[str, str | None]:
        assert process.stdin  # noqa: S101  # for the type checker: it is a pipe
        with suppress(BrokenPipeError):  # it has died: there is no answer either
            process.stdin.write(f"{json.dumps(request)}\n")
            process.stdin.flush()
        return self._answer(process)

    def _answer(self, process: subprocess.Popen[str]) -> Mapping[str, str | None]:
        assert process.stdout  # noqa: S101  # for the type checker: it is a pipe
        ready, _, _ = select.select([process.stdout], [], [], ANSWER_SECONDS)
        line = process.stdout.readline() if ready else ""
        if not line:
            process.kill()
            said = " ".join(process.communicate()[1].split()) or "it said nothing"
            self._process = None
            raise BytecodeUnavailable(f"{self._package} did not compile: {said}")
        answer: Mapping[str, str | None] = json.loads(line)
        return answer


@cache
def wasm_python() -> WasmPython:
    """Return the interpreter in this library's `node_modules`, or else in the working folder's.

    Raises:
        BytecodeUnavailable: If there is none.
    """
    return WasmPython(package_near(LAMBDA_SRC, Path.cwd()))


def package_near(*folders: Path) -> Path:
    """Return the npm package in the `node_modules` of the first of these folders that has it.

    Args:
        folders: Where to look; as node does, their parents count too.

    Raises:
        BytecodeUnavailable: If none has it.
    """
    for place in (place for folder in folders for place in (folder, *folder.parents)):
        package = place / "node_modules" / "pyodide"
        if (package / _INTERPRETER).is_file():
            return package
    raise BytecodeUnavailable(
        f"node_modules has no pyodide: run `make setup`, or `npm install {PYODIDE}` in your app"
    )
