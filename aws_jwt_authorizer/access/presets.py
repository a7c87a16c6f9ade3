"""Identity providers -> issuers of the access table that know how each one's tokens look.

    ISSUERS = (Issuer("cognito"), presets.entra_id("staff", TENANT_ID, audience=APP_ID), ...)

Each takes what only you know and returns a plain `Issuer`; use `replace` to change a field of it.
docs/issuers.md says what to set at the provider. A value that cannot work stops at once with
`PresetInvalid`, which says what to give instead.
"""

import re
from typing import Literal

from aws_jwt_authorizer.access.conditions import ClaimPath, TokenUse
from aws_jwt_authorizer.access.issuers import Issuer
from aws_jwt_authorizer.access.workload_presets import (
    aws_sts,
    eks_service_accounts,
    github_actions,
)

__all__ = [
    "PresetInvalid",
    "auth0",
    "aws_sts",
    "clerk",
    "cognito_identity_pool",
    "cognito_pool",
    "eks_service_accounts",
    "entra_id",
    "firebase",
    "github_actions",
    "google",
    "keycloak",
    "okta",
    "spring_or_duende",
    "supabase",
]

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_POOL_ID = re.compile(r"(?P<region>[a-z]+(-[a-z]+)+-[0-9]+)_[A-Za-z0-9]+")
_DOMAINS = {"cn": "amazonaws.com.cn", "eusc": "amazonaws.eu"}
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_OKTA_ORG_SERVER = re.compile(r"https://[^/]+/?")


class PresetInvalid(ValueError):
    """A preset cannot be used like that: the message is one line, meant for a person."""


def cognito_pool(name: str, user_pool_id: str, *, client_ids: tuple[str, ...]) -> Issuer:
    """Another user pool than this app's (Amazon Cognito, verifying JSON web tokens).

    Args:
        name: What rules call it.
        user_pool_id: "<region>_<id>", as Cognito shows it.
        client_ids: Its app clients that may call this API; their access tokens have no `aud`.
    """
    match = _POOL_ID.fullmatch(user_pool_id)
    if match is None:
        raise PresetInvalid(f"user_pool_id {user_pool_id!r}: give it as eu-west-1_AbCdEf123")
    region = match["region"]
    domain = _DOMAINS.get(region.partition("-")[0], "amazonaws.com")
    return Issuer(name, f"https://cognito-idp.{region}.{domain}/{match[0]}", client_ids=client_ids)


def cognito_identity_pool(name: str, identity_pool_ids: tuple[str, ...]) -> Issuer:
    """Tokens of GetOpenIdToken (Amazon Cognito, identity pools): RS512, `typ` JWS.

    Whether the person has signed in, and by whom, is in the array `amr`: they count as roles.
    """
    return Issuer(
        name,
        "https://cognito-identity.amazonaws.com",
        identity_pool_ids,
        algorithms=("RS512",),
        token_type="JWS",  # noqa: S106  # a type
        roles_claim=("amr",),
        says_token_use=False,
    )


def auth0(
    name: str,
    domain: str,
    *,
    audience: str,
    roles_claim: ClaimPath = ("permissions",),
    groups_claim: ClaimPath | None = None,
    rfc_9068: bool = False,
) -> Issuer:
    """Auth0, access tokens of a custom API (Auth0, access token profiles).

    Args:
        name: What rules call it.
        domain: "acme.eu.auth0.com" or a custom domain, without scheme and slash: the issuer's final
            slash is added.
        audience: The API's identifier.
        roles_claim: `permissions` of role-based access control ("Add permissions in the access
            token"), or a namespaced claim of an Action: ("https://example.com/roles",).
        groups_claim: A namespaced claim likewise.
        rfc_9068: Whether the API's token profile is that of RFC 9068: access tokens, `at+jwt`.
    """
    return Issuer(
        name,
        f"https://{_host(domain)}/",
        (audience,),
        client_claim=("azp",),
        roles_claim=roles_claim,
        groups_claim=groups_claim,
        token_type="at+jwt" if rfc_9068 else None,
        says_token_use=rfc_9068,
    )


def okta(name: str, issuer: str, *, audience: str, client_ids: tuple[str, ...] = ()) -> Issuer:
    """Okta, a custom authorization server (Okta developer docs, access tokens).

    Args:
        name: What rules call it.
        issuer: "https://acme.okta.com/oauth2/default".
        audience: The server's, "api://default".
        client_ids: Apps that may call this API (`cid`); none means any.
    """
    if _OKTA_ORG_SERVER.fullmatch(issuer):
        raise PresetInvalid(
            f"issuer {issuer!r} is Okta's org authorization server, whose access tokens nobody but "
            "Okta may verify: give that of a custom one, https://<org>/oauth2/<server>"
        )
    return Issuer(
        *(name, issuer, (audience,)),
        client_ids=client_ids,
        client_claim=("cid",),
        says_token_use=False,
    )


