"""ClientConfig <-> moto's app client, which may also be one that a person added by the API."""

import hmac
import secrets

from moto.cognitoidp.models import CognitoIdpUserPoolClient

from local.template.pool_config import POOL_PROVIDER, ClientConfig

_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_SECRET_BYTES = 38
"""Gives 51 characters, the length of a Cognito client secret."""


def make_app_client(pool_id: str, config: ClientConfig) -> CognitoIdpUserPoolClient:
    """Return an app client for a moto pool, with the id of the template and a secret of its own."""
    settings = {
        "ClientName": config.name,
        "ExplicitAuthFlows": sorted(config.auth_flows),
        "AllowedOAuthFlows": sorted(config.oauth_flows),
        "AllowedOAuthFlowsUserPoolClient": bool(config.oauth_flows),
        "AllowedOAuthScopes": list(config.oauth_scopes),
        "CallbackURLs": list(config.callback_urls),
        "LogoutURLs": list(config.logout_urls),
        "AccessTokenValidity": config.access_token_seconds,
        "IdTokenValidity": config.id_token_seconds,
        "RefreshTokenValidity": config.refresh_token_seconds,
        "TokenValidityUnits": dict.fromkeys(("AccessToken", "IdToken", "RefreshToken"), "seconds"),
        "AuthSessionValidity": config.auth_session_seconds // 60,
        "PreventUserExistenceErrors": "ENABLED" if config.hides_unknown_users else "LEGACY",
        "SupportedIdentityProviders": list(config.identity_providers),
    }
    if config.rotation_grace_seconds is not None:
        settings["RefreshTokenRotation"] = {
            "Feature": "ENABLED",
            "RetryGracePeriodSeconds": config.rotation_grace_seconds,
        }
    if config.readable_attributes is not None:
        settings["ReadAttributes"] = sorted(config.readable_attributes)
    if config.writable_attributes is not None:
        settings["WriteAttributes"] = sorted(config.writable_attributes)
    client = CognitoIdpUserPoolClient(pool_id, config.has_secret, settings)
    client.id = config.id
    client.secret = secrets.token_urlsafe(_SECRET_BYTES)
    return client


def read_app_client(client: CognitoIdpUserPoolClient) -> ClientConfig:
    """Return what an app client may do, as Cognito would enforce it."""
    settings = client.extended_config
    units = settings.get("TokenValidityUnits", {})
    oauth = settings.get("AllowedOAuthFlowsUserPoolClient", False)
    rotation = settings.get("RefreshTokenRotation", {})
    readable, writable = settings.get("ReadAttributes"), settings.get("WriteAttributes")

    def seconds(token: str, default: int, unit: str) -> int:
        return int(settings.get(f"{token}Validity", default)) * _SECONDS[units.get(token, unit)]

    return ClientConfig(
        id=client.id,
        name=settings.get("ClientName", client.id),
        has_secret=client.generate_secret,
        auth_flows=frozenset(settings.get("ExplicitAuthFlows", ())),
        oauth_flows=frozenset(settings.get("AllowedOAuthFlows", ()) if oauth else ()),
        oauth_scopes=tuple(settings.get("AllowedOAuthScopes", ())),
        callback_urls=tuple(settings.get("CallbackURLs", ())),
        logout_urls=tuple(settings.get("LogoutURLs", ())),
        access_token_seconds=seconds("AccessToken", 1, "hours"),
        id_token_seconds=seconds("IdToken", 1, "hours"),
        refresh_token_seconds=seconds("RefreshToken", 30, "days"),
        rotation_grace_seconds=rotation.get("RetryGracePeriodSeconds", 0)
        if rotation.get("Feature") == "ENABLED"
        else None,
        auth_session_seconds=60 * int(settings.get("AuthSessionValidity", 3)),
        readable_attributes=frozenset(readable) if readable else None,
        hides_unknown_users=settings.get("PreventUserExistenceErrors") == "ENABLED",
        writable_attributes=frozenset(writable) if writable else None,
        identity_providers=tuple(settings.get("SupportedIdentityProviders") or (POOL_PROVIDER,)),
    )


def secret_is_right(client: CognitoIdpUserPoolClient, secret: str | None) -> bool:
    """Return whether an app client is authenticated; one without a secret must send none."""
    if not client.generate_secret:
        return secret is None
    return secret is not None and hmac.compare_digest(secret.encode(), client.secret.encode())


def may_refresh(client: ClientConfig) -> bool:
    """Return whether this client may refresh tokens: by flow, by rotation, or by grant."""
    return (
        "ALLOW_REFRESH_TOKEN_AUTH" in client.auth_flows
        or client.rotation_grace_seconds is not None
        or "code" in client.oauth_flows
    )
