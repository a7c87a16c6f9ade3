"""Many issuers, routes and forms: what an API takes is known at synth."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aws_jwt_authorizer.access.api_limits import check_api_limits
from aws_jwt_authorizer.access.rules import AccessTable, Issuer, Route, Rule
from aws_jwt_authorizer.access.table_checks import AccessInvalid
from stacks.stage.config_fields import ConfigInvalid
from tests.sample.access import ACCESS, OWN_ISSUER
from tests.synth.synthesis import synthesise

ISSUERS = [Issuer(f"t{i}", f"https://t{i}.example", ("api",)) for i in range(40)]


def by_jwt(count: int, *more: Route) -> AccessTable:
    routes = [
        Route(f"GET /{issuer.name}", "whoami", "jwt", Rule(issuers=(issuer.name,)))
        for issuer in ISSUERS[:count]
    ]
    return replace(ACCESS, issuers=(Issuer("cognito"), *ISSUERS), routes=(*routes, *more))


def test_ten_authorizers_are_taken_and_one_more_stops_synth(folder: Path) -> None:
    check_api_limits(by_jwt(10))
    with pytest.raises(AccessInvalid) as refusal:
        synthesise(folder, access=by_jwt(11))
    text = str(refusal.value)
    assert text.startswith("stacks/access.py: ROUTES: 11 issuers have routes with authorizer='jwt'")
    assert "\n" not in text


def test_our_own_authorizers_count_too() -> None:
    ours = Route("GET /x", "whoami", "lambda", Rule())
    check_api_limits(by_jwt(9, ours))
    with pytest.raises(
        AccessInvalid, match="10 issuers .* beside 1 of our own, and an API takes 10"
    ):
        check_api_limits(by_jwt(10, ours))


def test_any_number_of_issuers_is_one_authorizer_of_our_own(folder: Path) -> None:
    rule = Rule(issuers=tuple(issuer.name for issuer in ISSUERS))
    route = Route("GET /x", "whoami", "lambda", rule)
    access = replace(ACCESS, issuers=(Issuer("cognito"), *ISSUERS), routes=(route,))
    made = synthesise(folder, access=access)
    assert len(made.resources("AWS::ApiGatewayV2::Authorizer")) == 1


def test_fifty_audiences_are_taken_and_one_more_stops_synth() -> None:
    def table(count: int) -> AccessTable:
        issuer = replace(ISSUERS[0], audiences=tuple(f"a{i}" for i in range(count)))
        return replace(by_jwt(1), issuers=(Issuer("cognito"), issuer))

    check_api_limits(table(50))
    with pytest.raises(AccessInvalid, match=r"issuer 't0': 51 audiences, and an authorizer='jwt'"):
        check_api_limits(table(51))


def test_three_hundred_routes_are_taken_and_one_more_stops_synth() -> None:
    routes = tuple(Route(f"GET /r{i}", "health", "public") for i in range(301))
    check_api_limits(replace(ACCESS, routes=routes[:300]))
    with pytest.raises(AccessInvalid, match=r"ROUTES: 301, and an API takes 300: let a path"):
        check_api_limits(replace(ACCESS, routes=routes))


@pytest.mark.parametrize(("routes", "permissions"), [(40, 40), (41, 1)])
def test_a_function_of_many_routes_has_one_permission(
    folder: Path, routes: int, permissions: int
) -> None:
    many = tuple(Route(f"GET /r{i}", "health", "public") for i in range(routes))
    made = synthesise(folder, access=replace(ACCESS, routes=many))
    given = [
        item["Properties"]
        for _, item in made.resources("AWS::Lambda::Permission")
        if item["Properties"]["Principal"] == "apigateway.amazonaws.com"
    ]
    assert len(given) == permissions
    assert all("execute-api" in json.dumps(item["SourceArn"]) for item in given)


def messages(folder: Path, kind: str) -> list[str]:
    """What synth says of the API's stack, in the assembly's manifest."""
    manifest = json.loads((folder / "manifest.json").read_text())
    stack = manifest["artifacts"]["jwt-authorizer-dev-api"]
    entries = [entry for path in _metadata(folder, stack).values() for entry in path]
    return [entry["data"] for entry in entries if entry["type"] == kind]


def _metadata(folder: Path, stack: dict[str, Any]) -> dict[str, Any]:
    file = stack.get("additionalMetadataFile")
    found: dict[str, Any] = (
        json.loads((folder / file).read_text()) if file else stack.get("metadata", {})
    )
    return found


def test_what_a_stage_leaves_out_is_named_with_what_would_add_it(folder: Path) -> None:
    synthesise(folder, tenant_claim=False)
    said = "\n".join(messages(folder, "aws:cdk:info"))
    where = "context.stages.dev"
    for line in (
        f"issuer 'partner' is left out: {where}.issuers does not say where it is",
        f"route 'GET /partner/orders' is left out: {where} lacks issuers.partner",
        f"route 'GET /inventory/{{item}}' is left out: {where} lacks http_backends.inventory",
        f"route 'GET /tenants/{{tenant}}/orders' is left out: {where} lacks tenant_claim",
    ):
        assert line in said


def test_or_stops_synth_where_the_stage_says_so(folder: Path) -> None:
    with pytest.raises(ConfigInvalid, match="^context.stages.dev.on_left_out is stop: issuer 'pa"):
        synthesise(folder, on_left_out="stop")


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        ({"accept_both_cognito_issuers": True}, "accept_both_cognito_issuers"),
        ({"replica_regions": ["us-east-1"]}, "replica_regions"),
    ],
)
def test_a_jwt_route_that_takes_one_form_of_the_pools_issuer_is_warned_of(
    folder: Path, fields: dict[str, Any], cause: str
) -> None:
    synthesise(folder, **fields)
    [warning] = [text for text in messages(folder, "aws:cdk:warning") if cause in text]
    assert warning.startswith("GET /me has authorizer='jwt', which takes the original form")


def test_an_issuer_without_a_place_to_sign_in_cannot_sign_people_in(folder: Path) -> None:
    page = {
        "name": OWN_ISSUER,
        "client_id": "page-1",
        "client_secret": {"secret": "page/x", "json_key": "secret"},
        "scopes": ["openid"],
    }
    with pytest.raises(ConfigInvalid, match="'machines' names no authorization endpoint"):
        synthesise(folder, kms_issuer=True, page_issuer=page)
