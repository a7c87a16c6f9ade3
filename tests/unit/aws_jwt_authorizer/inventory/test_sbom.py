"""The bill of materials of a bundle, held to CycloneDX's own schema."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from aws_jwt_authorizer.bundling.target import deployed_target
from aws_jwt_authorizer.function_sources import LAMBDA_SRC, OWN_FUNCTIONS
from aws_jwt_authorizer.inventory.packages import Package
from aws_jwt_authorizer.inventory.sbom import bundle_sbom
from stacks import released

SIX = Package("six", "1.17.0", "pypi", "MIT", "ab" * 32, "SHA-256", ())
DATEUTIL = Package("python-dateutil", "2.9", "pypi", "BSD-3-Clause", "cd" * 32, "SHA-256", ("six",))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sbom")
    released.write_sboms(made, OWN_FUNCTIONS)
    return made


def sbom(folder: Path, function: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / f"{function}.cdx.json").read_text())
    return document


def names(document: dict[str, Any]) -> set[str]:
    return {component["name"] for component in document["components"]}


@pytest.mark.parametrize("function", sorted(OWN_FUNCTIONS))
def test_each_bundle_s_bill_is_valid_cyclonedx(folder: Path, function: str) -> None:
    text = (folder / f"{function}.cdx.json").read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_a_bill_is_the_same_bytes_again(folder: Path, tmp_path: Path) -> None:
    released.write_sboms(tmp_path, OWN_FUNCTIONS)
    first, second = (
        {path.name: path.read_bytes() for path in one.iterdir()} for one in (folder, tmp_path)
    )
    assert first == second
    assert len(first) == len(OWN_FUNCTIONS)
    assert "timestamp" not in sbom(folder, "authorizer")["metadata"]


def test_each_other_content_has_a_serial_number_of_its_own() -> None:
    bills = [
        bundle_sbom(function, packages, ["six"], deployed_target())
        for function, packages in [
            ("page", [SIX]),
            ("session", [SIX]),
            ("page", [replace(SIX, digest="ef" * 32)]),
        ]
    ]
    assert len({json.loads(bill)["serialNumber"] for bill in bills}) == len(bills)


def test_a_bill_says_what_needs_what() -> None:
    bill = json.loads(bundle_sbom("page", [DATEUTIL, SIX], ["python-dateutil"], deployed_target()))
    needs = {item["ref"]: item.get("dependsOn", []) for item in bill["dependencies"]}
    assert needs == {
        "function:page": ["pkg:pypi/python-dateutil@2.9"],
        "pkg:pypi/python-dateutil@2.9": ["pkg:pypi/six@1.17.0"],
        "pkg:pypi/six@1.17.0": [],
    }


def test_the_authorizer_s_packages_are_those_of_its_lock(folder: Path) -> None:
    lines = (LAMBDA_SRC / "authorizer" / "requirements.txt").read_text().splitlines()
    locked = {line.split("==")[0] for line in lines if "==" in line}
    assert names(sbom(folder, "authorizer")) == locked


def test_the_page_s_bill_has_what_its_scripts_are_bundled_with(folder: Path) -> None:
    assert {"oidc-client-ts", "jwt-decode"} <= names(sbom(folder, "page"))
    assert "oidc-client-ts" not in names(sbom(folder, "session"))
