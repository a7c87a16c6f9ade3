"""Issuers and rules by route -> a table, or one line that says what is wrong."""

from typing import Any

import pytest

from aws_jwt_authorizer.access.issuers import Issuer
from aws_jwt_authorizer.access.rules import AnyOf, Rule
from aws_jwt_authorizer.access.rules_table import table_of_rules
from aws_jwt_authorizer.access.table_checks import AccessInvalid

LOGIN = Issuer("login", "https://login.example", ("pets",))


def test_each_rule_is_of_a_route_behind_our_authorizer() -> None:
    rules: dict[str, Rule | AnyOf] = {
        "GET /pets": Rule(),
        "$default": AnyOf(Rule(groups_any=("a",))),
    }
    table = table_of_rules([LOGIN], rules, {"email": "email"})
    assert {route.key: route.rule for route in table.routes} == rules
    assert {route.authorizer for route in table.routes} == {"lambda"}
    assert table.issuers == (LOGIN,)
    assert table.claims_for_backends == {"email": "email"}


@pytest.mark.parametrize(
    ("issuers", "routes", "told"),
    [
        ([], {"GET /a": Rule()}, "issuers: name at least one"),
        ([Issuer("pool")], {"GET /a": Rule()}, "issuer 'pool': give it a url"),
        ([LOGIN], [("GET /a", Rule())], "routes must be a dictionary of rules by route key"),
        ([LOGIN], {"GET /a": None}, "route 'GET /a': say what it asks for"),
        ([LOGIN], {"GET /a": AnyOf(Rule(), Rule(check="a:b"))}, "route 'GET /a': remove its check"),
        ([LOGIN], {f"GET /{n}": Rule() for n in range(301)}, "routes: 301, and an API takes 300"),
    ],
)
def test_what_cannot_be_served_is_one_line(issuers: Any, routes: Any, told: str) -> None:
    with pytest.raises(AccessInvalid) as caught:
        table_of_rules(issuers, routes)
    assert str(caught.value).startswith(f"JwtAuthorizer: {told}")
