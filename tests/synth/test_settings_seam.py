"""The seam between deploy and runtime code, which share no code: the synthesised template."""

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from authorizer.policy import RoutePolicy
from authorizer.route import RouteKey
from authorizer.settings import Settings
from aws_jwt_authorizer.access.issuer_checks import ALGORITHMS
from aws_jwt_authorizer.access.rules import Issuer, Route, Rule, TokenUse
from jwt_verifier.algorithms import SUPPORTED
from jwt_verifier.issuer import TrustedIssuer
from jwt_verifier.tokens import VerifiedToken
from tests.sample.access import ACCESS
from tests.synth.synthesis import Synthesis, synthesise, table_of

REGION = "eu-west-1"
POOL_ID = "eu-west-1_Ab3dE6gH9"
ORIGINAL = f"https://cognito-idp.{REGION}.amazonaws.com/{POOL_ID}"
MACHINES = f"https://abcde12345.execute-api.{REGION}.amazonaws.com"
UPDATED = f"https://issuer-cognito-idp.{REGION}.amazonaws.com/{POOL_ID}"

ASKED = table_of("GET /whoami")
"""What asks the authorizer, where a test is of what the stage tells it."""


def resolved(made: Synthesis, value: Any) -> Any:
    """A value as CloudFormation would give it, of the intrinsics that the app emits."""
    match value:
        case {"Ref": "AWS::Region"}:
            return REGION
        case {"Ref": str(name)}:
            resources = made.identity["Resources"] | made.api["Resources"]
            kind = resources[name]["Type"]
            return POOL_ID if kind == "AWS::Cognito::UserPool" else f"id-of-{name}"
        case {"Fn::ImportValue": _}:
            return resolved(made, made.imported(value))
        case {"Fn::GetAtt": [_, "ApiEndpoint"]}:
            return MACHINES
        case {"Fn::Join": [str(glue), list(parts)]}:
            return glue.join(resolved(made, part) for part in parts)
    assert isinstance(value, str), value
    return value


def settings_of(made: Synthesis, task_root: Path) -> Settings:
    variables = made.function("authorizer")["Environment"]["Variables"]
    environment = {name: resolved(made, value) for name, value in variables.items()}
    return Settings.from_env({**environment, "LAMBDA_TASK_ROOT": str(task_root)})


def test_the_function_is_told_the_pool_and_all_its_clients(local: Synthesis) -> None:
    settings = settings_of(local, local.bundle("authorizer"))
    issuer, partner, machines = settings.issuers
    assert (issuer.name, issuer.issuer, issuer.token_use) == ("cognito", ORIGINAL, None)
    assert issuer.client_ids == {
        f"id-of-{name}" for name, _ in local.resources("AWS::Cognito::UserPoolClient")
    }
    assert issuer.audiences == frozenset()
    assert issuer.is_cognito
    assert (partner.name, partner.issuer) == ("partner", "https://login.partner.example")
    assert (machines.name, machines.issuer, machines.typ) == ("machines", MACHINES, "at+jwt")
    assert machines.audiences == {"orders-api"}
    assert {item.token_use for item in settings.issuers} == {None}
    assert not any(item.accept_bound_tokens_as_bearer for item in settings.issuers)
    assert settings.leeway_seconds == 60


def test_during_a_switch_the_function_accepts_both_forms_of_the_pool(folder: Path) -> None:
    made = synthesise(
        folder, access=ASKED, cognito_issuer="updated", accept_both_cognito_issuers=True
    )
    issuers = settings_of(made, folder).issuers
    assert [issuer.issuer for issuer in issuers] == [UPDATED, ORIGINAL]
    assert {issuer.name for issuer in issuers} == {"cognito"}
    assert issuers[0].client_ids == issuers[1].client_ids


def test_the_leeway_of_the_stage_reaches_the_function(folder: Path) -> None:
    made = synthesise(folder, access=ASKED, leeway_seconds=5)
    assert settings_of(made, folder).leeway_seconds == 5


def test_another_issuer_of_the_table_reaches_the_function(folder: Path) -> None:
    partner = Issuer("partner", "https://login.partner.example/", ("orders-api",))
    route = Route("GET /me", "me", "jwt", Rule(issuers=("partner",)))
    table = replace(ACCESS, issuers=(Issuer("cognito"), partner), routes=(route,))
    made = synthesise(folder, access=table)
    issuer = settings_of(made, folder).issuers[1]
    assert (issuer.name, issuer.issuer) == ("partner", "https://login.partner.example/")
    assert issuer.audiences == {"orders-api"}
    assert issuer.client_ids == frozenset()
    assert made.authorizer_of("GET /me")["JwtConfiguration"] == {
        "Audience": ["orders-api"],
        "Issuer": "https://login.partner.example/",
    }


