"""A function's sources and locked requirements -> a folder that Lambda can run. Imports no CDK.

The same input gives the same bytes on every machine: no timestamps, no scripts, no caches inside.
`python -m stacks.bundle` puts every function's dependencies into uv's cache, so that synth then
needs no network.
"""

import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from uv import find_uv_bin

from stacks.bytecode import BytecodeFailed, BytecodeUnavailable, compile_bytecode
from stacks.function_sources import FUNCTIONS, LAMBDA_SRC, ROOT
from stacks.sdk_data import keep_services, services_of

DEPLOYED_PYTHON = "3.14"
NOT_SOURCES = shutil.ignore_patterns("__pycache__", "requirements.in", "requirements.txt")
LONGEST_REASON_CHARACTERS = 300
UNWANTED = ("__pycache__", "tests")


class BundleFailed(Exception):
    """A bundle that could not be built: the message is one line, meant for a person."""


@dataclass(frozen=True, slots=True)
class Target:
    """The machine that a bundle is for.

    Attributes:
        python: Its Python version, "3.14".
        machine: "arm64" or "x86_64".
        uv_platform: uv's name of the platform; None for the machine that bundles.
    """

    python: str
    machine: Literal["arm64", "x86_64"]
    uv_platform: str | None


def deployed_target() -> Target:
    """What Lambda runs: Amazon Linux 2023 on Graviton, hence glibc 2.28 and later."""
    return Target(DEPLOYED_PYTHON, "arm64", "aarch64-manylinux_2_28")


def host_target() -> Target:
    """This machine and the interpreter that is running."""
    arm = platform.machine().lower() in ("arm64", "aarch64")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Target(version, "arm64" if arm else "x86_64", None)


@dataclass(frozen=True, slots=True)
class Bundle:
    """What goes into one function's bundle.

    Attributes:
        function: The folder under `lambda_src`.
        target: The machine that it is for.
        bytecode: "auto" compiles if an interpreter of the target's version is at hand.
        files: Further files, text by path below the bundle's root: "policy.json" or
            "static/index.html".
    """

    function: str
    target: Target
    bytecode: Literal["auto", "required", "off"]
    files: Mapping[str, str]

    def build(self, output: Path) -> None:
        """Fill the empty folder `output`.

        Raises:
            BundleFailed: If a dependency or a required interpreter is not to be had.
        """
        sources = LAMBDA_SRC / self.function
        _install(self.function, sources / "requirements.txt", self.target, output)
        shutil.copytree(sources, output / self.function, ignore=NOT_SOURCES)
        _remove_unwanted(output)
        keep_services(output, services_of(sources))
        for name, text in self.files.items():
            file = output / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        if self.bytecode == "off":
            return
        try:
            compile_bytecode(output, self.target.python)
        except BytecodeFailed as error:
            raise BundleFailed(f"cannot bundle {self.function}: {error}") from error
        except BytecodeUnavailable as error:
            if self.bytecode == "required":
                raise BundleFailed(
                    f"cannot bundle {self.function}: {error} and the stage's bytecode is "
                    "'required' (install one, or set bytecode to 'auto')"
                ) from error


def _install(function: str, lock: Path, target: Target, output: Path) -> None:
    """Install from uv's cache alone if it has everything, else with the network."""
    command = [find_uv_bin(), "pip", "install", "--quiet", "--no-progress"]
    command += ["--target", str(output), "--python", sys.executable]
    command += ["--python-version", target.python]
    if target.uv_platform:
        command += ["--python-platform", target.uv_platform]
    command += ["--require-hashes", "--only-binary", ":all:", "--no-compile-bytecode"]
    # Links into uv's cache cost a third of copies; nothing writes into a file of a bundle.
    command += ["--link-mode", "hardlink", "--requirements", str(lock)]
    for mode in (["--offline"], []):
        result = subprocess.run(  # noqa: S603  # our own uv, fixed arguments
            command + mode, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if result.returncode == 0:
            return
    reason = " ".join(result.stderr.split())[:LONGEST_REASON_CHARACTERS]
    raise BundleFailed(
        f"cannot bundle {function}: its locked requirements cannot be installed for Python "
        f"{target.python} on {target.machine} (without a network, run `make setup` once with "
        f"one); uv says: {reason}"
    )


def _remove_unwanted(output: Path) -> None:
    """Leave out what holds machine paths, locks, tests and stale bytecode."""
    (output / ".lock").unlink(missing_ok=True)
    shutil.rmtree(output / "bin", ignore_errors=True)
    for folder in [path for name in UNWANTED for path in output.rglob(name) if path.is_dir()]:
        shutil.rmtree(folder, ignore_errors=True)


def _prefetch() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for function in sorted(FUNCTIONS):
            for target in (deployed_target(), host_target()):
                output = Path(folder) / f"{function}-{target.python}-{target.machine}"
                _install(function, LAMBDA_SRC / function / "requirements.txt", target, output)


if __name__ == "__main__":
    try:
        _prefetch()
    except BundleFailed as error:
        sys.exit(str(error))
