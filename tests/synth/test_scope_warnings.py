"""In Cognito a person gets every scope that the app may ask for: synth warns where that opens a write."""

from dataclasses import replace
from pathlib import Path

import pytest

from aws_jwt_authorizer.access.rules import (
    AccessTable,
    Issuer,
    PathParameter,
    Route,
    Rule,
    TokenUse,
)
from aws_jwt_authorizer.access.scope_warnings import scope_warnings
from local.template.assembly import read_assembly
from tests.sample.access import ACCESS
from tests.synth.synthesis import synthesise

COGNITO = Issuer("cognito")
PARTNER = Issuer("partner", "https://login.partner.example", ("orders-api",))
BY_SCOPE = Rule(issuers=("cognito",), scopes_all=("orders/write",))


def table(key: str, rule: Rule | None, authorizer: str = "lambda") -> AccessTable:
    route = Route(key, "orders", authorizer, rule)  # type: ignore[arg-type]  # one of the three
    return replace(ACCESS, issuers=(COGNITO, PARTNER), routes=(route,))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "ANY"])
@pytest.mark.parametrize(
    "rule",
    [
        BY_SCOPE,
        replace(BY_SCOPE, token_use=TokenUse.ACCESS),
        Rule(issuers=("cognito",), scopes_any=("orders/read", "orders/write")),
        Rule(issuers=("partner", "cognito"), scopes_all=("orders/write",)),
    ],
)
def test_a_write_that_the_pools_people_get_by_scopes_alone_is_warned_of(
    method: str, rule: Rule
) -> None:
    [warning] = scope_warnings(table(f"{method} /orders", rule))
    assert warning == (
        f"{method} /orders asks the user pool's people for scopes alone, and an app client gets "
        "its scopes for everybody who signs in: ask for a group too, groups_any=(...), behind "
        "authorizer='lambda'"
    )


def test_the_built_in_authorizer_makes_no_difference() -> None:
    assert list(scope_warnings(table("POST /orders", BY_SCOPE, "jwt")))


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("GET /orders", BY_SCOPE),
        ("HEAD /orders", BY_SCOPE),
        ("POST /orders", None),
        ("POST /orders", Rule(issuers=("cognito",))),
        ("POST /orders", replace(BY_SCOPE, groups_any=("admins",))),
        ("POST /t/{tenant}", replace(BY_SCOPE, claims={"tenant": PathParameter("tenant")})),
        ("POST /orders", replace(BY_SCOPE, issuers=("partner",))),
        ("POST /orders", replace(BY_SCOPE, token_use=TokenUse.ID)),
    ],
)
def test_a_rule_that_tells_people_apart_or_says_any_token_is_not(
    key: str, rule: Rule | None
) -> None:
    assert not list(scope_warnings(table(key, rule, "lambda" if rule else "public")))


@pytest.mark.parametrize(
    ("rule", "warned"),
    [
        (Rule(("cognito",), scopes_all=("reports.write",)), False),
        (Rule(("cognito",), scopes_all=("reports.write", "orders/write")), False),
        (Rule(("cognito",), scopes_any=("reports.write",)), False),
        (Rule(("cognito",), scopes_any=("reports.write", "orders/write")), True),
    ],
)
def test_a_scope_that_a_trigger_gives_to_some_tells_people_apart(rule: Rule, warned: bool) -> None:
    access = replace(table("POST /orders", rule), trigger_scopes=("reports.write",))
    assert bool(list(scope_warnings(access))) is warned


def test_synth_says_it_once_and_goes_on_and_so_does_the_local_stack(folder: Path) -> None:
    access = table("POST /orders", BY_SCOPE)
    made = synthesise(folder, access=access)
    assert made.route("POST /orders")["AuthorizationType"] == "CUSTOM"
    assert list(read_assembly(folder).warnings) == list(scope_warnings(access))


def test_the_table_of_the_project_is_warned_of_nothing() -> None:
    assert not list(scope_warnings(ACCESS))