def test_what_an_issuer_of_the_table_signs_with_reaches_the_function(folder: Path) -> None:
    partner = Issuer(
        "partner",
        "https://login.partner.example/",
        ("orders-api",),
        algorithms=ALGORITHMS,
        token_type="at+jwt",
        accept_bound_tokens_as_bearer=True,
    )
    route = Route("GET /x", "whoami", "lambda", Rule())
    table = replace(ACCESS, issuers=(Issuer("cognito"), partner), routes=(route,))
    issuer = settings_of(synthesise(folder, access=table), folder).issuers[1]
    assert issuer.algorithms == set(ALGORITHMS) == set(SUPPORTED)
    assert issuer.typ == "at+jwt"
    assert issuer.accept_bound_tokens_as_bearer
    assert issuer.required_claims == ()


def test_what_an_issuers_tokens_are_for_reaches_the_function(folder: Path) -> None:
    issuers = (
        Issuer("cognito", token_use=TokenUse.ACCESS),
        Issuer("google", "https://accounts.google.com", ("app",), token_use=TokenUse.ID),
    )
    route = Route("GET /x", "whoami", "lambda", Rule())
    made = synthesise(folder, access=replace(ACCESS, issuers=issuers, routes=(route,)))
    assert [item.token_use for item in settings_of(made, folder).issuers] == ["access", "id"]


EVERYTHING = Issuer(
    "partner",
    "https://login.partner.example/",
    audiences=("orders-api",),
    algorithms=("ES256",),
    token_type="at+jwt",
    token_use=TokenUse.ACCESS,
    accept_bound_tokens_as_bearer=True,
    client_ids=("web",),
    jwks_uri="http://keys.internal/jwks",
    required_claims=("sub",),
    max_lifetime_seconds=900,
    accept_plain_http=True,
    scopes_claim=("permissions",),
    groups_claim=("https://example.com/groups",),
    roles_claim=("realm_access", "roles"),
    client_claim=("azp",),
)
"""Every field that goes with the others; `accept_any_audience` and `jwks` contradict some."""


def test_every_field_of_the_function_can_be_said_in_the_table(folder: Path) -> None:
    route = Route("GET /x", "whoami", "lambda", Rule())
    table = replace(ACCESS, issuers=(Issuer("cognito"), EVERYTHING), routes=(route,))
    issuer = settings_of(synthesise(folder, access=table), folder).issuers[1]
    assert issuer == TrustedIssuer(
        "partner",
        "https://login.partner.example/",
        frozenset({"orders-api"}),
        frozenset({"web"}),
        "access",
        frozenset({"ES256"}),
        "http://keys.internal/jwks",
        "at+jwt",
        900,
        ("sub",),
        accept_any_audience=False,
        accept_bound_tokens_as_bearer=True,
        scopes_claim=("permissions",),
        groups_claim=("https://example.com/groups",),
        roles_claim=("realm_access", "roles"),
        client_claim=("azp",),
        accept_plain_http=True,
    )
    unsaid = {field.name for field in fields(TrustedIssuer)} - {
        {"url": "issuer", "token_type": "typ", "jwks_file": "jwks"}.get(field.name, field.name)
        for field in fields(Issuer)
    }
    assert unsaid == {"is_replica"}  # which the stage says of the pool


def test_any_audience_can_be_said_in_the_table(folder: Path) -> None:
    clerk = Issuer("clerk", "https://clerk.example.com", accept_any_audience=True)
    route = Route("GET /x", "whoami", "lambda", Rule())
    table = replace(ACCESS, issuers=(Issuer("cognito"), clerk), routes=(route,))
    assert settings_of(synthesise(folder, access=table), folder).issuers[1].accept_any_audience


def test_the_pool_is_held_to_more_than_its_clients(folder: Path) -> None:
    pool = Issuer("cognito", audiences=("https://api.example",), client_ids=("made-elsewhere",))
    route = Route("GET /x", "whoami", "lambda", Rule())
    table = replace(ACCESS, issuers=(pool,), routes=(route,))
    [issuer] = settings_of(synthesise(folder, access=table), folder).issuers
    assert issuer.audiences == {"https://api.example"}
    assert "made-elsewhere" in issuer.client_ids
    assert len(issuer.client_ids) > 1


