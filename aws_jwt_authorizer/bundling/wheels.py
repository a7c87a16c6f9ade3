"""Locked requirements -> wheels whose bytes have the locked hashes. Imports no CDK.

The wheels are the root of trust: uv's cache holds their unpacked files, which every virtual
environment made from it may share and change. Each wheel is hashed again whenever it is used, so
it does not matter who has been at the folder.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from aws_jwt_authorizer.bundling.locked_requirements import Locked, locked_requirements
from aws_jwt_authorizer.bundling.target import Target
from aws_jwt_authorizer.function_sources import IS_INSTALLED, LAMBDA_SRC

_USER_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
WHEELS = (
    _USER_CACHE / "aws-jwt-authorizer" / "wheels" if IS_INSTALLED else LAMBDA_SRC.parent / ".wheels"
)
"""Where wheels are kept: this user's cache for the installed library, else the checkout.

A local function sees neither (docs/local-lambda.md).
"""

_LONGEST_REASON_CHARACTERS = 300


class WheelsUnavailable(Exception):
    """A locked distribution has no wheel here and none can be fetched: the reason in one line."""


@dataclass(frozen=True, slots=True)
class WheelFolder:
    """Wheels by file name; pip fetches those that are missing or are not what the lock says."""

    path: Path = WHEELS

    def wheels(self, lock: Path, target: Target) -> tuple[bytes, ...]:
        """Return the wheel of each distribution of a lock, as bytes that have the locked hash.

        Raises:
            WheelsUnavailable: One is neither here nor can it be fetched.
            NotLocked: The lock does not hold what is asked for.
        """
        wanted = locked_requirements(lock, target)
        tags = {str(tag): rank for rank, tag in enumerate(target.tags())}
        found = {str(item): self._find(item, tags) for item in wanted}
        missing = [item for item in wanted if found[str(item)] is None]
        if missing:
            self._fetch(missing, target)
            found |= {str(item): self._find(item, tags) for item in missing}
        return tuple(_present(item, found[str(item)]) for item in wanted)

    def _find(self, item: Locked, tags: dict[str, int]) -> bytes | None:
        for path in sorted(self._candidates(item, tags), key=lambda path: _rank(path, tags)):
            content = path.read_bytes()
            if sha256(content).hexdigest() in item.sha256:
                return content
        return None

    def _candidates(self, item: Locked, tags: dict[str, int]) -> Iterator[Path]:
        for path in self.path.glob("*.whl"):
            try:
                name, version, _, wheel_tags = parse_wheel_filename(path.name)
            except InvalidWheelFilename:
                continue
            is_named = name == canonicalize_name(item.requirement.name)
            fits = any(str(tag) in tags for tag in wheel_tags)
            if is_named and version in item.requirement.specifier and fits:
                yield path

    def _fetch(self, missing: Iterable[Locked], target: Target) -> None:
        try:
            self.path.mkdir(exist_ok=True, parents=True)
        except OSError as error:
            raise WheelsUnavailable(
                f"{self.path} cannot be made ({error.strerror}): set XDG_CACHE_HOME to a folder "
                "that can be written"
            ) from error
        with tempfile.TemporaryDirectory(dir=self.path, prefix=".fetch-") as folder:
            lock = Path(folder) / "requirements.txt"
            lock.write_text("".join(f"{item}\n" for item in missing), encoding="utf-8")
            _download(lock, target, Path(folder))
            for wheel in Path(folder).glob("*.whl"):
                wheel.replace(self.path / wheel.name)


def _rank(path: Path, tags: dict[str, int]) -> int:
    wheel_tags = parse_wheel_filename(path.name)[3]
    return min(tags[str(tag)] for tag in wheel_tags if str(tag) in tags)


def _present(item: Locked, content: bytes | None) -> bytes:
    if content is None:
        raise WheelsUnavailable(f"no wheel of {item.requirement} fits")
    return content


def _download(lock: Path, target: Target, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--no-deps"]
    command += ["--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
    command += ["--dest", str(folder), "--requirement", str(lock)]
    if target.platforms:
        command += ["--implementation", "cp", "--python-version", target.python]
        for name in target.platforms:
            command += ["--platform", name]
    result = subprocess.run(  # noqa: S603  # the pip of this environment, fixed arguments
        command, cwd=folder, env=os.environ, capture_output=True, text=True, check=False
    )
    if result.returncode:
        errors = [line for line in result.stderr.splitlines() if line.startswith("ERROR:")]
        reason = " ".join(" ".join(errors or [result.stderr]).split())
        raise WheelsUnavailable(f"pip says: {reason[-_LONGEST_REASON_CHARACTERS:]}")
