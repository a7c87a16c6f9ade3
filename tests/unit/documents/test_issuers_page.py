"""docs/issuers.md has a row for each preset, and names no field that there is not."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from aws_jwt_authorizer.access import presets
from aws_jwt_authorizer.access.issuers import Issuer
from stacks.stage.fields import CHECKS

PAGE = (Path(__file__).parents[3] / "docs" / "issuers.md").read_text()
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ")]
PRESETS = sorted(
    name
    for name, value in vars(presets).items()
    if callable(value) and getattr(value, "__annotations__", {}).get("return") is Issuer
)


@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_has_a_row_of_its_own(name: str) -> None:
    assert sum(f"`presets.{name}(" in row for row in ROWS) == 1


def test_no_row_names_a_preset_that_is_not_there() -> None:
    assert set(re.findall(r"`presets\.(\w+)\(", PAGE)) == set(PRESETS)


def test_every_further_field_of_an_issuer_is_explained() -> None:
    named = set(re.findall(r"`(\w+)[`=]", PAGE))
    of_keys = {"jwks_uri", "jwks_file", "accept_plain_http", "client_claim", "groups_claim"}
    of_keys |= {"roles_claim", "object_claims", "says_token_use"}
    assert of_keys <= named & {field.name for field in fields(Issuer)}


@pytest.mark.parametrize(
    "name", ["accept_both_cognito_issuers", "cognito_issuer", "replica_regions", "on_left_out"]
)
def test_the_fields_of_a_stage_are_those_that_there_are(name: str) -> None:
    assert name in CHECKS
    assert name in PAGE
