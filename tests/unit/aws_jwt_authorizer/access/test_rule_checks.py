"""What a rule may not ask, in one line each: above all what no token can meet."""

import math
from dataclasses import replace
from typing import Any

import pytest

from aws_jwt_authorizer.access.rule_checks import issuers_of
from aws_jwt_authorizer.access.rules import (
    AnyOf,
    ClaimPath,
    ClaimValue,
    Contains,
    ContainsAny,
    Issuer,
    NoOlderThan,
    Not,
    Number,
    OneOf,
    PathParameter,
    Route,
    Rule,
    TokenUse,
)
from aws_jwt_authorizer.access.table_checks import AccessInvalid, check_table
from tests.sample.access import ACCESS

PARTNER = Issuer("partner", "https://login.partner.example/", ("orders-api",))
TABLE = replace(ACCESS, issuers=(Issuer("cognito"), PARTNER))
KEY = "GET /t/{tenant}"


def check(rule: Any, authorizer: Any = "lambda") -> None:
    check_table(replace(TABLE, routes=(Route(KEY, "orders", authorizer, rule),)))


def refusal(rule: Any, authorizer: Any = "lambda") -> str:
    with pytest.raises(AccessInvalid) as caught:
        check(rule, authorizer)
    text = str(caught.value)
    assert text.startswith(f"stacks/access.py: route {KEY!r}: ")
    assert "\n" not in text
    return text


def asking(claims: dict[str | ClaimPath, ClaimValue]) -> Rule:
    return Rule(issuers=("partner",), claims=claims)


GOOD: list[tuple[str | ClaimPath, ClaimValue]] = [
    ("tenant", "acme"),
    ("https://example.com/roles", Contains("admin")),
    ("urn:example:a.b", OneOf("a", 1)),
    (("realm_access", "roles"), ContainsAny("a", PathParameter("tenant"))),
    (("kubernetes.io", "namespace"), "orders"),
    (("a.b",), Not(Contains("c"))),
    ("level", Number(at_least=1, at_most=1)),
    ("level", Number(above=1, below=1.5)),
    ("auth_time", NoOlderThan(1)),
    ("sub", PathParameter("tenant")),
]


@pytest.mark.parametrize(("claim", "value"), GOOD)
def test_what_a_token_can_meet_is_accepted(claim: str | ClaimPath, value: ClaimValue) -> None:
    check(asking({claim: value}))


BAD: list[tuple[str | ClaimPath, ClaimValue, str]] = [
    (
        "realm_access.roles",
        Contains("a"),
        (
            "claim 'realm_access.roles' has a dot, which is part of a name and never a path: write "
            "('realm_access', 'roles') for a claim inside another, or ('realm_access.roles',) for a "
            "claim of that very name"
        ),
    ),
    ((), "x", "claim () names nothing: write the names on the way to it, outermost first"),
    ("t", OneOf(), "claim 't' has OneOf() without a value: name at least one"),
    ("t", Contains(), "claim 't' has Contains() without a value"),
    ("t", Not(ContainsAny()), "claim 't' has ContainsAny() without a value"),
    ("t", Number(), "claim 't' has Number() without a bound: give at_least, above, at_most"),
    ("t", Number(at_least=math.nan), "must be at least nan: give bounds that are finite"),
    ("t", Number(below=math.inf), "must be below inf: give bounds that are finite"),
    ("t", Number(at_least=2, at_most=1), "must be at least 2 and at most 1, which no number is"),
    ("t", Number(at_least=2, below=2), "must be at least 2 and below 2, which no number is"),
    ("t", Not(Number(above=2, at_most=2)), "must be above 2 and at most 2, which no number is"),
    ("t", NoOlderThan(0), "claim 't' must be no older than 0 min: give seconds above zero"),
    ("t", PathParameter("id"), "claim 't' is compared with {id}, which its path does not have"),
    ("t", Not(Contains(PathParameter("id"))), "is compared with {id}, which its path does not"),
]


@pytest.mark.parametrize(("claim", "value", "problem"), BAD)
def test_what_no_token_can_meet_stops_synth(
    claim: str | ClaimPath, value: ClaimValue, problem: str
) -> None:
    assert problem in refusal(asking({claim: value}))


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (OneOf(("a", "b")), "rule.claims['t'].values[0] is ('a', 'b'), it must be a string"),  # type: ignore[arg-type]  # a slip
        (OneOf(1.5), "rule.claims['t'].values[0] is 1.5, it must be a string, a whole number"),  # type: ignore[arg-type]  # a slip
        (Contains(None), "rule.claims['t'].values[0] is None, it must be a string"),  # type: ignore[arg-type]  # a slip
        (Not(Not("a")), "rule.claims['t'].of is Not(of='a'), it must be a string"),  # type: ignore[arg-type]  # a slip
        (Not(NoOlderThan(9)), "rule.claims['t'].of is NoOlderThan(seconds=9), it must be"),  # type: ignore[arg-type]  # a slip
        (Number(at_least="3"), "rule.claims['t'].at_least is '3', it must be a whole number, a number"),  # type: ignore[arg-type]  # a slip
        (Number(below=True), "rule.claims['t'].below is True, it must be a whole number"),
        (NoOlderThan(1.5), "rule.claims['t'].seconds is 1.5, it must be a whole number"),  # type: ignore[arg-type]  # a slip
    ],
)  # fmt: skip
def test_a_test_of_a_claim_is_written_with_values_that_it_knows(
    value: ClaimValue, problem: str
) -> None:
    assert problem in refusal(asking({"t": value}))