def test_a_replica_of_the_pool_reaches_the_function(folder: Path) -> None:
    made = synthesise(folder, access=ASKED, replica_regions=["us-east-1"])
    pool, replica = settings_of(made, folder).issuers
    assert (replica.name, replica.is_replica, pool.is_replica) == ("cognito", True, False)
    assert replica.issuer == f"https://cognito-idp.us-east-1.amazonaws.com/{POOL_ID}"
    assert replica.client_ids == pool.client_ids


def test_the_times_of_the_keys_reach_the_function(folder: Path) -> None:
    made = synthesise(
        folder,
        access=ASKED,
        jwks_fresh_seconds=600,
        jwks_max_age_seconds=7200,
        jwks_cooldown_seconds=10,
        jwks_fetch_timeout_ms=3500,
    )
    settings = settings_of(made, folder)
    assert (settings.jwks_fresh_seconds, settings.jwks_max_age_seconds) == (600, 7200)
    assert (settings.jwks_cooldown_seconds, settings.jwks_fetch_timeout_seconds) == (10, 3.5)
    assert made.function("authorizer")["Timeout"] == 8  # two requests, and a second besides


def test_an_issuer_of_the_stage_may_be_known_by_its_clients_and_have_its_keys_elsewhere(
    folder: Path,
) -> None:
    partner = {
        "url": "stytch.com/project-1",
        "client_ids": ["c-1"],
        "jwks_uri": "https://keys.partner.example/jwks",
    }
    table = replace(
        ACCESS,
        issuers=(Issuer("cognito"), Issuer("partner", from_stage=True)),
        routes=(Route("GET /x", "whoami", "lambda", Rule()),),
    )
    made = synthesise(folder, access=table, issuers={"partner": partner})
    issuer = settings_of(made, folder).issuers[1]
    assert (issuer.issuer, issuer.jwks_uri) == (partner["url"], partner["jwks_uri"])
    assert issuer.client_ids == {"c-1"}
    assert not issuer.audiences


def test_an_http_backend_is_never_told_an_empty_subject(folder: Path) -> None:
    partner = {"url": "https://login.partner.example/", "audiences": ["orders-api"]}
    made = synthesise(
        folder, issuers={"partner": partner}, http_backends={"inventory": {"url": "https://x.test"}}
    )
    issuer = settings_of(made, folder).issuers[1]
    assert (issuer.name, issuer.required_claims) == ("partner", ("sub",))


def test_the_bundle_holds_a_policy_that_the_function_can_read(local: Synthesis) -> None:
    settings = settings_of(local, local.bundle("authorizer"))
    RoutePolicy.from_file(settings.policy_file)
    named = set(json.loads(settings.policy_file.read_text())["routes"])
    behind_lambda = {
        item["Properties"]["RouteKey"]
        for _, item in local.resources("AWS::ApiGatewayV2::Route")
        if item["Properties"]["AuthorizationType"] == "CUSTOM"
    }
    assert named == behind_lambda


def test_a_claim_of_the_path_reaches_the_function(folder: Path) -> None:
    access = table_of("GET /tenants/{tenant}/orders")
    made = synthesise(
        folder, "local", access=access, bundled=True, kms_issuer=False, http_backends={}
    )
    policy = RoutePolicy.from_file(made.bundle("authorizer") / "policy.json")
    token = VerifiedToken(
        issuer=ORIGINAL,
        issuer_name="cognito",
        key_id="k-1",
        subject="u-1",
        client_id="c-1",
        token_use="access",
        scopes=("orders/read",),
        groups=(),
        expires_at=1,
        claims={"tenant": "acme"},
    )
    route = RouteKey("GET /tenants/{tenant}/orders")
    assert policy.decide(token, route, {"tenant": "acme"}).allowed
    assert policy.decide(token, route, {"tenant": "globex"}).reason == "claim_mismatch:tenant"


def test_the_environment_stays_far_below_what_lambda_allows(folder: Path) -> None:
    made = synthesise(folder, accept_both_cognito_issuers=True)
    variables = made.function("authorizer")["Environment"]["Variables"]
    size = sum(len(name) + len(resolved(made, value)) for name, value in variables.items())
    assert size < 4096 / 2


@pytest.mark.parametrize("name", ["authorizer", "health", "me", "orders", "whoami"])
def test_a_handler_stands_in_its_bundle_where_the_template_says(
    local: Synthesis, name: str
) -> None:
    assert (local.bundle(name) / name / "handler.py").is_file()
