"""A requirements file with hashes -> the distributions that a target needs. Imports no CDK."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from aws_jwt_authorizer.bundling.target import Target

_HASH = "--hash=sha256:"


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


def locked_requirements(lock: Path, target: Target) -> tuple[Locked, ...]:
    """Return what a lock that `uv pip compile --generate-hashes` wrote asks for on a target."""
    return tuple(_applicable(lock, target))


def _applicable(lock: Path, target: Target) -> Iterator[Locked]:
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        wanted, *digests = line.partition("#")[0].split(_HASH)
        if not wanted.strip():
            continue
        requirement = Requirement(wanted)
        if requirement.marker is None or requirement.marker.evaluate(dict(target.environment())):
            requirement.marker = None
            yield Locked(requirement, frozenset(digest.strip() for digest in digests))