@pytest.mark.parametrize("path", [("a", 5), ("a", ""), 5, None])
def test_the_way_to_a_claim_is_made_of_names(path: Any) -> None:
    assert "rule.claims" in refusal(asking({path: "x"}))


def test_a_claim_is_asked_for_once() -> None:
    text = refusal(asking({"a": 1, ("a",): 2}))
    assert "claim ('a',) is asked for twice: name each claim only once" in text


@pytest.mark.parametrize("claim", ["cognito:groups", ("cognito:groups",), ("cognito:groups", "x")])
def test_the_pools_groups_are_asked_for_by_their_own_words(claim: str | ClaimPath) -> None:
    text = refusal(Rule(issuers=("cognito",), claims={claim: "admins"}))
    assert "ask for the user pool's groups by groups_any or groups_all" in text


@pytest.mark.parametrize("scopes", [{"scopes_all": ("openid",)}, {"scopes_any": ("openid",)}])
def test_an_id_token_of_the_pool_has_no_scopes(scopes: Any) -> None:
    text = refusal(Rule(issuers=("cognito",), token_use=TokenUse.ID, **scopes))
    assert "an ID token of the user pool has no scopes" in text
    check(Rule(issuers=("partner",), token_use=TokenUse.ID, **scopes))


@pytest.mark.parametrize("name", ["delegation", "a:b:c", "a.b:c", "A:b", ":b", "a:", "a:b\n"])
def test_a_check_is_named_by_module_and_function(name: str) -> None:
    assert f"check {name!r} must be 'module:function'" in refusal(Rule(check=name))


def test_several_rules_are_each_checked() -> None:
    check(AnyOf(Rule(("cognito",), groups_any=("admins",)), Rule(("partner",), groups_any=("x",))))
    assert "group 'x' is not in GROUPS" in refusal(
        AnyOf(Rule(("partner",)), Rule(("cognito",), groups_all=("x",)))
    )
    assert "has AnyOf() without a rule" in refusal(AnyOf())


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (Rule(("partner",), groups_all=("a",)), "checks no groups"),
        (Rule(("partner",), claims={"a": Contains("b")}), "checks no claims"),
        (Rule(("partner",), check="delegation:in_person"), "runs no code of yours"),
        (AnyOf(Rule(("partner",)), Rule(("partner",))), "cannot choose between several rules"),
    ],
)
def test_what_the_built_in_authorizer_cannot_enforce_stops_synth(
    rule: Rule | AnyOf, reason: str
) -> None:
    text = refusal(rule, "jwt")
    assert text.endswith(f"the built-in authorizer {reason}, use authorizer='lambda'")


def test_the_issuers_of_several_rules_are_those_of_each() -> None:
    both = AnyOf(Rule(("cognito",)), Rule(("partner",)))
    assert [item.name for item in issuers_of(both, TABLE)] == ["cognito", "partner"]
    assert [item.name for item in issuers_of(Rule(("partner",)), TABLE)] == ["partner"]


@pytest.mark.parametrize(
    ("issuer", "use"),
    [
        (replace(PARTNER, token_use=TokenUse.ID), TokenUse.ACCESS),
        (replace(PARTNER, token_use=TokenUse.ACCESS), TokenUse.ID),
        (replace(PARTNER, token_type="at+jwt"), TokenUse.ID),
    ],
)
def test_a_use_that_an_issuers_tokens_never_have_is_told(issuer: Issuer, use: TokenUse) -> None:
    table = replace(TABLE, issuers=(Issuer("cognito"), issuer))
    rule = Rule(issuers=("partner",), token_use=use)
    with pytest.raises(
        AccessInvalid, match=f"token_use is '{use}', and tokens of issuer 'partner'"
    ):
        check_table(replace(table, routes=(Route(KEY, "orders", "lambda", rule),)))
    met = replace(rule, token_use=next(other for other in TokenUse if other != use))
    check_table(replace(table, routes=(Route(KEY, "orders", "lambda", met),)))


SILENT = replace(PARTNER, says_token_use=False)


@pytest.mark.parametrize(
    ("pool", "named", "use", "told"),
    [
        (Issuer("cognito"), (), TokenUse.ACCESS, None),  # the pool's tokens say so
        (Issuer("cognito"), ("cognito", "partner"), TokenUse.ACCESS, "never say what they"),
        (Issuer("cognito", token_use=TokenUse.ID), (), TokenUse.ACCESS, "are for 'id' alone"),
        (Issuer("cognito", token_use=TokenUse.ID), (), TokenUse.ID, None),
    ],
)
def test_a_use_is_told_that_no_admitted_issuer_or_a_named_one_never_states(
    pool: Issuer, named: tuple[str, ...], use: TokenUse, told: str | None
) -> None:
    route = Route(KEY, "orders", "lambda", Rule(issuers=named, token_use=use))
    table = replace(TABLE, issuers=(pool, SILENT), routes=(route,))
    if told is None:
        check_table(table)
    else:
        with pytest.raises(AccessInvalid, match=told):
            check_table(table)
