from dataclasses import replace
from typing import Any

import pytest

from aws_jwt_authorizer.access.rules import AccessTable, Issuer, Route, Rule
from aws_jwt_authorizer.access.table_checks import check_table
from stacks.stage.config import stage_config
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.stage_table import left_out, table_of_stage
from tests.sample.access import ACCESS
from tests.sample.paths import STAGES

PARTNER = {"url": "https://login.partner.example", "audiences": ["orders"]}
SERVER = {"url": "https://inventory.example.com"}


BARE = {"issuers": {}, "http_backends": {}, "tenant_claim": False}


def table(access: AccessTable = ACCESS, **fields: Any) -> AccessTable:
    made = table_of_stage(access, stage_config("local", STAGES, {**BARE, **fields}))
    check_table(made)
    return made


def keys(made: AccessTable) -> set[str]:
    return {route.key for route in made.routes}


def test_a_stage_that_configures_nothing_has_the_pool_alone() -> None:
    made = table()
    assert [issuer.name for issuer in made.issuers] == ["cognito"]
    left_out = keys(ACCESS) - keys(made)
    assert left_out == {
        *("GET /partner/orders", "GET /inventory/{item}", "GET /tenants/{tenant}/orders"),
        *("GET /machine/me", "POST /session/revoke", "POST /admin/revocations"),
    }


def test_a_stage_that_says_where_the_partner_is_has_its_route() -> None:
    made = table(issuers={"partner": PARTNER})
    assert made.issuers[1] == Issuer(
        "partner", "https://login.partner.example", ("orders",), from_stage=True
    )
    assert "GET /partner/orders" in keys(made)


def test_a_stage_that_says_where_a_server_is_has_its_route() -> None:
    assert "GET /inventory/{item}" in keys(table(http_backends={"inventory": SERVER}))


def test_a_stage_whose_tokens_tell_the_tenant_has_the_tenants_route() -> None:
    assert "GET /tenants/{tenant}/orders" in keys(table(tenant_claim=True))


def test_a_stage_with_revocation_has_the_routes_that_revoke() -> None:
    revoking = {"POST /session/revoke", "POST /admin/revocations"}
    assert keys(table(revocation="closed", authorizer_cache_ttl_seconds=5)) >= revoking
    lines = list(left_out(ACCESS, stage_config("local", STAGES)))
    where = "context.stages.local lacks revocation"
    assert {f"route {key!r} is left out: {where}" for key in revoking} <= {*lines}


def test_a_rule_of_several_issuers_keeps_those_that_there_are() -> None:
    both = Route("GET /x", "whoami", "lambda", Rule(issuers=("cognito", "partner")))
    access = replace(ACCESS, routes=(both,))
    assert table(access).routes[0].rule == Rule(issuers=("cognito",))
    assert table(access, issuers={"partner": PARTNER}).routes == (both,)


def test_the_partner_of_the_local_stage_may_be_on_this_machine_and_of_no_other() -> None:
    here = {"url": "http://127.0.0.1:8080", "audiences": ["orders"]}
    assert table(issuers={"partner": here}).issuers[1].url == "http://127.0.0.1:8080"
    with pytest.raises(ConfigInvalid, match="issuers.partner.url is 'http://127.0.0.1:8080': it"):
        stage_config("dev", STAGES, {"issuers": {"partner": here}})


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"issuers": {"okta": PARTNER}}, "issuers.okta: .* use one of machines, partner"),
        ({"issuers": {"cognito": PARTNER}}, "issuers.cognito: .* use one of machines, partner"),
        ({"http_backends": {"orders": SERVER}}, "http_backends.orders: .* use one of inventory"),
    ],
)
def test_a_stage_gives_an_address_only_to_what_the_table_leaves_to_it(
    fields: dict[str, Any], text: str
) -> None:
    with pytest.raises(ConfigInvalid, match=text):
        table(**fields)


def test_an_issuer_on_kms_that_the_table_does_not_have_is_one_clear_line() -> None:
    without = replace(
        ACCESS,
        issuers=ACCESS.issuers[:1],
        routes=(Route("GET /x", "health", "public"),),
    )
    with pytest.raises(ConfigInvalid) as caught:
        table(without, kms_issuer=True)
    assert str(caught.value) == (
        "context.stages.local.kms_issuer: stacks/access.py has no "
        "Issuer('machines', from_stage=True) for it: add one, or set it to false"
    )


LIMITS = {"rate_per_second": 5, "burst": 10}


@pytest.mark.parametrize(
    ("key", "nearest"),
    [("POST /order", "POST /orders"), ("get /me", "GET /me")],
)
def test_a_limit_of_a_route_that_is_not_there_is_answered_with_the_nearest(
    key: str, nearest: str
) -> None:
    with pytest.raises(ConfigInvalid) as caught:
        table(route_throttles={key: LIMITS})
    assert str(caught.value) == (
        f"context.stages.local.route_throttles has {key!r}: stacks/access.py has no such route, "
        f"the nearest is {nearest!r}"
    )


def test_a_limit_of_a_route_that_the_stage_leaves_out_is_said_and_no_error() -> None:
    key = "GET /partner/orders"
    fields: dict[str, Any] = {**BARE, "route_throttles": {key: LIMITS, "GET /me": LIMITS}}
    assert key not in keys(table(**fields))
    lines = list(left_out(ACCESS, stage_config("local", STAGES, fields)))
    where = "context.stages.local.route_throttles"
    assert [line for line in lines if line.startswith(where)] == [
        f"{where}.{key} is left out with its route"
    ]
