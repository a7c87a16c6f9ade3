"""A requirements file with hashes -> the distributions that a target needs. Imports no CDK.

What a function asks for stands in its `requirements.in`, and what it gets in the lock beside that.
A function without either needs nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from aws_jwt_authorizer.bundling.target import Target

_HASH = "--hash=sha256:"


class NotLocked(Exception):
    """A function asks for what its lock does not hold: the message is one line with the fix."""


@dataclass(frozen=True, slots=True)
class Locked:
    """One distribution of a lock.

    Attributes:
        requirement: Its name and version, "jmespath==1.1.0".
        sha256: The digests, in hexadecimal, that one of its files must have.
    """

    requirement: Requirement
    sha256: frozenset[str]

    def __str__(self) -> str:
        """Format as a line of a requirements file."""
        hashes = " ".join(f"{_HASH}{digest}" for digest in sorted(self.sha256))
        return f"{self.requirement} {hashes}"


def asked_for(function: Path) -> tuple[NormalizedName, ...]:
    """Return the names of the packages that the `requirements.in` of a function's folder names."""
    file = function / "requirements.in"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    wanted = [line.partition("#")[0].strip() for line in lines]
    return tuple(canonicalize_name(Requirement(line).name) for line in wanted if line)


def locked_requirements(lock: Path, target: Target) -> tuple[Locked, ...]:
    """Return what a lock that `uv pip compile --generate-hashes` wrote asks for on a target.

    Raises:
        NotLocked: The `requirements.in` beside it names a package that it does not hold.
    """
    text = lock.read_text(encoding="utf-8") if lock.exists() else ""
    every = tuple(_locked(text))
    names = {canonicalize_name(item.requirement.name) for item in every}
    for name in asked_for(lock.parent):
        if name not in names:
            raise NotLocked(
                f"its requirements.in asks for {name}, which its requirements.txt does not hold: "
                "run `make lock`"
            )
    return tuple(_applicable(every, target))


def _applicable(every: Iterable[Locked], target: Target) -> Iterator[Locked]:
    for item in every:
        marker = item.requirement.marker
        if marker is None or marker.evaluate(dict(target.environment())):
            item.requirement.marker = None
            yield item


def _locked(text: str) -> Iterator[Locked]:
    for line in text.replace("\\\n", " ").splitlines():
        wanted, *digests = line.partition("#")[0].split(_HASH)
        if wanted.strip():
            yield Locked(Requirement(wanted), frozenset(digest.strip() for digest in digests))
