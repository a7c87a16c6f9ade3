"""The machine that a bundle is for -> the wheels that fit it. Imports no CDK."""

import platform
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from packaging.markers import default_environment
from packaging.tags import Tag, compatible_tags, cpython_tags, sys_tags

DEPLOYED_PYTHON = "3.14"
_NEWEST_GLIBC_MINOR, _OLDEST_GLIBC_MINOR = 28, 17


@dataclass(frozen=True, slots=True)
class Target:
    """The machine that a bundle is for.

    Attributes:
        python: Its Python version, "3.14".
        machine: "arm64" or "x86_64".
        platforms: Its platform tags (PEP 425), the best first; none for the machine that bundles.
    """

    python: str
    machine: Literal["arm64", "x86_64"]
    platforms: tuple[str, ...]

    @property
    def is_lambda(self) -> bool:
        """Whether it is another machine than the one that bundles: Lambda's."""
        return bool(self.platforms)

    def tags(self) -> Iterator[Tag]:
        """Yield the tags of the wheels that fit it, the best first (PEP 425)."""
        if not self.is_lambda:
            return sys_tags()
        return self._deployed_tags()

    def environment(self) -> Mapping[str, str]:
        """Return what environment markers are evaluated against (PEP 508)."""
        here = {name: str(value) for name, value in default_environment().items()}
        if not self.is_lambda:
            return here
        return {
            **here,
            "implementation_name": "cpython",
            "implementation_version": f"{self.python}.0",
            "os_name": "posix",
            "platform_machine": "aarch64" if self.machine == "arm64" else "x86_64",
            "platform_python_implementation": "CPython",
            "platform_system": "Linux",
            "python_full_version": f"{self.python}.0",
            "python_version": self.python,
            "sys_platform": "linux",
        }

    def _deployed_tags(self) -> Iterator[Tag]:
        version = tuple(int(part) for part in self.python.split("."))
        interpreter = f"cp{''.join(map(str, version))}"
        yield from cpython_tags(version, platforms=self.platforms)
        yield from compatible_tags(version, interpreter, self.platforms)


def deployed_target() -> Target:
    """Return Lambda's own target: Amazon Linux 2023 on Graviton, which has glibc 2.28 or later."""
    minors = range(_NEWEST_GLIBC_MINOR, _OLDEST_GLIBC_MINOR - 1, -1)
    platforms = tuple(f"manylinux_2_{minor}_aarch64" for minor in minors)
    return Target(DEPLOYED_PYTHON, "arm64", (*platforms, "manylinux2014_aarch64"))


def host_target() -> Target:
    """Return the target for this machine and the running interpreter."""
    arm = platform.machine().lower() in ("arm64", "aarch64")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Target(version, "arm64" if arm else "x86_64", ())
