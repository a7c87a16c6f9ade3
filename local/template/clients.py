"""AWS::Cognito::UserPoolClient -> ClientConfig, token lifetimes in seconds."""

from local.template.local_app import ClientConfig
from local.template.properties import Properties

_WITHOUT_EFFECT = (
    "AuthSessionValidity",
    "EnableTokenRevocation",
    "LogoutURLs",
    "ReadAttributes",
    "RefreshTokenRotation",
    "RefreshTokenValidity",
    "SupportedIdentityProviders",
    "WriteAttributes",
)
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_DEFAULT_AUTH_FLOWS = ("ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH")


def read_client(properties: Properties, client_id: str) -> ClientConfig:
    """An app client; without `ExplicitAuthFlows` it has those that Cognito then allows.

    Raises:
        TemplateUnsupported: A property is not modelled, such as the implicit grant.
    """
    units = properties.part("TokenValidityUnits")
    access_unit = units.choice("AccessToken", _SECONDS, "hours") if units else "hours"
    id_unit = units.choice("IdToken", _SECONDS, "hours") if units else "hours"
    oauth_flows = properties.texts("AllowedOAuthFlows")
    if "implicit" in oauth_flows:
        raise properties.refused(
            "AllowedOAuthFlows", "the implicit grant is not modelled; use code"
        )
    oauth = properties.flag("AllowedOAuthFlowsUserPoolClient")
    client = ClientConfig(
        id=client_id,
        name=properties.text("ClientName", client_id),
        has_secret=properties.flag("GenerateSecret"),
        auth_flows=frozenset(properties.texts("ExplicitAuthFlows") or _DEFAULT_AUTH_FLOWS),
        oauth_flows=frozenset(oauth_flows if oauth else ()),
        oauth_scopes=properties.texts("AllowedOAuthScopes"),
        callback_urls=properties.texts("CallbackURLs"),
        access_token_seconds=int(properties.number("AccessTokenValidity", 1))
        * _SECONDS[access_unit],
        id_token_seconds=int(properties.number("IdTokenValidity", 1)) * _SECONDS[id_unit],
        hides_unknown_users=properties.choice(
            "PreventUserExistenceErrors", ("ENABLED", "LEGACY"), "LEGACY"
        )
        == "ENABLED",
    )
    properties.finish(_WITHOUT_EFFECT)
    return client
