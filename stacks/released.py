"""What the commands `make sbom`, `make licences` and `make zip` do: `python -m stacks.released`.

Each is about every function under `lambda_src`, as it is bundled for Lambda.
"""

import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from aws_jwt_authorizer.bundling.bundle import Bundle, BundleFailed
from aws_jwt_authorizer.bundling.locked_requirements import NotLocked, asked_for
from aws_jwt_authorizer.bundling.target import deployed_target
from aws_jwt_authorizer.bundling.wheels import WheelFolder, WheelsUnavailable
from aws_jwt_authorizer.bundling.zip_file import write_zip
from aws_jwt_authorizer.function_sources import AUTHORIZER, LAMBDA_SRC, PAGE, functions_in
from aws_jwt_authorizer.inventory.licences import LicenceUnknown, may_be_handed_on
from aws_jwt_authorizer.inventory.packages import Package, npm_packages, python_packages
from jwt_verifier.version import VERSION
from stacks.browser.web_page import WEB

_NPM_IMPORT = re.compile(r"""from "([^."][^"]*)";$""", re.MULTILINE)


def direct_needs(function: str) -> frozenset[str]:
    """Return the names of the packages that a function's own sources ask for."""
    names: frozenset[str] = frozenset(asked_for(LAMBDA_SRC / function))
    return names | page_needs() if function == PAGE else names


def page_needs() -> frozenset[str]:
    """Return the packages of npm that the page's scripts import."""
    sources = (path.read_text(encoding="utf-8") for path in (WEB / "src").glob("*.ts"))
    return frozenset(name for text in sources for name in _NPM_IMPORT.findall(text))


def packages_of(function: str) -> tuple[Package, ...]:
    """Return the packages that a function's bundle holds.

    Raises:
        WheelsUnavailable: A wheel is neither kept here nor can it be fetched.
        LicenceUnknown: A wheel does not say its licence so that it can be read.
    """
    lock = LAMBDA_SRC / function / "requirements.txt"
    found = python_packages(lock, deployed_target(), WheelFolder())
    if function == PAGE:
        found += npm_packages(WEB.parent / "package-lock.json", page_needs())
    return found


def write_sboms(folder: Path, functions: Iterable[str]) -> None:
    """Write the bill of materials of each function's bundle as `<function>.cdx.json`."""
    # The library that writes them takes a second to import, and only this needs it.
    from aws_jwt_authorizer.inventory.sbom import bundle_sbom  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    for function in sorted(functions):
        found = packages_of(function)
        text = bundle_sbom(function, found, direct_needs(function), deployed_target())
        file = folder / f"{function}.cdx.json"
        file.write_text(text, encoding="utf-8")
        print(f"{file}  {len(found)} packages")


def print_licences(functions: Iterable[str]) -> bool:
    """Print each package of functions with its licence and the functions that hold it.

    Returns:
        Whether we may hand on all of them.
    """
    holders: dict[Package, list[str]] = {}
    for function in sorted(functions):
        for package in packages_of(function):
            holders.setdefault(package, []).append(function)
    refused = [package for package in sorted(holders) if not may_be_handed_on(package.licence)]
    for package, held_by in sorted(holders.items()):
        name = f"{package.name} {package.version}"
        print(f"{name:30}  {package.licence:26}  {', '.join(held_by)}")
    for package in refused:
        print(
            f"{package.name} {package.version} is under {package.licence}, which is not in "
            "MAY_BE_HANDED_ON of aws_jwt_authorizer/inventory/licences.py: take another package, "
            "or add the licence there",
            file=sys.stderr,
        )
    return not refused


def write_authorizer_zip(folder: Path) -> Path:
    """Write the authorizer as a zip for Lambda, without a policy, and return the file.

    Raises:
        BundleFailed: A dependency or the compiler is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = deployed_target()
    file = folder / f"authorizer-{VERSION}-python{target.python}-{target.machine}.zip"
    with tempfile.TemporaryDirectory() as built:
        Bundle(AUTHORIZER, target, {}).build(Path(built))
        write_zip(Path(built), file)
    return file


def main(arguments: Sequence[str]) -> None:
    """Run one of the commands, or end the process with one line that says why not."""
    functions = functions_in(LAMBDA_SRC)
    try:
        match arguments:
            case ["sbom", folder]:
                write_sboms(Path(folder), functions)
            case ["licences"]:
                sys.exit(not print_licences(functions))
            case ["zip", folder]:
                print(write_authorizer_zip(Path(folder)))
            case _:
                sys.exit("usage: python -m stacks.released sbom FOLDER | licences | zip FOLDER")
    except (BundleFailed, LicenceUnknown, NotLocked, WheelsUnavailable) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
