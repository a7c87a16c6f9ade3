"""What an app client and the page's functions take of scopes is known before anything is made."""

from dataclasses import replace

import pytest

from aws_jwt_authorizer.access.api_limits import check_api_limits
from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.access.table_checks import AccessInvalid, check_table
from tests.sample.access import ACCESS

ROUTES = tuple(route for route in ACCESS.routes if route.authorizer == "public")


def with_scopes(scopes: dict[str, str]) -> AccessTable:
    return replace(ACCESS, routes=ROUTES, scopes=scopes, clients=())


def numbered(count: int, length: int = 12) -> dict[str, str]:
    return {f"orders/{number:0{length - 7}}": "of many" for number in range(count)}


TAKEN = {
    "scopes of a client": (
        numbered(47),
        numbered(48),
        "SCOPES: 48, with openid, email, profile 51",
    ),
    "a scope's length": (numbered(1, 256), numbered(1, 257), "257 characters, and an app client"),
    "scopes together": (
        numbered(25, 99),
        numbered(25, 100),
        "SCOPES: 2525 characters together, and functions of the page",
    ),
    "a scope's description": (
        {"orders/read": "d" * 256},
        {"orders/read": "d" * 257},
        "scope 'orders/read': its description has 257 characters, and the user pool takes 1 to 256",
    ),
    "a scope without a description": (
        {"orders/read": "d"},
        {"orders/read": ""},
        "scope 'orders/read': its description has 0 characters",
    ),
}


@pytest.mark.parametrize("limit", TAKEN)
def test_as_much_as_the_pool_takes_is_accepted_and_more_stops_synth(limit: str) -> None:
    taken, refused, words = TAKEN[limit]
    for scopes in (taken, refused):
        check_table(with_scopes(scopes))
    check_api_limits(with_scopes(taken))
    with pytest.raises(AccessInvalid) as refusal:
        check_api_limits(with_scopes(refused))
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_groups_description_may_be_missing_and_not_too_long() -> None:
    check_api_limits(replace(ACCESS, routes=ROUTES, groups={"a": "", "b": "d" * 2048}))
    with pytest.raises(AccessInvalid, match="group 'b': its description has 2049 characters"):
        check_api_limits(replace(ACCESS, routes=ROUTES, groups={"b": "d" * 2049}))
