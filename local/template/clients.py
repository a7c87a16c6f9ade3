"""AWS::Cognito::UserPoolClient -> ClientConfig, every lifetime in seconds.

A setting that CloudFormation would refuse stops the start here too.
"""

from collections.abc import Collection

from local.template.cognito_ignored_properties import ignored_properties
from local.template.pool_config import POOL_PROVIDER, ClientConfig, IdentityProviderConfig
from local.template.properties import Properties

SYSTEM_SCOPES = frozenset({"aws.cognito.signin.user.admin", "email", "openid", "phone", "profile"})
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
_LIMITS_SECONDS = {
    "AccessToken": (300, 86_400),
    "IdToken": (300, 86_400),
    "RefreshToken": (3_600, 315_360_000),
}
_AUTH_SESSION_MINUTES = (3, 15)
_GRACE_SECONDS = (0, 60)
_REFRESH_FLOW = "ALLOW_REFRESH_TOKEN_AUTH"
_DEFAULT_AUTH_FLOWS = ("ALLOW_CUSTOM_AUTH", _REFRESH_FLOW, "ALLOW_USER_SRP_AUTH")
_AUTH_FLOWS = frozenset(
    {
        *_DEFAULT_AUTH_FLOWS,
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_USER_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
    }
)

_SET_BY_COGNITO = frozenset({"email_verified", "phone_number_verified", "sub"})
"""Attributes that CreateUserPoolClient refuses in WriteAttributes; a provider may set them."""


def read_client(
    properties: Properties,
    client_id: str,
    resource_scopes: Collection[str],
    providers: Collection[IdentityProviderConfig],
) -> ClientConfig:
    """Return an app client; without `ExplicitAuthFlows` it has those that Cognito then allows.

    Args:
        properties: Of the resource.
        client_id: Its `Ref`.
        resource_scopes: The scopes of the pool's resource servers, `things/read`.
        providers: The pool's identity providers.

    Raises:
        TemplateUnsupported: A property is not modelled, or CloudFormation would refuse it.
    """
    units = properties.part("TokenValidityUnits")
    auth_flows = _auth_flows(properties)
    has_secret = properties.flag("GenerateSecret")
    client = ClientConfig(
        id=client_id,
        name=properties.text("ClientName", client_id),
        has_secret=has_secret,
        auth_flows=auth_flows,
        oauth_flows=_oauth_flows(properties, has_secret=has_secret),
        oauth_scopes=_oauth_scopes(properties, resource_scopes),
        callback_urls=properties.texts("CallbackURLs"),
        logout_urls=properties.texts("LogoutURLs"),
        access_token_seconds=_lifetime(properties, units, "AccessToken", 1, "hours"),
        id_token_seconds=_lifetime(properties, units, "IdToken", 1, "hours"),
        refresh_token_seconds=_lifetime(properties, units, "RefreshToken", 30, "days"),
        rotation_grace_seconds=_rotation_grace(properties, auth_flows),
        auth_session_seconds=60 * _auth_session_minutes(properties),
        readable_attributes=frozenset(properties.texts("ReadAttributes")) or None,
        hides_unknown_users=properties.choice(
            "PreventUserExistenceErrors", ("ENABLED", "LEGACY"), "LEGACY"
        )
        == "ENABLED",
        identity_providers=_identity_providers(properties, providers),
        writable_attributes=frozenset(properties.texts("WriteAttributes")) or None,
    )
    if units:
        units.finish()
    if not properties.flag("EnableTokenRevocation", default=True):
        raise properties.refused("EnableTokenRevocation", "only true is modelled")
    properties.finish(ignored_properties("UserPoolClient"))
    return client


def _auth_flows(properties: Properties) -> frozenset[str]:
    flows = properties.texts("ExplicitAuthFlows") or _DEFAULT_AUTH_FLOWS
    for flow in flows:
        if flow not in _AUTH_FLOWS:
            raise properties.refused("ExplicitAuthFlows", f"{flow!r} is not modelled")
    return frozenset(flows)


