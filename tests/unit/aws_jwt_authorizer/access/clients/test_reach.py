"""Which routes nobody can call is said in words, and only of those."""

from dataclasses import replace

import pytest

from aws_jwt_authorizer.access.clients.reach import unreachable
from aws_jwt_authorizer.access.rules import (
    ALL_SCOPES,
    AnyOf,
    AppClient,
    Issuer,
    MachineClient,
    NativeClient,
    Route,
    Rule,
    TokenUse,
    WebClient,
)
from tests.sample.access import ACCESS

OF_POOL = Rule(issuers=("cognito",))
READ, WRITE = (replace(OF_POOL, scopes_all=(f"orders/{name}",)) for name in ("read", "write"))
STAFF = replace(OF_POOL, groups_any=("admins",))
IDENTITY = replace(OF_POOL, token_use=TokenUse.ID)
READER = MachineClient("reader", scopes=("orders/read",))


def said(
    rule: Rule | AnyOf,
    *clients: AppClient,
    page: bool = False,
    trigger_scopes: tuple[str, ...] = (),
) -> list[str]:
    routes = (Route("GET /x", "orders", "lambda", rule), Route("GET /health", "health", "public"))
    table = replace(ACCESS, clients=clients, routes=routes, trigger_scopes=trigger_scopes)
    return list(unreachable(table, page=page))


@pytest.mark.parametrize("rule", [OF_POOL, READ, STAFF, IDENTITY, AnyOf(WRITE, STAFF)])
def test_without_a_client_nobody_can_call_what_takes_a_token_of_the_pool(
    rule: Rule | AnyOf,
) -> None:
    [line] = said(rule)
    assert line == (
        "nobody can call GET /x: it asks for a token of the user pool, and no client of this stage "
        "can get one; add one to CLIENTS"
    )


def test_the_page_signs_people_in_without_a_client_of_the_table() -> None:
    for rule in (OF_POOL, READ, WRITE, STAFF, IDENTITY):
        assert said(rule, page=True) == []


@pytest.mark.parametrize("rule", [STAFF, IDENTITY])
def test_a_machine_is_not_a_person(rule: Rule) -> None:
    [line] = said(rule, READER)
    assert "it asks for a person, and every client of this stage is a machine" in line
    assert said(rule, READER, NativeClient("cli", ())) == []


def test_a_scope_that_no_client_may_ask_for_is_named() -> None:
    [line] = said(WRITE, READER, WebClient("web", ("orders/read",)))
    assert "it asks for orders/write, and no client of this stage may ask for that" in line
    assert said(WRITE, READER, WebClient("web", ALL_SCOPES)) == []
    assert said(READ, READER) == []


def test_one_client_must_have_all_that_a_rule_asks_for() -> None:
    writer = replace(WRITE, groups_any=("admins",))
    machine = MachineClient("writer", ("orders/write",))
    assert len(said(writer, machine, WebClient("web", ("orders/read",)))) == 1


def test_one_rule_that_can_be_met_is_enough() -> None:
    assert said(AnyOf(WRITE, READ), READER) == []
    assert len(said(AnyOf(WRITE, STAFF), READER)) == 1


def test_a_scope_of_a_trigger_or_of_cognito_needs_no_client_of_ours() -> None:
    by_trigger = replace(OF_POOL, scopes_any=("made-up",))
    assert said(by_trigger, READER, trigger_scopes=("made-up",)) == []
    profile = replace(OF_POOL, scopes_any=("profile",))
    assert said(profile, WebClient("web", ())) == []
    assert len(said(profile, READER)) == 1


def test_a_token_of_another_issuer_is_that_issuers_affair() -> None:
    assert said(Rule(issuers=("partner",))) == []
    assert said(Rule()) == []


def test_clients_made_elsewhere_may_ask_for_anything() -> None:
    table = replace(
        ACCESS, clients=(), issuers=(Issuer("cognito", client_ids=("made-elsewhere",)),)
    )
    assert list(unreachable(table, page=False)) == []