def entra_id(
    name: str, tenant_id: str, *, audience: str, version: Literal["v1.0", "v2.0"] = "v2.0"
) -> Issuer:
    """Microsoft Entra ID, one tenant, people and apps alike (access token claims reference).

    Scopes are in `scp`, which an app's own token lacks; app roles are in `roles`, of people and of
    apps. `groups` holds object ids, and is missing where there are more than 200: use app roles.

    Args:
        name: What rules call it.
        tenant_id: The directory's id. One issuer for each tenant: `common`, `organizations` and
            `consumers` do not issue tokens themselves, and a B2C policy under them is not accepted.
        audience: v2.0: the API's application (client) id. v1.0: its application ID URI.
        version: The API's `requestedAccessTokenVersion` decides: 2 is "v2.0", null or 1 is "v1.0".
    """
    if not _UUID.fullmatch(tenant_id):
        raise PresetInvalid(
            f"tenant_id {tenant_id!r}: give the directory's id, in lower case; common, "
            "organizations and consumers stand for many tenants and for Entra B2C's are not "
            "verified: add an issuer for each tenant that you trust"
        )
    v1 = version == "v1.0"
    return Issuer(
        name,
        f"https://sts.windows.net/{tenant_id}/"
        if v1
        else f"https://login.microsoftonline.com/{tenant_id}/v2.0",
        (audience,),
        client_claim=("appid",) if v1 else ("azp",),
        roles_claim=("roles",),
        says_token_use=False,
    )


def keycloak(
    name: str,
    realm_url: str,
    *,
    audience: str,
    client: str | None = None,
    groups_claim: ClaimPath | None = None,
) -> Issuer:
    """Keycloak, one realm (Keycloak server administration guide, audience support).

    Args:
        name: What rules call it.
        realm_url: "https://kc.example.com/realms/shop", as its discovery document says `issuer`.
        audience: What an audience mapper of the client adds; by default a token's is `account`.
        client: Whose client roles are meant (`resource_access`); None for the realm's.
        groups_claim: Of a group membership mapper, if it is not `groups`.
    """
    of_client = ("resource_access", client, "roles") if client else None
    return Issuer(
        name,
        realm_url,
        (audience,),
        client_claim=("azp",),
        roles_claim=of_client or ("realm_access", "roles"),
        groups_claim=groups_claim,
        says_token_use=False,
        object_claims=("realm_access", "resource_access"),
    )


def google(name: str, client_id: str, *further_client_ids: str) -> Issuer:
    """Google ID tokens (Google Identity, OpenID Connect): they have no scopes.

    Args:
        name: What rules call it.
        client_id: Of your OAuth client, the token's `aud`.
        further_client_ids: Of apps whose tokens name yours as `aud` and themselves as `azp`.
    """
    return Issuer(
        name,
        "https://accounts.google.com",
        (client_id,),
        client_ids=further_client_ids,
        client_claim=("azp",),
        token_use=TokenUse.ID,
    )


def firebase(name: str, project_id: str, *, roles_claim: ClaimPath | None = None) -> Issuer:
    """Firebase Authentication ID tokens (Firebase, verify ID tokens).

    Args:
        name: What rules call it.
        project_id: The Firebase project's id.
        roles_claim: Of custom claims that your backend sets.
    """
    return Issuer(
        name,
        f"https://securetoken.google.com/{project_id}",
        (project_id,),
        token_use=TokenUse.ID,
        roles_claim=roles_claim,
        object_claims=("firebase",),
    )


def clerk(name: str, frontend_api: str, *, authorized_parties: tuple[str, ...]) -> Issuer:
    """Clerk session tokens (Clerk, session tokens): no `aud`, so `azp` says who asked.

    Args:
        name: What rules call it.
        frontend_api: "https://clerk.example.com".
        authorized_parties: The origins of your apps. A token that was made without an `Origin`
            has no `azp` and is refused.
    """
    return Issuer(
        name,
        frontend_api,
        client_ids=authorized_parties,
        client_claim=("azp",),
        roles_claim=("o", "rol"),
        says_token_use=False,
        object_claims=("o",),
    )


def supabase(name: str, project_url: str) -> Issuer:
    """Supabase Auth with asymmetric signing keys (Supabase, JWT signing keys).

    A project that still signs with its shared HS256 secret cannot be verified: anybody who could
    verify its tokens could also forge them. Migrate it to signing keys.

    Args:
        name: What rules call it.
        project_url: "https://abcd.supabase.co".
    """
    return Issuer(
        name,
        f"{project_url.removesuffix('/')}/auth/v1",
        ("authenticated",),
        algorithms=("ES256",),
        roles_claim=("app_metadata", "roles"),
        says_token_use=False,
        object_claims=("app_metadata", "user_metadata"),
    )


def spring_or_duende(name: str, issuer: str, *, audience: str, rfc_9068: bool = False) -> Issuer:
    """Spring Authorization Server, Duende IdentityServer and their like: scopes in an array.

    Args:
        name: What rules call it.
        issuer: Its `iss`.
        audience: This API's.
        rfc_9068: Whether its access tokens are `at+jwt`, as Duende's are by default.
    """
    of_type: Literal["at+jwt"] | None = "at+jwt" if rfc_9068 else None
    return Issuer(name, issuer, (audience,), token_type=of_type, says_token_use=rfc_9068)


def _host(domain: str) -> str:
    if not _HOST.fullmatch(domain):
        raise PresetInvalid(f"domain {domain!r}: give a host name, without scheme and slash")
    return domain
