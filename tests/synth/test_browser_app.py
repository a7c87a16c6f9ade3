"""The page and its backend in the app: as which client they sign people in, and at whom."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stacks.access import ACCESS
from stacks.config_fields import ConfigInvalid
from tests.synth.synthesis import Synthesis, synthesise

PARTNER = {"url": "https://login.partner.example/", "audiences": ["orders-api"]}
PAGE_ISSUER = {"name": "partner", "client_id": "page-1", "scopes": ["openid", "orders:read"]}
OF_BROWSER = ("page", "session")


def variables(made: Synthesis, name: str) -> dict[str, Any]:
    found: dict[str, Any] = made.function(name)["Environment"]["Variables"]
    return found


def test_both_functions_sign_in_as_the_pages_own_client(dev: Synthesis) -> None:
    [(client, _)] = [
        item
        for item in dev.resources("AWS::Cognito::UserPoolClient")
        if item[0].startswith("BrowserApp")
    ]
    origin = {"Fn::GetAtt": ["ApiHttpApi4C294DC0", "ApiEndpoint"]}
    for name in OF_BROWSER:
        told = variables(dev, name)
        assert told["CLIENT_ID"] == {"Ref": client}
        assert told["PUBLIC_URL"] == origin
        assert told["SCOPES"] == "openid email profile orders/read orders/write"
    assert json.dumps({"Ref": client}) in json.dumps(variables(dev, "authorizer")["ISSUERS"])


def test_the_authorizer_reads_cookies_of_the_apis_own_pages_alone(dev: Synthesis) -> None:
    told = variables(dev, "authorizer")["COOKIE_ORIGINS"]
    assert told == {
        "Fn::Join": ["", ['["', {"Fn::GetAtt": ["ApiHttpApi4C294DC0", "ApiEndpoint"]}, '"]']]
    }


def test_another_issuer_may_sign_people_in_to_the_page(folder: Path) -> None:
    made = synthesise(folder, issuers={"partner": PARTNER}, page_issuer=PAGE_ISSUER)
    for name in OF_BROWSER:
        told = variables(made, name)
        assert (told["ISSUER"], told["CLIENT_ID"]) == (PARTNER["url"], "page-1")
        assert told["DISCOVERY_URI"] == (
            "https://login.partner.example/.well-known/openid-configuration"
        )
        assert told["SCOPES"] == "openid orders:read"
    # The pool then needs no client for the page.
    assert len(made.resources("AWS::Cognito::UserPoolClient")) == 3


@pytest.mark.parametrize(("issuers", "known"), [({}, "(none)"), ({"partner": PARTNER}, "partner")])
def test_an_issuer_that_the_stage_does_not_have_stops_synth(
    folder: Path, issuers: dict[str, Any], known: str
) -> None:
    wanted = {**PAGE_ISSUER, "name": "cognito"}
    with pytest.raises(ConfigInvalid) as caught:
        synthesise(folder, issuers=issuers, page_issuer=wanted)
    assert str(caught.value) == (
        "context.stages.dev.page_issuer.name: it must be one of the stage's issuers that have a "
        f"URL: {known}"
    )


def test_a_table_without_the_page_has_none_of_its_parts(folder: Path) -> None:
    routes = tuple(route for route in ACCESS.routes if route.backend not in OF_BROWSER)
    made = synthesise(folder, access=replace(ACCESS, routes=routes))
    kinds = {item["Type"] for _, item in made.all()}
    assert "AWS::SecretsManager::Secret" not in kinds
    assert len(made.resources("AWS::Cognito::UserPoolClient")) == 3
    assert "PageUrl" not in made.api["Outputs"]
