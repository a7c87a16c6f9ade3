"""Tokens of issuers that an `Issuer` describes without a preset, and those of every one."""

from dataclasses import replace

from aws_jwt_authorizer.access import presets
from aws_jwt_authorizer.access.conditions import TokenUse
from aws_jwt_authorizer.access.issuers import Issuer
from tests.integration.issuers.shape import Shape
from tests.integration.issuers.shapes import OWN_CLIENT, OWN_POOL, SHAPES

B2C = "https://acme.b2clogin.com/4c2f1234-0000-0000-0000-000000000000/v2.0/"

OWN = Shape(
    "Amazon Cognito developer guide, understanding the access token",
    Issuer("cognito"),
    {
        "iss": OWN_POOL,
        "sub": "u1",
        "client_id": OWN_CLIENT,
        "token_use": "access",
        "scope": "openid orders/read",
        "cognito:groups": ["admins"],
        "jti": "j",
    },
    header={},
    token_use="access",
    client_id=OWN_CLIENT,
    scopes=("openid", "orders/read"),
    groups=("admins",),
)

WITHOUT_PRESET = {
    "this app's user pool": OWN,
    "this app's user pool, bound to a resource": replace(
        OWN,
        source="Amazon Cognito developer guide, resource binding",
        issuer=Issuer("cognito", audiences=("https://api.example.com",)),
        claims={**OWN.claims, "aud": "https://api.example.com"},
    ),
    "Auth0 with the RFC 9068 profile": Shape(
        "Auth0 docs, access token profiles",
        presets.auth0(
            "auth0", "acme.eu.auth0.com", audience="https://api.example.com", rfc_9068=True
        ),
        {
            "iss": "https://acme.eu.auth0.com/",
            "sub": "auth0|u1",
            "client_id": "client-1",
            "azp": "client-1",
            "jti": "j",
            "aud": "https://api.example.com",
            "permissions": ["read:orders"],
        },
        header={"typ": "at+jwt"},
        token_use="access",
        client_id="client-1",
        roles=("read:orders",),
    ),
    "Kinde": Shape(
        "Kinde docs, access tokens; open-policy-agent/opa#3192: aud is []",
        Issuer(
            *("kinde", "https://acme.kinde.com"),
            accept_any_audience=True,
            client_ids=("client-1",),
            client_claim=("azp",),
            roles_claim=("permissions",),
        ),
        {
            "iss": "https://acme.kinde.com",
            "sub": "kp_1",
            "aud": [],
            "azp": "client-1",
            "scp": ["openid", "email"],
            "permissions": ["read:orders"],
        },
        client_id="client-1",
        scopes=("openid", "email"),
        roles=("read:orders",),
    ),
    "WorkOS AuthKit": Shape(
        "WorkOS docs, session tokens; workos/authkit-nextjs#266: no aud, keys elsewhere",
        Issuer(
            *("workos", "https://api.workos.com/user_management/client_01"),
            accept_any_audience=True,
            jwks_uri="https://api.workos.com/sso/jwks/client_01",
        ),
        {
            "iss": "https://api.workos.com/user_management/client_01",
            "sub": "user_1",
            "sid": "session_1",
            "org_id": "org_1",
            "role": "admin",
            "permissions": ["orders:read"],
        },
    ),
    "Cloudflare Access": Shape(
        "Cloudflare One docs, application token; sent in Authorization",
        Issuer(
            *("cloudflare", "https://acme.cloudflareaccess.com", ("32eafc7626e737",)),
            jwks_uri="https://acme.cloudflareaccess.com/cdn-cgi/access/certs",
        ),
        {
            "iss": "https://acme.cloudflareaccess.com",
            "sub": "u",
            "aud": ["32eafc7626e737"],
            "type": "app",
            "email": "user@example.com",
        },
        header={},
    ),
    "Better Auth": Shape(
        "Better Auth docs, JWT plugin: EdDSA, keys under /api/auth/jwks",
        Issuer(
            *("better", "https://app.example.com", ("https://app.example.com",)),
            algorithms=("EdDSA",),
            jwks_uri="https://app.example.com/api/auth/jwks",
        ),
        {
            "iss": "https://app.example.com",
            "sub": "u",
            "aud": "https://app.example.com",
            "email": "user@example.com",
            "emailVerified": True,
        },
        header={},
        algorithm="EdDSA",
    ),
    "Entra B2C under its own policy": Shape(
        "coreos/go-oidc#121, dotnet/aspnetcore#52283: metadata is not under iss",
        Issuer(
            *("b2c", B2C, ("app",)),
            jwks_uri="https://acme.b2clogin.com/acme.onmicrosoft.com/b2c_1_in/discovery/v2.0/keys",
        ),
        {"iss": B2C, "sub": "s", "aud": "app", "scp": "read", "tfp": "B2C_1_in"},
        scopes=("read",),
    ),
    "Stytch": Shape(
        "Stytch docs, session JWTs: iss has no scheme",
        Issuer(
            *("stytch", "stytch.com/project-live-1", ("project-live-1",)),
            jwks_uri="https://test.stytch.com/v1/sessions/jwks/project-live-1",
        ),
        {
            "iss": "stytch.com/project-live-1",
            "sub": "user-1",
            "aud": ["project-live-1"],
            "https://stytch.com/session": {"id": "session-1"},
        },
    ),
    "FusionAuth": Shape(
        "FusionAuth docs, JWT: iss is acme.com by default",
        Issuer(
            *("fusion", "acme.com", ("app-1",)),
            jwks_uri="https://auth.example.com/.well-known/jwks.json",
            client_claim=("applicationId",),
            roles_claim=("roles",),
        ),
        {
            "iss": "acme.com",
            "sub": "u",
            "aud": "app-1",
            "applicationId": "app-1",
            "roles": ["admin"],
        },
        client_id="app-1",
        roles=("admin",),
    ),
    "Descope, a project's id as iss": Shape(
        "Descope docs, session tokens",
        Issuer(
            *("descope", "P2abc", ("P2abc",)),
            jwks_uri="https://api.descope.com/P2abc/.well-known/jwks.json",
            roles_claim=("roles",),
        ),
        {"iss": "P2abc", "sub": "u", "aud": "P2abc", "roles": ["editor"]},
        roles=("editor",),
    ),
    "Google without https in iss": Shape(
        "Google Identity, OpenID Connect: accounts.google.com or https://accounts.google.com",
        Issuer(
            *("google", "accounts.google.com", ("1.apps.googleusercontent.com",)),
            token_use=TokenUse.ID,
            jwks_uri="https://www.googleapis.com/oauth2/v3/certs",
        ),
        {
            "iss": "accounts.google.com",
            "sub": "u",
            "aud": "1.apps.googleusercontent.com",
            "hd": "example.com",
        },
        token_use="id",
    ),
    "an issuer of Ed25519 by its full name": Shape(
        "RFC 9864; authlib/joserfc#76, better-auth#11348",
        Issuer("ed", "https://ed.example.com", ("api",), algorithms=("Ed25519",)),
        {"iss": "https://ed.example.com", "sub": "u", "aud": "api", "tier": "gold"},
        algorithm="Ed25519",
    ),
}

EVERY_SHAPE = {**SHAPES, **WITHOUT_PRESET}
