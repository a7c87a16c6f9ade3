"""A function's sources and locked requirements -> a folder that Lambda can run. Imports no CDK.

The same input gives the same bytes on every machine: no timestamps, no scripts, no caches inside.
`python -m aws_jwt_authorizer.bundling.bundle` fetches the wheels of every function's dependencies,
so that synth then needs no network; it takes the folders that the functions stand in.
"""

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from packaging.utils import canonicalize_name

from aws_jwt_authorizer.bundling.bytecode import (
    BytecodeFailed,
    BytecodeFolder,
    BytecodeUnavailable,
    Compiler,
)
from aws_jwt_authorizer.bundling.host_python import HostPython
from aws_jwt_authorizer.bundling.imports import imported_names
from aws_jwt_authorizer.bundling.locked_requirements import NotLocked, locked_requirements
from aws_jwt_authorizer.bundling.roots import put_roots
from aws_jwt_authorizer.bundling.sdk_data import is_needed, services_of
from aws_jwt_authorizer.bundling.shared_sources import shared_modules
from aws_jwt_authorizer.bundling.target import Target, deployed_target, host_target
from aws_jwt_authorizer.bundling.unpacked import unpack
from aws_jwt_authorizer.bundling.unused import NEVER_RUN, deployed_sources, may_run, remove_unused
from aws_jwt_authorizer.bundling.wasm_python import wasm_python
from aws_jwt_authorizer.bundling.wheels import WheelFolder, WheelsUnavailable
from aws_jwt_authorizer.function_sources import LAMBDA_SRC, functions_in

_BUNDLING = Path(__file__).parent
ON_LAMBDA = frozenset({"boto3", "botocore"})
"""What functions have that bring none of their own."""
LOCKED = ("requirements.in", "requirements.txt")
"""What says which wheels a bundle is made of, and is not in it."""


class BundleFailed(Exception):
    """A bundle that could not be built: the message is one line, meant for a person."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What goes into one function's bundle.

    Attributes:
        function: The name of the function's folder.
        target: The machine that it is for.
        files: Further files, text by path below the bundle's root: "policy.json" or
            "static/index.html".
        folder: Where the function's folder is; what functions share stands under `lambda_src`.
        modules: Shared modules that the function is told to import, "access_checks.ownership".
    """

    function: str
    target: Target
    files: Mapping[str, str]
    folder: Path = LAMBDA_SRC
    modules: tuple[str, ...] = ()

    def build(
        self,
        output: Path,
        wheels: WheelFolder | None = None,
        bytecode: BytecodeFolder | None = None,
    ) -> None:
        """Fill the empty folder `output`, with files that nothing else links to.

        Args:
            output: Where to.
            wheels: Where the dependencies are; None for this checkout's own.
            bytecode: Where bytecode is kept; None for this checkout's own.

        Raises:
            BundleFailed: If a dependency is missing or not locked, the compiler is missing, or a
                module does not compile.
        """
        sources = self._sources
        self._fill(sources, wheels or WheelFolder(), output)
        for source in deployed_sources(sources):
            if source.name not in LOCKED:
                copy = output / self.function / source.relative_to(sources)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, copy)
        for module in shared_modules(sources, named=self.modules):
            (output / module.parent).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(LAMBDA_SRC / module, output / module)
        put_roots(output)
        remove_unused(output, self.target.python)
        for name, text in self.files.items():
            file = output / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        try:
            (bytecode or BytecodeFolder()).compile(output, self.target.python, self._compiler())
        except (BytecodeFailed, BytecodeUnavailable) as error:
            raise BundleFailed(f"cannot bundle {self.function}: {error}") from error

    def digest(self) -> str:
        """Return what stands for all that decides the bundle's bytes, in hexadecimal.

        Equal digests mean equal bundles: what is unpacked is held to the lock's hashes, and what
        is compiled is decided by the sources and the compiler.

        Raises:
            BundleFailed: If the compiler is missing.
        """
        shared = shared_modules(self._sources, named=self.modules)
        groups = (
            {path.relative_to(_BUNDLING): path for path in _files_below(_BUNDLING)},
            {path.relative_to(self.folder): path for path in deployed_sources(self._sources)},
            {path: LAMBDA_SRC / path for path in shared},
        )
        total = sha256(f"{self.function}\0{self.target}\0{self._compiler().digest}".encode())
        for files in groups:
            for name, path in sorted(files.items()):
                total.update(f"\0{name.as_posix()}\0".encode())
                total.update(sha256(path.read_bytes()).digest())
        for file, text in sorted(self.files.items()):
            total.update(f"\0{file}\0".encode() + sha256(text.encode()).digest())
        return total.hexdigest()

    def check(self) -> None:
        """Hold what the function asks for to what the shared modules import that it takes.

        Raises:
            BundleFailed: A package that one of them imports is not in the function's lock.
        """
        try:
            locked = locked_requirements(self._sources / "requirements.txt", self.target)
        except NotLocked as error:
            raise BundleFailed(f"cannot bundle {self.function}: {error}") from error
        names = {canonicalize_name(item.requirement.name) for item in locked}
        for module in sorted(shared_modules(self._sources, named=self.modules)):
            source = (LAMBDA_SRC / module).read_bytes()
            for package in sorted(_packages(imported_names(source, "", self.target.python))):
                if canonicalize_name(package) not in names:
                    raise BundleFailed(
                        f"cannot bundle {self.function}: {module} imports {package}: add "
                        f"{canonicalize_name(package)} to its requirements.in, then run `make lock`"
                    )

    @property
    def _sources(self) -> Path:
        return self.folder / self.function

    def _compiler(self) -> Compiler:
        if not self.target.is_lambda:
            return HostPython()
        try:
            return wasm_python()
        except BytecodeUnavailable as error:
            raise BundleFailed(f"cannot bundle {self.function}: {error}") from error

    def _fill(self, sources: Path, wheels: WheelFolder, output: Path) -> None:
        try:
            found = wheels.wheels(sources / "requirements.txt", self.target)
        except NotLocked as error:
            raise BundleFailed(f"cannot bundle {self.function}: {error}") from error
        except WheelsUnavailable as error:
            raise BundleFailed(
                f"cannot bundle {self.function}: its locked requirements cannot be installed for "
                f"Python {self.target.python} on {self.target.machine} (run `python -m "
                f"aws_jwt_authorizer.bundling.bundle` once with a network); {error}"
            ) from error
        services = services_of(sources)
        unpack(found, output, lambda path: may_run(path) and is_needed(path, services))


def _packages(names: Iterable[str]) -> set[str]:
    """Return what is neither Python's, nor ours, nor at hand on Lambda."""
    tops = {name.partition(".")[0] for name in names}
    others = tops - sys.stdlib_module_names - ON_LAMBDA
    return {name for name in others if not (LAMBDA_SRC / name).is_dir()}


def _files_below(folder: Path) -> list[Path]:
    """Return the files of a folder that are sources, its lock among them."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and NEVER_RUN.keys().isdisjoint(path.relative_to(folder).parts)
    ]


def _prefetch(folders: Sequence[Path]) -> None:
    for target in (deployed_target(), host_target()):
        for folder in folders:
            for function in sorted(functions_in(folder)):
                WheelFolder().wheels(folder / function / "requirements.txt", target)


if __name__ == "__main__":
    try:
        _prefetch([Path(folder) for folder in sys.argv[1:]] or [LAMBDA_SRC])
    except (NotLocked, WheelsUnavailable) as error:
        sys.exit(f"the functions' dependencies cannot be fetched: {error}")
