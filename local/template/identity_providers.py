"""AWS::Cognito::UserPoolIdentityProvider -> IdentityProviderConfig; OIDC with discovery only.

A mapping that would fail every sign-in stops the start: CloudFormation refuses an
attribute that the pool does not have.
"""

from collections.abc import Collection

from local.template.pool_config import IdentityProviderConfig
from local.template.properties import Properties

_METHODS = ("GET", "POST")
_OPENID = "openid"
_USERNAME = "username"
_SUBJECT = "sub"


def read_identity_provider(
    properties: Properties, attributes: Collection[str]
) -> IdentityProviderConfig:
    """Read one provider of a user pool (CreateIdentityProvider, Cognito API).

    Args:
        properties: Of the resource, `UserPoolId` already read.
        attributes: The attributes that people of the pool may have.

    Raises:
        TemplateUnsupported: It is not an OIDC provider, or a property is not modelled.
    """
    properties.choice("ProviderType", ("OIDC",))
    details = properties.part("ProviderDetails")
    if details is None:
        raise properties.refused("ProviderDetails", "it is missing")
    scopes = tuple(details.text("authorize_scopes").split())
    if _OPENID not in scopes:
        raise details.refused("authorize_scopes", "openid is missing; without it nobody is named")
    provider = IdentityProviderConfig(
        name=properties.text("ProviderName"),
        issuer=details.text("oidc_issuer"),
        client_id=details.text("client_id"),
        client_secret=details.text("client_secret"),
        scopes=scopes,
        attributes=_attributes(properties, attributes),
        attributes_request_method=details.choice("attributes_request_method", _METHODS, "GET"),
    )
    details.finish()
    properties.finish()
    return provider


def _attributes(properties: Properties, known: Collection[str]) -> dict[str, str]:
    mapping = properties.text_by_name("AttributeMapping")
    # Amazon Cognito, "Mapping IdP attributes": a person's name is always made from `sub`.
    if mapping.pop(_USERNAME, _SUBJECT) != _SUBJECT:
        raise properties.refused(f"AttributeMapping.{_USERNAME}", f"only {_SUBJECT} is modelled")
    for name in mapping:
        if name not in known:
            raise properties.refused(
                f"AttributeMapping.{name}", "people of the pool have no such attribute"
            )
    return mapping
