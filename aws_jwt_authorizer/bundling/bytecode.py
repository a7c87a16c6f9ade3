"""A bundle folder -> the same with `.pyc` files that need no check against their sources.

A function cannot write bytecode beside its code, so without it every cold start compiles anew.
Unchecked-hash bytecode (PEP 552) holds no timestamp, and the paths inside are Lambda's. What a
module was compiled to is kept, so that a module is compiled once. Imports no CDK.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Protocol

from aws_jwt_authorizer.bundling.wheels import WHEELS

KEPT = WHEELS.with_name(WHEELS.name.replace("wheels", "bytecode"))
"""Where bytecode is kept, beside the wheels."""


class BytecodeUnavailable(Exception):
    """No compiler of this version can be started: the message is one line, meant for a person."""


class BytecodeFailed(Exception):
    """A module that does not compile: the message is one line, meant for a person."""


class Compiler(Protocol):
    """Compiles modules for one version of Python."""

    @property
    def digest(self) -> str:
        """What stands for everything that decides what a module is compiled to."""

    def compile(self, folder: Path, modules: Iterable[str], python: str) -> None:
        """Write a `.pyc` beside modules of a folder, each named relative to it."""


@dataclass(frozen=True, slots=True)
class BytecodeFolder:
    """Bytecode by a digest of all that decides it: the compiler, the module's path, its source."""

    path: Path = KEPT

    def compile(self, folder: Path, python: str, compiler: Compiler) -> None:
        """Put bytecode beside every module of a bundle.

        Args:
            folder: The bundle.
            python: The version that it is for, "3.14".
            compiler: What compiles modules that are not kept yet; what it raises is raised.
        """
        prefix = f"{compiler.digest}\0{python}"
        kept = {module: self.path / _digest(prefix, module, folder) for module in _modules(folder)}
        missing = [module for module, file in kept.items() if not file.is_file()]
        if missing:
            compiler.compile(folder, missing, python)
        for module, file in kept.items():
            compiled = folder / bytecode_of(module, python)
            if module not in missing:
                compiled.parent.mkdir(exist_ok=True)
                shutil.copyfile(file, compiled)
            elif compiled.is_file():
                self._keep(compiled, file)

    def _keep(self, compiled: Path, file: Path) -> None:
        self.path.mkdir(exist_ok=True, parents=True)
        handle, name = tempfile.mkstemp(dir=self.path, prefix=".new-")
        os.close(handle)
        shutil.copyfile(compiled, name)
        Path(name).replace(file)


def bytecode_of(module: str, python: str) -> str:
    """Return where a module's bytecode is (PEP 3147), relative to the bundle."""
    path = PurePosixPath(module)
    tag = f"cpython-{python.replace('.', '')}"
    return str(path.parent / "__pycache__" / f"{path.stem}.{tag}.pyc")


def _modules(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))


def _digest(prefix: str, module: str, folder: Path) -> str:
    source = sha256((folder / module).read_bytes()).hexdigest()
    return sha256(f"{prefix}\0{module}\0{source}".encode()).hexdigest()
