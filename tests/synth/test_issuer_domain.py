"""The issuer of machines under a name of its own, and on its way there."""

import json
from pathlib import Path
from typing import Any

import pytest

from aws_jwt_authorizer.access.rules import Route
from aws_jwt_authorizer.access.table_checks import AccessInvalid
from local.template.read import read_local_app
from stacks.stage.config_fields import ConfigInvalid
from tests.sample.access import ACCESS
from tests.synth.everything_on import ISSUER_DOMAIN
from tests.synth.synthesis import Synthesis, synthesise, table_of

ORIGIN = "https://issuer.orders.example.com"
MACHINE_MAY_READ = next(route.rule for route in ACCESS.routes if route.key == "GET /machine/me")
BY_LAMBDA = table_of(Route("GET /machine/me", "me", "lambda", MACHINE_MAY_READ))
BUILT_IN = table_of("GET /machine/me")
FIELDS: dict[str, Any] = {"kms_issuer": True, "issuer_domain": ISSUER_DOMAIN}


def moving(switch: str) -> dict[str, Any]:
    return {"kms_issuer": True, "issuer_domain": {**ISSUER_DOMAIN, "switch": switch}}


def of_issuer(made: Synthesis, kind: str) -> Any:
    """The one resource of this type in the issuer's stack, or the function of this folder."""
    resources = made.template("issuer")["Resources"].values()
    [found] = [
        item["Properties"]
        for item in resources
        if item["Type"] == kind
        or item.get("Properties", {}).get("Handler") == f"{kind}.handler.handler"
    ]
    return found


def trusted(made: Synthesis) -> list[str]:
    """What the authorizer is told of the issuer: its addresses, references by their last word."""
    told = made.function("authorizer")["Environment"]["Variables"]["ISSUERS"]["Fn::Join"][1]
    text = "".join(part if isinstance(part, str) else "<execute-api>" for part in told)
    return [item["issuer"] for item in json.loads(text) if item["name"] == "machines"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    folder = tmp_path_factory.mktemp("named-issuer") / "cdk.out"
    return synthesise(folder, access=BUILT_IN, retain=True, **FIELDS)


def test_tokens_and_the_authorizers_name_the_domain(made: Synthesis) -> None:
    variables = of_issuer(made, "token_issuer")["Environment"]["Variables"]
    assert variables["ISSUER_URL"] == ORIGIN
    assert "Fn::GetAtt" in variables["OTHER_ISSUER_URL"]
    assert trusted(made) == [ORIGIN]
    assert made.authorizer_of("GET /machine/me")["JwtConfiguration"]["Issuer"] == ORIGIN
    outputs = made.template("issuer")["Outputs"]
    assert outputs["IssuerUrl"]["Value"] == ORIGIN
    assert "IssuerDomainTarget" in outputs


def test_execute_api_stays_on_for_the_proof_that_a_deployment_waits_for(made: Synthesis) -> None:
    """DNS may not know the name yet; its record, if any, is made in the same deployment."""
    assert "DisableExecuteApiEndpoint" not in of_issuer(made, "AWS::ApiGatewayV2::Api")
    assert "ApiEndpoint" in str(of_issuer(made, "Custom::IssuerReady")["IssuerUrl"])
    assert of_issuer(made, "AWS::Route53::RecordSet")["Name"] == "issuer.orders.example.com."


def test_the_address_stays_exported_for_an_api_that_trusted_it_before(made: Synthesis) -> None:
    exported = made.template("issuer")["Outputs"].values()
    assert any("ApiEndpoint" in str(item["Value"]) for item in exported if "Export" in item)


def test_the_named_issuer_is_served_on_this_machine(made: Synthesis) -> None:
    app = read_local_app(made.folder, frozenset({"Custom::IssuerReady"}))
    assert app.issuer
    assert app.issuer.origins[0] == ORIGIN


def test_while_it_moves_both_addresses_are_trusted_and_one_signs(folder: Path) -> None:
    """Which one at which step is told where the steps are taken: test_move_of_the_issuer.py."""
    made = synthesise(folder, access=BY_LAMBDA, **moving("accept_both"))
    variables = of_issuer(made, "token_issuer")["Environment"]["Variables"]
    assert "Fn::GetAtt" in variables["ISSUER_URL"]
    assert variables["OTHER_ISSUER_URL"] == ORIGIN
    assert trusted(made) == ["<execute-api>", ORIGIN]
    app = read_local_app(made.folder, frozenset({"Custom::IssuerReady"}))
    assert app.issuer
    assert app.api.routes[0].key == "GET /machine/me"


def test_a_move_stops_at_a_route_that_takes_one_address_alone(folder: Path) -> None:
    with pytest.raises(AccessInvalid) as refused:
        synthesise(folder, access=BUILT_IN, **moving("accept_both"))
    assert "GET /machine/me" in str(refused.value)
    assert "accepts only one iss of an issuer, and this one is known by several" in str(
        refused.value
    )


def test_a_name_for_an_issuer_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigInvalid, match="issuer_domain is given, and kms_issuer is false"):
        synthesise(folder, kms_issuer=False, issuer_domain=ISSUER_DOMAIN)


def test_a_retained_issuer_without_a_name_is_warned_of(made: Synthesis, folder: Path) -> None:
    unnamed = synthesise(folder, access=BY_LAMBDA, kms_issuer=True, retain=True)
    for synthesis, warned in ((made, False), (unnamed, True)):
        app = read_local_app(synthesis.folder, frozenset({"Custom::IssuerReady"}))
        assert any("issuer_domain is empty" in line for line in app.warnings) is warned
