"""The interpreter that runs synth, as the compiler of bundles for this very machine."""

import py_compile
import sys
import warnings
from collections.abc import Iterable
from importlib.util import MAGIC_NUMBER
from pathlib import Path

from aws_jwt_authorizer.bundling.bytecode import BytecodeUnavailable, bytecode_of


class HostPython:
    """Compiles modules with the interpreter that is running."""

    @property
    def digest(self) -> str:
        """What stands for everything that decides what a module is compiled to."""
        return f"{sys.implementation.cache_tag}-{MAGIC_NUMBER.hex()}"

    def compile(self, folder: Path, modules: Iterable[str], python: str) -> None:
        """Write a `.pyc` beside each module of a folder that compiles.

        One that does not is left as it is: what imports it says what is wrong, where the local
        stack names the function and serves all others.

        Args:
            folder: The bundle's root.
            modules: Paths relative to the folder.
            python: The version that the bytecode is for: the running interpreter's.

        Raises:
            BytecodeUnavailable: If it is another.
        """
        here = f"{sys.version_info.major}.{sys.version_info.minor}"
        if python != here:
            raise BytecodeUnavailable(f"this is Python {here} and the bundle is for {python}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for module in modules:
                py_compile.compile(
                    str(folder / module),
                    # Beside the module, wherever this process keeps its own bytecode.
                    cfile=str(folder / bytecode_of(module, python)),
                    dfile=module,
                    quiet=2,
                    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
                )
