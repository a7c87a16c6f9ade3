"""A bundle -> the same without what its function cannot import. Imports no CDK.

The one place that says what of the wheels is left out, and why. Licences and metadata
(`*.dist-info`) stay, so that a scanner of packages sees what there is.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from aws_jwt_authorizer.bundling.imports import imported_names, module_files
from aws_jwt_authorizer.function_sources import NEEDS_FILE

NEVER_RUN: Final[Mapping[str, str]] = {
    "__pycache__": "bytecode that somebody else made",
    "tests": "tests of a library",
    "py.typed": "a word to type checkers",
}
"""Files and folders by name, and what they are."""

_STUB: Final = ".pyi"
_UTILITIES: Final = "utilities"

NOT_DEPLOYED: Final[Mapping[str, str]] = {
    "authorizer/explain": "says to a person, in a checkout, why a token is refused",
}
"""Folders of functions' sources that no function imports, below the folder of all functions."""

ONLY_IF_IMPORTED: Final[Mapping[str, str]] = {
    "cffi": "makes C of declarations when a package is built: cryptography runs on _cffi_backend",
    "pycparser": "reads C for cffi",
    "typing_extensions": "names that this version of Python has in typing",
}
"""Packages that stay if a module that stays imports them, and why that is rare."""

IN_PARTS: Final = "aws_lambda_powertools"
"""A package of many utilities: each part of it stays, whole, if the function reaches it."""

ONLY_WITH: Final[Mapping[tuple[str, str], str]] = {
    (
        f"{IN_PARTS}/shared/functions.py",
        f"{IN_PARTS}.event_handler.openapi.compat",
    ): "pydantic",
}
"""Imports, by module and name, that are made for objects of a package, if that is there."""


def may_run(path: PurePosixPath) -> bool:
    """Return whether a function may use a file of a wheel, given its path on the import path."""
    if path.parts[0].endswith(".dist-info"):
        return True
    return NEVER_RUN.keys().isdisjoint(path.parts) and path.suffix != _STUB


def deployed_sources(function: Path) -> Iterator[Path]:
    """Yield the files below a function's folder that its bundle is made of, itself and its lock."""
    left_out = [function / NEEDS_FILE, *(function.parent / folder for folder in NOT_DEPLOYED)]
    for path in function.rglob("*"):
        is_source = NEVER_RUN.keys().isdisjoint(path.relative_to(function).parts)
        if path.is_file() and is_source and not any(map(path.is_relative_to, left_out)):
            yield path


def remove_unused(folder: Path, python: str) -> None:
    """Remove what no import in a bundle leads to.

    Args:
        folder: The bundle, with the function's own sources.
        python: The version that runs it, "3.14".
    """
    bundle = _Bundle(folder, python)
    for part in bundle.parts() - bundle.parts_reached():
        _remove(folder / part)
    for package in ONLY_IF_IMPORTED:
        if not bundle.is_imported(package):
            _remove(folder / package)
            _remove(folder / f"{package}.py")


@dataclass(frozen=True, slots=True)
class _Bundle:
    folder: Path
    python: str

    def parts(self) -> set[Path]:
        """Return the parts that there are of `IN_PARTS`."""
        return {_part_of(path) for path in self._modules(Path(IN_PARTS))}

    def parts_reached(self) -> set[Path]:
        """Return the parts that other packages import, and those that these import in turn.

        All modules of a part count: some import their neighbours by names that they compute.
        """
        found: set[Path] = set()
        waiting = [path for path in self._mentioning(IN_PARTS) if path.parts[0] != IN_PARTS]
        while waiting:
            for part in self._parts_imported_by(waiting.pop()):
                if part not in found:
                    found.add(part)
                    waiting += self._modules(part)
        return found

    def is_imported(self, package: str) -> bool:
        """Return whether a module outside of a package imports it."""
        return any(
            package in {name.partition(".")[0] for name in self._names(module)}
            for module in self._mentioning(package)
            if module.parts[0] not in (package, f"{package}.py")
        )

    def _parts_imported_by(self, module: Path) -> Iterator[Path]:
        for name in self._names(module):
            if name.partition(".")[0] == IN_PARTS and self._is_made(module, name):
                yield from map(_part_of, module_files(name, self.folder))

    def _is_made(self, module: Path, name: str) -> bool:
        wanted = {
            package
            for (of, target), package in ONLY_WITH.items()
            if of == module.as_posix() and name.startswith(target)
        }
        return all((self.folder / package).is_dir() for package in wanted)

    def _mentioning(self, package: str) -> Iterator[Path]:
        for module in self._modules(Path()):
            if package.encode() in (self.folder / module).read_bytes():
                yield module

    def _modules(self, part: Path) -> list[Path]:
        place = self.folder / part
        paths = place.rglob("*.py") if place.is_dir() else [place] * place.is_file()
        return sorted(path.relative_to(self.folder) for path in paths)

    def _names(self, module: Path) -> frozenset[str]:
        package = ".".join(module.parent.parts)
        return imported_names((self.folder / module).read_bytes(), package, self.python)


def _part_of(module: Path) -> Path:
    """Return the part that a module of `IN_PARTS` is of: a file or a folder, or a utility's."""
    depth = 3 if module.parts[1] == _UTILITIES else 2
    return Path(*module.parts[:depth])


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
