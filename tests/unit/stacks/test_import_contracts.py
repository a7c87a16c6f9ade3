"""That no function is forgotten where the contracts say who may import whom."""

import tomllib
from pathlib import Path

from aws_jwt_authorizer.function_sources import LAMBDA_SRC, OWN_FUNCTIONS

TOOLS = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))[
    "tool"
]
CONTRACTS = TOOLS["importlinter"]
MYPY = TOOLS["mypy"]

SHARED = {
    path.parent.name
    for path in LAMBDA_SRC.glob("*/__init__.py")
    if not (path.parent / "handler.py").exists()
}


def test_every_function_is_independent_of_every_other() -> None:
    [independence] = [item for item in CONTRACTS["contracts"] if item["type"] == "independence"]
    assert set(independence["modules"]) == OWN_FUNCTIONS | {"stacks", "local"}
    everything = set(independence["modules"]) | SHARED | {"aws_jwt_authorizer", "starter"}
    assert set(CONTRACTS["root_packages"]) == everything


def test_the_library_for_cdk_apps_knows_no_app_and_no_function() -> None:
    forbidden = [
        item["forbidden_modules"]
        for item in CONTRACTS["contracts"]
        if item.get("source_modules") == ["aws_jwt_authorizer"]
    ]
    assert [set(modules) for modules in forbidden] == [OWN_FUNCTIONS | {"stacks", "local"}]


def test_no_shared_package_may_import_a_function_or_the_sdk() -> None:
    for package in SHARED:
        [forbidden] = [
            item for item in CONTRACTS["contracts"] if item.get("source_modules") == [package]
        ]
        assert set(forbidden["forbidden_modules"]) >= OWN_FUNCTIONS | {"boto3", "botocore"}


def test_every_package_of_ours_is_type_checked_strictly() -> None:
    strict = next(item for item in MYPY["overrides"] if item.get("disallow_untyped_defs") is True)
    packages = {name.removesuffix(".*") for name in strict["module"]}
    of_the_user = {"access_checks"}
    assert packages >= set(CONTRACTS["root_packages"]) - of_the_user | {"app", "tests"}
