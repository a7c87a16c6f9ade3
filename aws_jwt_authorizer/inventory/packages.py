"""A lock -> the packages that a bundle holds, as their own files describe them. Imports no CDK.

What Python needs is read from the very wheels that are unpacked into the bundle, which have the
locked hashes; what a page needs from npm's lock.
"""

import io
import json
import zipfile
from base64 import b64decode
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from hashlib import sha256
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from aws_jwt_authorizer.bundling.target import Target
from aws_jwt_authorizer.bundling.wheels import WheelFolder
from aws_jwt_authorizer.inventory.licences import licence_of

_NPM_FOLDER = "node_modules/"


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """A package of somebody else that a bundle holds.

    Attributes:
        name: Its name, in the one form of its registry.
        version: The locked one.
        kind: "pypi" or "npm": the type of its package URL.
        licence: As an SPDX expression.
        digest: Of the file that it comes in, in hexadecimal.
        algorithm: What made the digest: "SHA-256", "SHA-512".
        needs: The names of the packages that it needs of those in the bundle.
    """

    name: str
    version: str
    kind: str
    licence: str
    digest: str
    algorithm: str
    needs: tuple[str, ...]

    @property
    def url(self) -> str:
        """Its package URL (purl-spec)."""
        return f"pkg:{self.kind}/{self.name}@{self.version}"


def python_packages(lock: Path, target: Target, wheels: WheelFolder) -> tuple[Package, ...]:
    """Return what a function's lock puts into its bundle.

    Args:
        lock: Its `requirements.txt`.
        target: The machine that the bundle is for.
        wheels: Where the wheels are.

    Raises:
        WheelsUnavailable: A wheel is neither there nor can it be fetched.
        LicenceUnknown: A wheel does not say its licence so that it can be read.
    """
    described = [(_metadata(wheel), wheel) for wheel in wheels.wheels(lock, target)]
    names = {_name(metadata) for metadata, _ in described}
    return tuple(sorted(_of_wheel(*one, names, target) for one in described))


def npm_packages(lock: Path, wanted: Iterable[str]) -> tuple[Package, ...]:
    """Return packages of npm and all that they need.

    Args:
        lock: A `package-lock.json` of version 3.
        wanted: The names of the packages to begin with.
    """
    locked = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    found: dict[str, Package] = {}
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = _of_npm(name, locked[_NPM_FOLDER + name])
            waiting += found[name].needs
    return tuple(sorted(found.values()))


def _metadata(wheel: bytes) -> Message:
    """Read a wheel's METADATA (core metadata specification)."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        [path] = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return BytesParser().parsebytes(archive.read(path), headersonly=True)


def _name(metadata: Message) -> str:
    return canonicalize_name(metadata["Name"])


def _of_wheel(metadata: Message, wheel: bytes, names: Collection[str], target: Target) -> Package:
    return Package(
        name=_name(metadata),
        version=metadata["Version"],
        kind="pypi",
        licence=licence_of(metadata),
        digest=sha256(wheel).hexdigest(),
        algorithm="SHA-256",
        needs=tuple(sorted(set(_needs(metadata, target)) & set(names))),
    )


def _needs(metadata: Message, target: Target) -> Iterator[str]:
    environment = {**target.environment(), "extra": ""}
    for line in metadata.get_all("Requires-Dist", []):
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(environment):
            yield canonicalize_name(requirement.name)


def _of_npm(name: str, locked: Mapping[str, Any]) -> Package:
    algorithm, _, digest = locked["integrity"].partition("-")
    return Package(
        name=name,
        version=locked["version"],
        kind="npm",
        licence=locked["license"],
        digest=b64decode(digest).hex(),
        algorithm=f"SHA-{algorithm.removeprefix('sha')}",
        needs=tuple(sorted(locked.get("dependencies", {}))),
    )
