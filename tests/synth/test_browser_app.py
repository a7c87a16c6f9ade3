"""The page and its backend in the app: as which client they sign people in, and at whom."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stacks.stage.config_fields import ConfigInvalid
from tests.sample.access import ACCESS
from tests.synth.synthesis import Synthesis, synthesise

PARTNER = {"url": "https://login.partner.example/", "audiences": ["orders-api"]}
CLIENT_SECRET = {"secret": "page/partner", "json_key": "secret"}
PAGE_ISSUER = {
    "name": "partner",
    "client_id": "page-1",
    "client_secret": CLIENT_SECRET,
    "scopes": ["openid", "orders:read"],
}
OF_BROWSER = ("page", "session")


def variables(made: Synthesis, name: str) -> dict[str, Any]:
    found: dict[str, Any] = made.function(name)["Environment"]["Variables"]
    return found


def own_clients(made: Synthesis) -> dict[str, dict[str, Any]]:
    """The page's own clients, by logical id."""
    return {
        name: item["Properties"]
        for name, item in made.resources("AWS::Cognito::UserPoolClient")
        if name.startswith("BrowserApp")
    }


ORIGIN = {"Fn::GetAtt": ["ApiHttpApi4C294DC0", "ApiEndpoint"]}
SCOPES = "openid email profile orders/read orders/write"


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_as_deployed_only_the_backend_is_a_client_and_it_has_a_secret(
    stage: str, request: pytest.FixtureRequest
) -> None:
    made: Synthesis = request.getfixturevalue(stage)
    [(client, properties)] = own_clients(made).items()
    assert properties["GenerateSecret"] is True
    told = variables(made, "session")
    assert told["CLIENT_ID"] == {"Ref": client}
    assert (told["PUBLIC_URL"], told["SCOPES"]) == (ORIGIN, SCOPES)
    assert json.dumps({"Ref": client}) in json.dumps(variables(made, "authorizer")["ISSUERS"])
    of_page = variables(made, "page")
    assert of_page["PUBLIC_URL"] == ORIGIN
    assert {"ISSUER", "DISCOVERY_URI", "CLIENT_ID", "SCOPES"}.isdisjoint(of_page)


def test_a_page_that_keeps_tokens_is_a_public_client_of_its_own(local: Synthesis) -> None:
    clients = own_clients(local)
    ids = {properties["GenerateSecret"]: (name, properties) for name, properties in clients.items()}
    assert len(clients) == 2
    public, of_public = ids[False]
    confidential, of_confidential = ids[True]
    assert variables(local, "page")["CLIENT_ID"] == {"Ref": public}
    assert variables(local, "session")["CLIENT_ID"] == {"Ref": confidential}
    paths = [item["CallbackURLs"][0]["Fn::Join"][1][1] for item in (of_public, of_confidential)]
    assert paths == ["/app/callback", "/session/callback"]
    for name in (public, confidential):
        assert json.dumps({"Ref": name}) in json.dumps(variables(local, "authorizer")["ISSUERS"])


def test_the_authorizer_reads_cookies_of_the_apis_own_pages_alone(dev: Synthesis) -> None:
    told = variables(dev, "authorizer")["COOKIE_ORIGINS"]
    assert told == {
        "Fn::Join": ["", ['["', {"Fn::GetAtt": ["ApiHttpApi4C294DC0", "ApiEndpoint"]}, '"]']]
    }


def test_another_issuer_may_sign_people_in_to_the_page(folder: Path) -> None:
    made = synthesise(folder, issuers={"partner": PARTNER}, page_issuer=PAGE_ISSUER)
    told = variables(made, "session")
    assert (told["ISSUER"], told["CLIENT_ID"]) == (PARTNER["url"], "page-1")
    assert told["DISCOVERY_URI"] == "https://login.partner.example/.well-known/openid-configuration"
    assert told["SCOPES"] == "openid orders:read"
    assert told["CLIENT_AUTHENTICATION"] == "client_secret"
    assert (told["CLIENT_SECRET_ID"], told["CLIENT_SECRET_KEY"]) == ("page/partner", "secret")
    assert "CLIENT_ID" not in variables(made, "page")
    assert "secret:page/partner-??????" in json.dumps(made.api)
    # The pool then needs no client for the page.
    assert len(made.resources("AWS::Cognito::UserPoolClient")) == 3


def test_another_issuer_may_know_the_page_as_a_public_client_too(folder: Path) -> None:
    wanted = {**PAGE_ISSUER, "public_client_id": "page-2"}
    made = synthesise(
        folder, issuers={"partner": PARTNER}, page_issuer=wanted, browser_storage_mode=True
    )
    assert variables(made, "page")["CLIENT_ID"] == "page-2"
    assert variables(made, "session")["CLIENT_ID"] == "page-1"


@pytest.mark.parametrize(("public", "storage"), [({"public_client_id": "p"}, False), ({}, True)])
def test_a_public_client_and_the_storage_mode_go_together(
    folder: Path, public: dict[str, str], storage: bool
) -> None:
    with pytest.raises(ConfigInvalid, match=r"page_issuer\.public_client_id must be there if"):
        synthesise(
            folder,
            issuers={"partner": PARTNER},
            page_issuer={**PAGE_ISSUER, **public},
            browser_storage_mode=storage,
        )


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
