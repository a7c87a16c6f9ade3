"""The table's clients in the template: the sample's three, five of all kinds, machines alone, none."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aws_jwt_authorizer.access.rules import (
    ALL_SCOPES,
    AppClient,
    MachineClient,
    NativeClient,
    WebClient,
)
from stacks.identity.pool_tokens import NO_CLIENT
from tests.synth.synthesis import Synthesis, synthesise, table_of

CLIENTS = ("web", "cli", "machine")
FEW = table_of("GET /health", "GET /me", "GET /whoami", "POST /orders", "GET /orders")
PASSWORD_FLOWS = {"ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"}
FIVE: dict[AppClient, dict[str, Any]] = {
    WebClient("shop", ALL_SCOPES): {
        "callback_urls": ["https://shop.example.com/callback"],
        "logout_urls": ["https://shop.example.com/"],
    },
    WebClient("back-office", ("orders/read",), token_minutes=5): {
        "callback_urls": ["https://staff.example.com/callback"]
    },
    NativeClient("mobile", ("orders/write",), scheme="com.example.shop", refresh_days=1): {
        "callback_urls": ["com.example.shop:/callback", "https://shop.example.com/app"],
        "logout_urls": ["com.example.shop:/signed-out"],
    },
    MachineClient("reports", ("orders/read",)): {},
    MachineClient("imports", ALL_SCOPES, token_minutes=10): {},
}


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    """Two web clients, a native one and two machines, with no page beside them."""
    named = {client.name: said for client, said in FIVE.items() if said}
    return synthesise(
        tmp_path_factory.mktemp("five") / "cdk.out",
        access=replace(FEW, clients=tuple(FIVE)),
        clients=named,
        refresh_token_days=7,
    )


@pytest.fixture(scope="module")
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    """No client at all, and no page."""
    folder = tmp_path_factory.mktemp("nobody") / "cdk.out"
    return synthesise(folder, access=replace(FEW, clients=()), clients={})


def scopes(client: dict[str, Any]) -> list[str]:
    return [
        scope if isinstance(scope, str) else scope["Fn::Join"][1][1]
        for scope in client["AllowedOAuthScopes"]
    ]


def brandings_of(template: dict[str, Any]) -> list[dict[str, Any]]:
    kind = "AWS::Cognito::ManagedLoginBranding"
    return [item for item in template["Resources"].values() if item["Type"] == kind]


def warnings(made: Synthesis) -> str:
    return "".join(path.read_text() for path in made.folder.glob("*.json"))


def test_no_client_may_use_the_implicit_grant(dev: Synthesis) -> None:
    flows = {name: dev.named_client(name)["AllowedOAuthFlows"] for name in CLIENTS}
    assert flows == {"web": ["code"], "cli": ["code"], "machine": ["client_credentials"]}


def test_the_web_client_is_public_and_may_ask_for_all_scopes(dev: Synthesis) -> None:
    web = dev.named_client("web")
    assert web["GenerateSecret"] is False
    assert scopes(web) == ["openid", "email", "profile", "/read", "/write"]
    assert web["CallbackURLs"] == ["http://localhost:5173/callback"]
    assert web["LogoutURLs"] == ["http://localhost:5173/"]


def test_every_client_of_people_has_pages_to_sign_in_on(dev: Synthesis, five: Synthesis) -> None:
    for made, names in ((dev, ("Web", "Cli")), (five, ("Shop", "BackOffice", "Mobile"))):
        brandings = brandings_of(made.identity)
        branded = [item["Properties"]["ClientId"]["Ref"] for item in brandings]
        assert [name.removeprefix("Clients")[:-8] for name in branded] == list(names)
        [(domain, _)] = made.resources("AWS::Cognito::UserPoolDomain")
        for item in brandings:
            assert item["Properties"]["UseCognitoProvidedValues"] is True
            assert item["DependsOn"] == [domain]
    [of_page] = brandings_of(dev.api)
    assert "Browser" in of_page["Properties"]["ClientId"]["Ref"]


@pytest.mark.parametrize("name", CLIENTS)
def test_nobody_writes_a_custom_attribute_of_the_own_account(dev: Synthesis, name: str) -> None:
    written = dev.named_client(name)["WriteAttributes"]
    assert "email" in written
    assert not [attribute for attribute in written if attribute.startswith("custom:")]
    schema = dev.only("AWS::Cognito::UserPool")["Schema"]
    assert [attribute["Name"] for attribute in schema] == ["tenant"]


def test_a_password_is_taken_by_a_client_where_the_stage_says_so_and_never_in_prod(
    dev: Synthesis, prod: Synthesis, five: Synthesis
) -> None:
    for made in (dev, prod, five):
        for _, item in made.resources("AWS::Cognito::UserPoolClient"):
            client = item["Properties"]
            expected = (
                PASSWORD_FLOWS if made is dev and client.get("ClientName") == "cli" else set()
            )
            assert PASSWORD_FLOWS.intersection(client["ExplicitAuthFlows"]) == expected
    assert dev.named_client("cli")["GenerateSecret"] is False


def test_a_client_that_takes_passwords_needs_no_url_and_then_has_no_code(folder: Path) -> None:
    few = table_of("GET /health")
    made = synthesise(folder, access=few, clients={"cli": {"password_sign_in": True}})
    cli = made.named_client("cli")
    assert cli["AllowedOAuthFlowsUserPoolClient"] is False
    assert cli["ExplicitAuthFlows"] == ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"]
    assert "CallbackURLs" not in cli
    assert not made.resources("AWS::Cognito::ManagedLoginBranding")
    assert "client 'web' is left out: context.stages.dev lacks clients.web" in warnings(made)


def test_the_machine_client_has_a_secret_one_scope_and_no_way_to_sign_a_person_in(
    dev: Synthesis,
) -> None:
    machine = dev.named_client("machine")
    assert machine["GenerateSecret"] is True
    assert scopes(machine) == ["/read"]
    assert machine["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]


@pytest.mark.parametrize("name", CLIENTS)
def test_tokens_live_fifteen_minutes_and_can_be_revoked(dev: Synthesis, name: str) -> None:
    client = dev.named_client(name)
    assert client["AccessTokenValidity"] == client["IdTokenValidity"] == 15
    units = client["TokenValidityUnits"]
    assert units["AccessToken"] == units["IdToken"] == "minutes"
    assert client["EnableTokenRevocation"] is True


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_does_not_tell_who_has_an_account(dev: Synthesis, name: str) -> None:
    assert dev.named_client(name)["PreventUserExistenceErrors"] == "ENABLED"


@pytest.mark.parametrize("name", ["web", "cli"])
def test_a_refresh_token_is_used_once(dev: Synthesis, name: str) -> None:
    client = dev.named_client(name)
    assert client["RefreshTokenRotation"] == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10}
    assert "ALLOW_REFRESH_TOKEN_AUTH" not in client["ExplicitAuthFlows"]
    assert client["RefreshTokenValidity"] == 24 * 60


def test_each_client_has_its_own_scopes_urls_and_lifetimes(five: Synthesis) -> None:
    standard = ["openid", "email", "profile"]
    asked = {client.name: scopes(five.named_client(client.name)) for client in FIVE}
    assert asked == {
        "shop": [*standard, "/read", "/write"],
        "back-office": [*standard, "/read"],
        "mobile": [*standard, "/write"],
        "reports": ["/read"],
        "imports": ["/read", "/write"],
    }
    for client, said in FIVE.items():
        made = five.named_client(client.name)
        assert made["GenerateSecret"] is isinstance(client, MachineClient)
        assert made.get("CallbackURLs", []) == said.get("callback_urls", [])
        assert made.get("LogoutURLs", []) == said.get("logout_urls", [])
        assert (
            made["AccessTokenValidity"] == made["IdTokenValidity"] == (client.token_minutes or 15)
        )
    days = {name: five.named_client(name)["RefreshTokenValidity"] for name in ("shop", "mobile")}
    assert days == {"shop": 7 * 24 * 60, "mobile": 24 * 60}


def test_tokens_of_every_client_are_accepted_and_each_id_is_an_output(five: Synthesis) -> None:
    ids = {
        item["Properties"]["ClientName"]: {"Ref": name}
        for name, item in five.resources("AWS::Cognito::UserPoolClient")
    }
    audience = five.authorizer_of("GET /me")["JwtConfiguration"]["Audience"]
    assert [five.imported(item) for item in audience] == list(ids.values())
    told = five.function("authorizer")["Environment"]["Variables"]["ISSUERS"]["Fn::Join"][1]
    references = [five.imported(item) for item in told if "Fn::ImportValue" in item]
    assert [item for item in references if item in ids.values()] == list(ids.values())
    outputs = {f"{name}ClientId" for name in ("Shop", "BackOffice", "Mobile", "Reports", "Imports")}
    assert outputs == {name for name in five.identity["Outputs"] if name.endswith("ClientId")}


def test_an_app_without_a_client_admits_nobody_and_says_so(nobody: Synthesis) -> None:
    assert not nobody.resources("AWS::Cognito::UserPoolClient")
    audience = nobody.authorizer_of("GET /me")["JwtConfiguration"]["Audience"]
    assert audience == [NO_CLIENT]
    told = nobody.function("authorizer")["Environment"]["Variables"]["ISSUERS"]
    assert f'"client_ids":["{NO_CLIENT}"]' in json.dumps(told).replace("\\", "")
    for route in ("GET /me", "POST /orders"):
        text = f"nobody can call {route}: it asks for a token of the user pool, and no client"
        assert text in warnings(nobody)
    assert "nobody can call GET /health" not in warnings(nobody)


def test_what_somebody_can_call_is_not_warned_of(dev: Synthesis, five: Synthesis) -> None:
    for made in (dev, five):
        assert "nobody can call" not in warnings(made)