def _oauth_flows(properties: Properties, *, has_secret: bool) -> frozenset[str]:
    flows = frozenset(properties.texts("AllowedOAuthFlows"))
    for flow in sorted(flows - {"client_credentials", "code"}):
        problem = f"the {flow} grant is not modelled; use code"
        raise properties.refused("AllowedOAuthFlows", problem)
    if "client_credentials" in flows and (len(flows) > 1 or not has_secret):
        raise properties.refused(
            "AllowedOAuthFlows", "client_credentials must stand alone, in a client with a secret"
        )
    return flows if properties.flag("AllowedOAuthFlowsUserPoolClient") else frozenset()


def _oauth_scopes(properties: Properties, resource_scopes: Collection[str]) -> tuple[str, ...]:
    scopes = properties.texts("AllowedOAuthScopes")
    for scope in scopes:
        if scope not in SYSTEM_SCOPES and scope not in resource_scopes:
            raise properties.refused(
                "AllowedOAuthScopes", f"no resource server of the pool has the scope {scope!r}"
            )
    return scopes


def _identity_providers(
    properties: Properties, providers: Collection[IdentityProviderConfig]
) -> tuple[str, ...]:
    known = {POOL_PROVIDER, *(provider.name for provider in providers)}
    names = properties.texts("SupportedIdentityProviders") or (POOL_PROVIDER,)
    for name in names:
        if name not in known:
            raise properties.refused(
                "SupportedIdentityProviders",
                f"the pool has no identity provider {name!r}; use {' or '.join(sorted(known))}",
            )
    used = [provider for provider in providers if provider.name in names]
    if used:
        _check_written(properties, used)
    return names


def _check_written(properties: Properties, providers: Collection[IdentityProviderConfig]) -> None:
    """Check that the client may write what a provider sets: Cognito writes it as the client."""
    written = properties.texts("WriteAttributes")
    for name in written:
        if name in _SET_BY_COGNITO:
            raise properties.refused(
                "WriteAttributes", f"{name} is set by Cognito alone; remove it"
            )
    for provider in providers:
        for name in provider.attributes:
            if written and name not in {*written, *_SET_BY_COGNITO}:
                raise properties.refused(
                    "WriteAttributes", f"{name} is missing, which {provider.name} sets"
                )


def _lifetime(
    properties: Properties, units: Properties | None, token: str, default: int, default_unit: str
) -> int:
    unit = units.choice(token, _SECONDS, default_unit) if units else default_unit
    seconds = int(properties.number(f"{token}Validity", default)) * _SECONDS[unit]
    low, high = _LIMITS_SECONDS[token]
    if not low <= seconds <= high:
        problem = f"{seconds} seconds are not within {low} to {high}"
        raise properties.refused(f"{token}Validity", problem)
    return seconds


def _auth_session_minutes(properties: Properties) -> int:
    low, high = _AUTH_SESSION_MINUTES
    minutes = int(properties.number("AuthSessionValidity", low))
    if not low <= minutes <= high:
        problem = f"{minutes} minutes are not within {low} to {high}"
        raise properties.refused("AuthSessionValidity", problem)
    return minutes


def _rotation_grace(properties: Properties, auth_flows: frozenset[str]) -> int | None:
    rotation = properties.part("RefreshTokenRotation")
    if rotation is None:
        return None
    enabled = rotation.choice("Feature", ("ENABLED", "DISABLED")) == "ENABLED"
    seconds = int(rotation.number("RetryGracePeriodSeconds", 0))
    rotation.finish()
    low, high = _GRACE_SECONDS
    if not low <= seconds <= high:
        raise rotation.refused(
            "RetryGracePeriodSeconds", f"{seconds} seconds are not within {low} to {high}"
        )
    if enabled and _REFRESH_FLOW in auth_flows:
        raise properties.refused(
            "ExplicitAuthFlows", f"{_REFRESH_FLOW} and RefreshTokenRotation exclude each other"
        )
    return seconds if enabled else None
