"""ClientConfig <-> moto's app client, which may also be one that a person added by the API."""

import secrets

from moto.cognitoidp.models import CognitoIdpUserPoolClient

from local.template.local_app import ClientConfig

_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_SECRET_BYTES = 38
"""Gives 51 characters, the length of a Cognito client secret."""


def make_app_client(pool_id: str, config: ClientConfig) -> CognitoIdpUserPoolClient:
    """An app client for a moto pool, with the id of the template and a secret of its own."""
    client = CognitoIdpUserPoolClient(
        pool_id,
        config.has_secret,
        {
            "ClientName": config.name,
            "ExplicitAuthFlows": sorted(config.auth_flows),
            "AllowedOAuthFlows": sorted(config.oauth_flows),
            "AllowedOAuthFlowsUserPoolClient": bool(config.oauth_flows),
            "AllowedOAuthScopes": list(config.oauth_scopes),
            "CallbackURLs": list(config.callback_urls),
            "AccessTokenValidity": config.access_token_seconds,
            "IdTokenValidity": config.id_token_seconds,
            "TokenValidityUnits": {"AccessToken": "seconds", "IdToken": "seconds"},
            "PreventUserExistenceErrors": "ENABLED" if config.hides_unknown_users else "LEGACY",
        },
    )
    client.id = config.id
    client.secret = secrets.token_urlsafe(_SECRET_BYTES)
    return client


def read_app_client(client: CognitoIdpUserPoolClient) -> ClientConfig:
    """What an app client may do, as Cognito would enforce it."""
    settings = client.extended_config
    units = settings.get("TokenValidityUnits", {})
    oauth = settings.get("AllowedOAuthFlowsUserPoolClient", False)
    return ClientConfig(
        id=client.id,
        name=settings.get("ClientName", client.id),
        has_secret=client.generate_secret,
        auth_flows=frozenset(settings.get("ExplicitAuthFlows", ())),
        oauth_flows=frozenset(settings.get("AllowedOAuthFlows", ()) if oauth else ()),
        oauth_scopes=tuple(settings.get("AllowedOAuthScopes", ())),
        callback_urls=tuple(settings.get("CallbackURLs", ())),
        access_token_seconds=settings.get("AccessTokenValidity", 1)
        * _SECONDS[units.get("AccessToken", "hours")],
        id_token_seconds=settings.get("IdTokenValidity", 1)
        * _SECONDS[units.get("IdToken", "hours")],
        hides_unknown_users=settings.get("PreventUserExistenceErrors") == "ENABLED",
    )
