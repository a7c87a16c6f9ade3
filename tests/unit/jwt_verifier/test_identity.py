"""Where an issuer's tokens have scopes, groups, roles and the client."""

from typing import Any

import pytest

from jwt_verifier import identity
from jwt_verifier.claim_path import ABSENT, value_at, written
from jwt_verifier.errors import ClaimRejected
from jwt_verifier.issuer import TrustedIssuer

REALM = {"realm_access": {"roles": ["customer", "offline_access"]}}
DOTTED = {"realm_access.roles": ["admin"]}
ROLES_PATH = ("realm_access", "roles")


def partner(**asked: Any) -> TrustedIssuer:
    return TrustedIssuer("partner", "https://issuer.example", **asked)


@pytest.mark.parametrize(
    ("claims", "path", "value"),
    [
        (REALM, ROLES_PATH, ["customer", "offline_access"]),
        (DOTTED, ("realm_access.roles",), ["admin"]),
        ({"https://example.com/roles": ["a"]}, ("https://example.com/roles",), ["a"]),
        ({"kubernetes.io": {"namespace": "shop"}}, ("kubernetes.io", "namespace"), "shop"),
        ({"a": {"b": {"c": None}}}, ("a", "b", "c"), None),
    ],
)
def test_a_path_is_followed_name_by_name(
    claims: dict[str, Any], path: tuple[str, ...], value: object
) -> None:
    assert value_at(claims, path) == value


@pytest.mark.parametrize(
    ("claims", "path"),
    [
        (DOTTED, ROLES_PATH),
        (REALM, ("realm_access.roles",)),
        ({}, ("a",)),
        ({"a": "text"}, ("a", "0")),
        ({"a": ["x"]}, ("a", "0")),
        ({"a": None}, ("a", "b")),
        ({"a": {"b": 1}}, ("a", "c")),
    ],
)
def test_nothing_stands_where_no_object_has_the_name(
    claims: dict[str, Any], path: tuple[str, ...]
) -> None:
    assert value_at(claims, path) is ABSENT
    assert repr(ABSENT) == "ABSENT"


def test_a_message_shows_a_path_without_a_dot_between_names() -> None:
    assert written(ROLES_PATH) == "realm_access > roles"


@pytest.mark.parametrize(
    ("claims", "path", "groups"),
    [
        ({"roles": ["admin"]}, ("roles",), ("admin",)),
        (REALM, ROLES_PATH, ("customer", "offline_access")),
        (DOTTED, ROLES_PATH, ()),
        ({"groups": ["admin"]}, ROLES_PATH, ()),
        ({"groups": ["admin"], **REALM}, None, ("admin",)),
    ],
)
def test_groups_are_where_the_issuer_has_them(
    claims: dict[str, Any], path: tuple[str, ...] | None, groups: tuple[str, ...]
) -> None:
    assert identity.groups(claims, partner(groups_claim=path)) == groups


@pytest.mark.parametrize(
    ("claims", "path", "roles"),
    [
        ({"roles": ["Orders.Admin"]}, ("roles",), ("Orders.Admin",)),
        ({"permissions": ["read:orders", "a b"]}, ("permissions",), ("read:orders", "a b")),
        ({"o": {"rol": "admin"}}, ("o", "rol"), ("admin",)),
        ({"role": "two words"}, ("role",), ("two words",)),
        ({}, ("roles",), ()),
        ({"roles": ["Orders.Admin"]}, None, ()),
    ],
)
def test_roles_are_where_the_issuer_has_them_and_otherwise_nowhere(
    claims: dict[str, Any], path: tuple[str, ...] | None, roles: tuple[str, ...]
) -> None:
    assert identity.roles(claims, partner(roles_claim=path)) == roles


@pytest.mark.parametrize("value", [None, 7, True, {"a": 1}, ["a", 1], [["a"]], [None]], ids=repr)
def test_roles_of_another_type_are_rejected(value: object) -> None:
    with pytest.raises(ClaimRejected, match="^a > b is neither a string nor an array of strings$"):
        identity.roles({"a": {"b": value}}, partner(roles_claim=("a", "b")))


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ({"perms": {"api": "read write"}}, ("read", "write")),
        ({"perms": {"api": ["read", "write"]}}, ("read", "write")),
        ({"scope": "read"}, ()),
    ],
)
def test_scopes_are_where_the_issuer_has_them_and_then_nowhere_else(
    claims: dict[str, Any], scopes: tuple[str, ...]
) -> None:
    assert identity.scopes(claims, partner(scopes_claim=("perms", "api"))) == scopes


def test_scopes_of_another_type_are_rejected_by_their_path() -> None:
    with pytest.raises(ClaimRejected, match="^perms > api is neither a string nor an array"):
        identity.scopes({"perms": {"api": 1}}, partner(scopes_claim=("perms", "api")))


@pytest.mark.parametrize(
    ("name", "claims", "client"),
    [
        ("cid", {"cid": "0oa1", "client_id": "other"}, "0oa1"),
        ("azp", {"azp": "web"}, "web"),
        ("appid", {"appid": "6e74172b"}, "6e74172b"),
        ("azp", {"client_id": "other"}, None),
    ],
)
def test_the_client_is_where_the_issuer_has_it(
    name: str, claims: dict[str, Any], client: str | None
) -> None:
    assert identity.client(claims, partner(client_claim=(name,))) == client


@pytest.mark.parametrize("value", [None, 7, ["web"], {}], ids=repr)
def test_a_client_of_another_type_is_rejected(value: object) -> None:
    with pytest.raises(ClaimRejected, match="^azp is not a string$"):
        identity.client({"azp": value}, partner(client_claim=("azp",)))
