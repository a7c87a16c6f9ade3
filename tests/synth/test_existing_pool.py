"""A user pool that is there already, or none: what is made, and what is told to the authorizers."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aws_jwt_authorizer.access.rules import Route
from stacks.stage.config_fields import ConfigInvalid
from tests.synth.everything_on import EXISTING_POOL
from tests.synth.odd_configurations import NO_POOL
from tests.synth.synthesis import Synthesis, synthesise

POOL_ID = "eu-west-1_AbC123xyz"
CLIENTS = ["1example23456789", "another1client"]
ISSUER = f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL_ID}"


@pytest.fixture(scope="module")
def existing(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    return synthesise(tmp_path_factory.mktemp("existing") / "cdk.out", **EXISTING_POOL)


def told_issuers(made: Synthesis) -> list[dict[str, Any]]:
    issuers = made.function("authorizer")["Environment"]["Variables"]["ISSUERS"]
    # The page's own clients are made here, and their ids are known once they are deployed.
    text = issuers if isinstance(issuers, str) else "".join(map(str, issuers["Fn::Join"][1]))
    found: list[dict[str, Any]] = json.loads(text)
    return found


def test_no_pool_is_made_beside_one_that_is_there(existing: Synthesis) -> None:
    assert existing.identity["Resources"] == {}
    assert existing.resources("AWS::Cognito::UserPool") == []


def test_both_authorizers_trust_its_tokens_for_its_clients_and_the_page_s(
    existing: Synthesis,
) -> None:
    jwt = existing.authorizer_of("GET /me")["JwtConfiguration"]
    assert jwt["Issuer"] == ISSUER
    assert jwt["Audience"][:2] == CLIENTS
    pool = told_issuers(existing)[0]
    assert pool["issuer"] == ISSUER
    assert pool["client_ids"][:2] == CLIENTS
    assert len(pool["client_ids"]) == len(jwt["Audience"]) == 3


def test_the_page_has_a_client_of_its_own_in_that_pool(existing: Synthesis) -> None:
    [(_, client)] = existing.resources("AWS::Cognito::UserPoolClient")
    assert client["Properties"]["UserPoolId"] == POOL_ID


def test_commands_find_the_pool_in_the_outputs(existing: Synthesis) -> None:
    assert existing.api["Outputs"]["UserPoolId"]["Value"] == POOL_ID
    assert existing.api["Outputs"]["Issuer"]["Value"] == ISSUER


def test_without_a_pool_in_the_table_nothing_of_cognito_is_made(tmp_path: Path) -> None:
    made = synthesise(tmp_path / "cdk.out", access=NO_POOL, clients={})
    assert made.identity["Resources"] == {}
    assert not [item for _, item in made.all() if item["Type"].startswith("AWS::Cognito::")]
    jwt = made.authorizer_of("GET /mine")["JwtConfiguration"]
    assert jwt == {
        "Issuer": "https://acme.eu.auth0.com/",
        "Audience": ["https://api.acme.example"],
    }


def test_a_page_without_anybody_to_sign_people_in_stops_synth(tmp_path: Path) -> None:
    page = replace(NO_POOL, routes=(*NO_POOL.routes, Route("GET /app", "page", "public")))
    with pytest.raises(ConfigInvalid, match="page_issuer is {}: .* has no user pool"):
        synthesise(tmp_path / "cdk.out", access=page, clients={})
