"""Tokens of the shapes that issuers document, and what their users want to ask of them.

Sources: the claims references of Entra ID ("Access token claims"), Auth0 (RBAC; custom claims),
Keycloak (realm roles), Clerk (session token version 2), Supabase (JWT fields), GitHub Actions
(OpenID Connect), Kubernetes (service account tokens), Firebase (custom claims), Amazon Cognito
identity pools (`amr`).
"""

import json
from typing import Any

import pytest

from authorizer.policy import RoutePolicy
from authorizer.route import RouteKey
from aws_jwt_authorizer.access.policy_document import rule_document
from aws_jwt_authorizer.access.rules import AnyOf, ClaimPath, ClaimValue, Contains, OneOf, Rule
from jwt_verifier.tokens import VerifiedToken
from tests.property.random_rules import NOW

ROUTE = RouteKey("GET /orders")
ENTRA = {"roles": ["Orders.Reader", "Orders.Admin"]}
CASES: dict[str, tuple[dict[str | ClaimPath, ClaimValue], Any, Any]] = {
    "Entra ID app roles": (
        {"roles": Contains("Orders.Admin")},
        ENTRA,
        {"roles": ["Orders.Administrator"]},
    ),
    "Auth0 permissions": (
        {"permissions": Contains("write:orders")},
        {"permissions": ["read:orders", "write:orders"]},
        {"permissions": ["read:orders"]},
    ),
    "Auth0 namespaced roles": (
        {"https://example.com/roles": Contains("admin")},
        {"https://example.com/roles": ["admin", "editor"]},
        {"https://example.com/roles": ["editor"]},
    ),
    "Keycloak realm roles": (
        {("realm_access", "roles"): Contains("customer")},
        {"realm_access": {"roles": ["customer"]}},
        {"realm_access": {"roles": []}, "realm_access.roles": ["customer"]},
    ),
    "Clerk organisation role": (
        {("o", "rol"): "admin"},
        {"o": {"id": "org_1", "rol": "admin"}},
        {"o": {"id": "org_1", "rol": "member"}},
    ),
    "Supabase app metadata": (
        {("app_metadata", "plan"): "pro"},
        {"app_metadata": {"plan": "pro"}},
        {"app_metadata": {"plan": "free"}, "user_metadata": {"plan": "pro"}},
    ),
    "GitHub Actions, two repositories": (
        {"repository": OneOf("acme/shop", "acme/web"), "ref": "refs/heads/main"},
        {"repository": "acme/web", "ref": "refs/heads/main"},
        {"repository": "acme/other", "ref": "refs/heads/main"},
    ),
    "AWS STS, one of two roles": (
        {"sub": OneOf("arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/b")},
        {"sub": "arn:aws:iam::123456789012:role/b"},
        {"sub": "arn:aws:iam::123456789012:role/bb"},
    ),
    "AWS STS account": (
        {("https://sts.amazonaws.com/", "aws_account"): "123456789012"},
        {"https://sts.amazonaws.com/": {"aws_account": "123456789012"}},
        {"https://sts.amazonaws.com/": {"aws_account": "123456789013"}},
    ),
    "Kubernetes namespace": (
        {("kubernetes.io", "namespace"): "orders"},
        {"kubernetes.io": {"namespace": "orders"}},
        {"kubernetes": {"io": {"namespace": "orders"}}},
    ),
    "Firebase tenant": (
        {("firebase", "tenant"): "acme"},
        {"firebase": {"tenant": "acme", "identities": {}}},
        {"firebase": {"identities": {"tenant": "acme"}}},
    ),
    "Cognito identity pool": (
        {"amr": Contains("authenticated")},
        {"amr": ["authenticated", "cognito-idp.eu-west-1.amazonaws.com/x"]},
        {"amr": ["unauthenticated"]},
    ),
}


def allowed(asked: Rule | AnyOf, claims: Any, issuer: str = "idp") -> bool:
    rule = {"in_words": "w", "any_of": rule_document(asked), "cookie": False}
    policy = RoutePolicy.from_json(json.dumps({"version": 2, "routes": {ROUTE: rule}}).encode())
    groups = tuple(claims.get("groups", ()))
    token = VerifiedToken("i", issuer, "k", "s", "c", "access", (), groups, NOW, claims)
    return policy.decide(token, ROUTE, now=NOW).allowed


@pytest.mark.parametrize("name", CASES)
def test_what_users_of_an_issuer_ask_for_can_be_said(name: str) -> None:
    asked, good, bad = CASES[name]
    rule = Rule(issuers=("idp",), claims=asked)
    assert allowed(rule, good)
    assert not allowed(rule, bad)
    assert not allowed(rule, {})
    assert not allowed(rule, good, issuer="another")


def test_cognitos_admins_or_entras() -> None:
    admins = AnyOf(
        Rule(("cognito",), groups_any=("admins",)),
        Rule(("entra",), claims={"roles": Contains("Orders.Admin")}),
    )
    assert allowed(admins, {"groups": ["admins"]}, "cognito")
    assert allowed(admins, ENTRA, "entra")
    assert not allowed(admins, ENTRA, "cognito")
    assert not allowed(admins, {"groups": ["admins"]}, "entra")
