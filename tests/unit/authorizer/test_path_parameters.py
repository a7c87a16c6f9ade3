from typing import Any

import pytest

from authorizer.path_parameters import reads_one_way, unambiguous
from authorizer.route import RouteKey

TENANT = RouteKey("GET /tenants/{tenant}/orders")
FILE = RouteKey("GET /tenants/{tenant}/files/{path+}")


@pytest.mark.parametrize(
    ("route_key", "raw_path", "parameters"),
    [
        (TENANT, "/tenants/acme/orders", {"tenant": "acme"}),
        (TENANT, "/dev/tenants/acme/orders", {"tenant": "acme"}),
        (TENANT, "/v1/shop/tenants/acme/orders", {"tenant": "acme"}),
        (TENANT, "/tenants/a b/orders", {"tenant": "a b"}),
        (TENANT, "/tenants/\u4e16\u754c/orders", {"tenant": "\u4e16\u754c"}),
        (TENANT, "/tenants/a.b..c;d/orders", {"tenant": "a.b..c;d"}),
        (FILE, "/tenants/acme/files/a/b/", {"tenant": "acme", "path": "a/b/"}),
        (RouteKey("GET /orders"), "/orders", {}),
    ],
)
def test_a_path_that_reads_one_way_has_its_parameters(
    route_key: RouteKey, raw_path: str, parameters: dict[str, str]
) -> None:
    assert unambiguous(route_key, raw_path, parameters) == parameters


@pytest.mark.parametrize(
    ("raw_path", "parameters"),
    [
        # Another place in the path than the route key's.
        ("/tenants/globex/orders", {"tenant": "acme"}),
        ("/tenants/acme/orders/", {"tenant": "acme"}),
        ("/tenants/acme", {"tenant": "acme"}),
        ("/tenantsacme/orders", {"tenant": "acme"}),
        ("/tenants/acme/orders/x", {"tenant": "acme"}),
        ("tenants/acme/orders", {"tenant": "acme"}),
        ("", {"tenant": "acme"}),
        (None, {"tenant": "acme"}),
        (["/tenants/acme/orders"], {"tenant": "acme"}),
        # Decoded too often, or not often enough.
        ("/tenants/acme/globex/orders", {"tenant": "acme/globex"}),
        ("/tenants/acme/orders", {"tenant": "acme%2Forders"}),
        ("/tenants/a%62/orders", {"tenant": "a%62"}),
        ("/tenants/a%62/orders", {"tenant": "ab"}),
        ("/tenants/a?b/orders", {"tenant": "a?b"}),
        ("/tenants/a#b/orders", {"tenant": "a#b"}),
        ("/tenants/a\\b/orders", {"tenant": "a\\b"}),
        ("/tenants/../orders", {"tenant": ".."}),
        ("/tenants/./orders", {"tenant": "."}),
        ("/tenants/..;/orders", {"tenant": "..;"}),
        ("/tenants/.;x/orders", {"tenant": ".;x"}),
        ("/%61/tenants/acme/orders", {"tenant": "acme"}),
        ("/../tenants/acme/orders", {"tenant": "acme"}),
        # Parameters that are not the route's.
        ("/tenants/acme/orders", {}),
        ("/tenants/acme/orders", {"tenant": "acme", "other": "x"}),
        ("/tenants/acme/orders", {"tenant": 7}),
        ("/tenants/acme/orders", {7: "acme"}),
        ("/tenants/acme/orders", None),
        ("/tenants/acme/orders", ["tenant"]),
        ("/tenants/acme/orders", "tenant"),
    ],
    ids=repr,
)
def test_any_other_path_has_none(raw_path: Any, parameters: Any) -> None:
    assert unambiguous(TENANT, raw_path, parameters) == {}


@pytest.mark.parametrize(
    "path", ["../globex/x", "a/../../../globex/x", "..", "a/..;/x", "a%2e", "a?b", "a\\..\\b"]
)
def test_the_rest_of_the_path_cannot_lead_out_of_a_parameter(path: str) -> None:
    parameters = {"tenant": "acme", "path": path}
    assert unambiguous(FILE, f"/tenants/acme/files/{path}", parameters) == {}


@pytest.mark.parametrize("key", ["$default", "", "GET", "GET /tenants/{other}/orders"])
def test_a_route_key_without_these_parameters_has_none(key: str) -> None:
    assert unambiguous(RouteKey(key), "/tenants/acme/orders", {"tenant": "acme"}) == {}


@pytest.mark.parametrize("parameter", ["acme", "a b", "a.b", "...", "\u4e16", "a:b", ""])
def test_a_plain_parameter_reads_one_way(parameter: str) -> None:
    assert reads_one_way(parameter)


@pytest.mark.parametrize(
    "parameter",
    ["%", "a%2Fb", "a/b", "/", "a?", "#", "a\\b", ".", "..", "..;a", "a;b", "./a", "a/.."],
)
def test_any_other_parameter_does_not(parameter: str) -> None:
    assert not reads_one_way(parameter)
