from dataclasses import replace
from typing import Any

import pytest

from aws_jwt_authorizer.access.rules import HttpBackend, Route, Rule
from aws_jwt_authorizer.access.table_checks import AccessInvalid, check_table
from tests.sample.access import ACCESS

TABLE = replace(ACCESS, issuers=ACCESS.issuers[:1])


def refusal(route: Route) -> str:
    with pytest.raises(AccessInvalid) as caught:
        check_table(replace(TABLE, routes=(route,)))
    return str(caught.value)


@pytest.mark.parametrize("authorizer", ["public", "jwt"])
def test_only_the_lambda_authorizer_reads_a_cookie(authorizer: Any) -> None:
    rule = None if authorizer == "public" else Rule()
    text = refusal(Route("GET /x", "orders", authorizer, rule, cookie=True))
    assert text.startswith("stacks/access.py: route 'GET /x': only our Lambda authorizer reads a")
    assert text.endswith("use authorizer='lambda' or cookie=False")


def test_a_route_of_a_server_takes_no_cookie() -> None:
    route = Route("GET /x", HttpBackend("inventory"), "lambda", Rule(), cookie=True)
    assert refusal(route).endswith(
        "a server gets no cookies, use a function as its backend or cookie=False"
    )


@pytest.mark.parametrize("cookie", ["yes", 1, 0, None])
def test_whether_a_route_takes_a_cookie_is_a_boolean(cookie: Any) -> None:
    route = Route("GET /x", "orders", "lambda", Rule(), cookie=cookie)
    assert refusal(route).endswith(f"cookie is {cookie!r}, it must be True or False")


def test_a_route_of_a_function_may_take_a_cookie() -> None:
    route = Route("GET /x", "orders", "lambda", Rule(), cookie=True)
    check_table(replace(TABLE, routes=(route,)))
