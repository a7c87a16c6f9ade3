"""Tokens as each provider documents them: names, ids and keys are invented."""

from dataclasses import dataclass, field
from typing import Any

from aws_jwt_authorizer.access import presets
from aws_jwt_authorizer.access.issuers import Issuer

OWN_POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
OWN_CLIENT = "own"
TENANT = "11111111-2222-3333-4444-555555555555"
POOL = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_ZyXwVuTsR"
STS = "https://a1b2c3d4-e5f6-7890-abcd-ef0123456789.tokens.sts.global.api.aws"
EKS = "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"


@dataclass(frozen=True)
class Shape:
    """A documented token, and what it must be read as.

    `iss` is in `claims`; `iat` and `exp` are added. `header` beside `alg` and `kid`.
    """

    source: str
    issuer: Issuer
    claims: dict[str, Any]
    header: dict[str, Any] = field(default_factory=lambda: {"typ": "JWT"})
    algorithm: str = "RS256"
    token_use: str | None = None
    client_id: str | None = None
    scopes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


SHAPES = {
    "another user pool": Shape(
        "Amazon Cognito developer guide, understanding the access token",
        presets.cognito_pool("pool-2", "us-east-1_ZyXwVuTsR", client_ids=("2ndclient",)),
        {
            "iss": POOL,
            "sub": "u1",
            "client_id": "2ndclient",
            "token_use": "access",
            "scope": "openid orders/read",
            "cognito:groups": ["admins"],
            "username": "u",
            "origin_jti": "o",
            "event_id": "e",
            "jti": "j",
        },
        header={},
        token_use="access",
        client_id="2ndclient",
        scopes=("openid", "orders/read"),
        groups=("admins",),
    ),
    "identity pool": Shape(
        "Amazon Cognito developer guide, GetOpenIdToken; awslabs/aws-jwt-verify#89, #231",
        presets.cognito_identity_pool("identities", ("eu-west-1:2222",)),
        {
            "iss": "https://cognito-identity.amazonaws.com",
            "sub": "eu-west-1:1111",
            "aud": "eu-west-1:2222",
            "amr": ["authenticated", "login.example.com"],
        },
        header={"typ": "JWS"},
        algorithm="RS512",
        roles=("authenticated", "login.example.com"),
    ),
    "Auth0": Shape(
        "Auth0 docs, access token profiles; role-based access control for APIs",
        presets.auth0("auth0", "acme.eu.auth0.com", audience="https://api.example.com"),
        {
            "iss": "https://acme.eu.auth0.com/",
            "sub": "auth0|u1",
            "azp": "client-1",
            "aud": ["https://api.example.com", "https://acme.eu.auth0.com/userinfo"],
            "scope": "openid read:orders",
            "permissions": ["read:orders", "write:orders"],
        },
        client_id="client-1",
        scopes=("openid", "read:orders"),
        roles=("read:orders", "write:orders"),
    ),
    "Auth0 with a namespaced claim": Shape(
        "Auth0 docs, create custom claims",
        presets.auth0(
            *("auth0", "login.example.com"),
            audience="https://api.example.com",
            roles_claim=("https://example.com/roles",),
            groups_claim=("https://example.com/groups",),
        ),
        {
            "iss": "https://login.example.com/",
            "sub": "u",
            "aud": "https://api.example.com",
            "https://example.com/roles": ["admin"],
            "https://example.com/groups": ["staff"],
        },
        groups=("staff",),
        roles=("admin",),
    ),
    "Okta": Shape(
        "Okta developer docs, access tokens of a custom authorization server",
        presets.okta(
            *("okta", "https://acme.okta.com/oauth2/default"),
            audience="api://default",
            client_ids=("0oa1",),
        ),
        {
            "iss": "https://acme.okta.com/oauth2/default",
            "sub": "a@example.com",
            "ver": 1,
            "aud": "api://default",
            "cid": "0oa1",
            "uid": "00u1",
            "scp": ["openid", "orders.read"],
            "groups": ["Everyone", "Admins"],
        },
        header={},
        client_id="0oa1",
        scopes=("openid", "orders.read"),
        groups=("Everyone", "Admins"),
    ),
    "Entra ID v2.0, a person": Shape(
        "Microsoft identity platform, access token claims reference",
        presets.entra_id("entra", TENANT, audience="6e74172b"),
        {
            "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0",
            "aud": "6e74172b",
            "ver": "2.0",
            "azp": "client-1",
            "azpacr": "1",
            "tid": TENANT,
            "sub": "s",
            "oid": "o",
            "scp": "user Orders.Read",
            "roles": ["Orders.Admin"],
            "groups": ["9f4ef2a5-7f1f-4c33-a29b-34cbd5c0a3a1"],
        },
        header={"typ": "JWT", "x5t": "k"},
        client_id="client-1",
        scopes=("user", "Orders.Read"),
        groups=("9f4ef2a5-7f1f-4c33-a29b-34cbd5c0a3a1",),
        roles=("Orders.Admin",),
    ),
    "Entra ID v2.0, an app": Shape(
        "Microsoft identity platform, client credentials flow; app roles",
        presets.entra_id("entra", TENANT, audience="6e74172b"),
        {
            "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0",
            "aud": "6e74172b",
            "ver": "2.0",
            "azp": "client-1",
            "idtyp": "app",
            "sub": "s",
            "roles": ["Orders.Read.All"],
        },
        client_id="client-1",
        roles=("Orders.Read.All",),
    ),
    "Entra ID v1.0": Shape(
        "Microsoft identity platform, access token claims reference",
        presets.entra_id("entra", TENANT, audience="api://6e74172b", version="v1.0"),
        {
            "iss": f"https://sts.windows.net/{TENANT}/",
            "aud": "api://6e74172b",
            "ver": "1.0",
            "appid": "client-1",
            "appidacr": "1",
            "sub": "s",
            "scp": "Orders.Read",
            "roles": ["Orders.Admin"],
        },
        client_id="client-1",
        scopes=("Orders.Read",),
        roles=("Orders.Admin",),
    ),
    "Keycloak": Shape(
        "Keycloak server administration guide, audience support; keycloak#34306",
        presets.keycloak("kc", "https://kc.example.com:8443/realms/shop", audience="orders-api"),
        {
            "iss": "https://kc.example.com:8443/realms/shop",
            "sub": "u",
            "typ": "Bearer",
            "aud": ["orders-api", "account"],
            "azp": "web",
            "scope": "openid orders:read",
            "realm_access": {"roles": ["customer", "offline_access"]},
            "resource_access": {"orders-api": {"roles": ["clerk"]}},
        },
        client_id="web",
        scopes=("openid", "orders:read"),
        roles=("customer", "offline_access"),
    ),
    "Keycloak, roles of a client": Shape(
        "Keycloak server administration guide, client roles",
        presets.keycloak(
            *("kc", "https://kc.example.com/realms/shop"),
            audience="orders-api",
            client="orders-api",
            groups_claim=("group_paths",),
        ),
        {
            "iss": "https://kc.example.com/realms/shop",
            "aud": "orders-api",
            "azp": "web",
            "realm_access": {"roles": ["customer"]},
            "resource_access": {"orders-api": {"roles": ["clerk"]}},
            "group_paths": ["/staff"],
        },
        client_id="web",
        groups=("/staff",),
        roles=("clerk",),
    ),
    "Google": Shape(
        "Google Identity, OpenID Connect, an ID token's payload",
        presets.google("google", "1.apps.googleusercontent.com"),
        {
            "iss": "https://accounts.google.com",
            "sub": "110169484474386276334",
            "azp": "1.apps.googleusercontent.com",
            "aud": "1.apps.googleusercontent.com",
            "hd": "example.com",
            "email_verified": True,
        },
        token_use="id",
        client_id="1.apps.googleusercontent.com",
    ),
    "Firebase": Shape(
        "Firebase, verify ID tokens; control access with custom claims",
        presets.firebase("firebase", "my-project", roles_claim=("roles",)),
        {
            "iss": "https://securetoken.google.com/my-project",
            "aud": "my-project",
            "sub": "u",
            "user_id": "u",
            "admin": True,
            "roles": ["editor"],
            "firebase": {"sign_in_provider": "password", "tenant": "shop"},
        },
        token_use="id",
        roles=("editor",),
    ),
    "Clerk": Shape(
        "Clerk docs, session tokens, version 2; clerk/javascript#8470",
        presets.clerk(
            *("clerk", "https://clerk.example.com"), authorized_parties=("https://app.example.com",)
        ),
        {
            "iss": "https://clerk.example.com",
            "sub": "user_1",
            "sid": "s",
            "sts": "active",
            "azp": "https://app.example.com",
            "v": 2,
            "o": {"id": "org_1", "rol": "admin"},
        },
        header={"typ": "JWT", "cat": "cl_x"},
        client_id="https://app.example.com",
        roles=("admin",),
    ),
    "Supabase": Shape(
        "Supabase docs, JWT fields and signing keys; supabase/auth#2197",
        presets.supabase("supabase", "https://abcd.supabase.co/"),
        {
            "iss": "https://abcd.supabase.co/auth/v1",
            "aud": "authenticated",
            "sub": "u",
            "role": "authenticated",
            "session_id": "s",
            "is_anonymous": False,
            "app_metadata": {"provider": "email", "plan": "pro", "roles": ["editor"]},
        },
        algorithm="ES256",
        roles=("editor",),
    ),
    "GitHub Actions": Shape(
        "GitHub docs, OpenID Connect reference, understanding the OIDC token",
        presets.github_actions("github", audience="orders-api"),
        {
            "iss": "https://token.actions.githubusercontent.com",
            "aud": "orders-api",
            "sub": "repo:acme/shop:ref:refs/heads/main",
            "repository": "acme/shop",
            "ref": "refs/heads/main",
        },
        header={"typ": "JWT", "x5t": "k"},
    ),
    "GitHub Actions of an enterprise": Shape(
        "GitHub docs, switching to a unique token URL; jsr-io/jsr#1489",
        presets.github_actions("github", audience="orders-api", enterprise="acme"),
        {
            "iss": "https://token.actions.githubusercontent.com/acme",
            "aud": "orders-api",
            "sub": "repo:acme/shop:ref:refs/heads/main",
        },
    ),
    "AWS STS": Shape(
        "IAM user guide, outbound identity federation, understanding token claims",
        presets.aws_sts("sts", STS, audience="https://api.example.com"),
        {
            "iss": STS,
            "aud": "https://api.example.com",
            "sub": "arn:aws:iam::123456789012:role/worker",
            "https://sts.amazonaws.com/": {"aws_account": "123456789012", "org_id": "o-1"},
        },
        algorithm="ES384",
    ),
    "AWS STS by RSA": Shape(
        "STS API reference, GetWebIdentityToken, SigningAlgorithm",
        presets.aws_sts("sts", STS, audience="https://api.example.com"),
        {
            "iss": STS,
            "aud": "https://api.example.com",
            "sub": "arn:aws:iam::123456789012:role/worker",
        },
    ),
    "EKS": Shape(
        "Kubernetes documentation, service account token volume projection",
        presets.eks_service_accounts("eks", EKS, audience="orders-api"),
        {
            "iss": EKS,
            "aud": ["orders-api"],
            "sub": "system:serviceaccount:shop:worker",
            "kubernetes.io": {"namespace": "shop", "serviceaccount": {"name": "worker"}},
        },
        header={},
    ),
    "Spring Authorization Server": Shape(
        "spring-authorization-server#877: scope is an array",
        presets.spring_or_duende("spring", "https://as.example.com", audience="orders-api"),
        {
            "iss": "https://as.example.com",
            "aud": "orders-api",
            "sub": "messaging-client",
            "scope": ["orders.read", "orders.write"],
        },
        header={},
        scopes=("orders.read", "orders.write"),
    ),
    "Duende": Shape(
        "IdentityServer4#4338; Duende documentation, access tokens (at+jwt)",
        presets.spring_or_duende(
            *("duende", "https://ids.example.com"), audience="orders-api", rfc_9068=True
        ),
        {
            "iss": "https://ids.example.com",
            "aud": ["orders-api"],
            "client_id": "web",
            "sub": "u",
            "jti": "j",
            "scope": ["openid", "orders.read"],
        },
        header={"typ": "at+jwt"},
        token_use="access",
        client_id="web",
        scopes=("openid", "orders.read"),
    ),
}
