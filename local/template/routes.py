"""AWS::ApiGatewayV2::Route -> RouteConfig.

A key that API Gateway would not take, or that means the same as another's, is refused.
"""

import re
from collections.abc import Iterable, Mapping

from local.template.integrations import path_parameters_of
from local.template.local_app import (
    AuthorizerConfig,
    IntegrationConfig,
    JwtAuthorizerConfig,
    RouteConfig,
)
from local.template.properties import Properties

_METHOD_AND_PATH = re.compile(r"(ANY|GET|PUT|POST|HEAD|PATCH|DELETE|OPTIONS) (/\S*)")
_PARAMETER = re.compile(r"\{([A-Za-z0-9._-]+)(\+?)\}")
_AUTHORIZATION_TYPES = ("NONE", "JWT", "CUSTOM")
_MOST_SCOPES = 10
"""API Gateway quotas: authorization scopes a route."""


def read_routes(
    routes: Iterable[Properties],
    integrations: Mapping[str, IntegrationConfig],
    authorizers: Mapping[str, AuthorizerConfig],
) -> tuple[RouteConfig, ...]:
    """Return the routes of one API; `ApiId` is already read.

    Raises:
        TemplateUnsupported: A property is not modelled, or two routes are one to API Gateway.
    """
    found = []
    signatures: set[str] = set()
    for properties in routes:
        route = _route(properties, integrations, authorizers)
        # API Gateway's own identity of a route: the names of its parameters do not count.
        signature = _PARAMETER.sub(r"{\2}", route.key)
        if signature in signatures:
            raise properties.refused("RouteKey", f"{route.key!r} conflicts with another route")
        signatures.add(signature)
        found.append(route)
    return tuple(found)


def _route(
    properties: Properties,
    integrations: Mapping[str, IntegrationConfig],
    authorizers: Mapping[str, AuthorizerConfig],
) -> RouteConfig:
    key = properties.text("RouteKey")
    parameters = _parameters(properties, key)
    target = properties.text("Target").removeprefix("integrations/")
    if target not in integrations:
        raise properties.refused("Target", f"{target} is not an integration of this API")
    integration = integrations[target]
    for name in path_parameters_of(integration):
        if name not in parameters:
            raise properties.refused(
                "Target", f"its IntegrationUri needs {{{name}}}, which {key!r} does not have"
            )
    authorizer = _authorizer(properties, authorizers)
    scopes = properties.texts("AuthorizationScopes")
    if scopes and not isinstance(authorizer, JwtAuthorizerConfig):
        raise properties.refused(
            "AuthorizationScopes", "scopes are only valid with a JWT authorizer"
        )
    if len(scopes) > _MOST_SCOPES:
        raise properties.refused("AuthorizationScopes", f"at most {_MOST_SCOPES} are allowed")
    properties.finish(("OperationName",))
    return RouteConfig(key, integration, authorizer, scopes)


def _parameters(properties: Properties, key: str) -> list[str]:
    """Return the names of a route's path parameters."""
    if key == "$default":
        return []
    match = _METHOD_AND_PATH.fullmatch(key)
    if not match:
        raise properties.refused("RouteKey", f"{key!r} is neither METHOD /path nor $default")
    segments = match[2].removeprefix("/").split("/")
    if "" in segments and match[2] != "/":
        raise properties.refused(
            "RouteKey",
            f"{key!r} ends in a slash or holds two in a row, which API Gateway does not take; "
            "leave it out",
        )
    names = []
    for index, segment in enumerate(segments):
        parameter = _PARAMETER.fullmatch(segment)
        if parameter:
            names.append(parameter[1])
            if parameter[2] and index < len(segments) - 1:
                raise properties.refused("RouteKey", f"{key!r}: {segment} must be the last segment")
        elif "{" in segment or "}" in segment:
            raise properties.refused(
                "RouteKey", f"{key!r}: {segment!r} is not a whole {{parameter}}"
            )
    if len(set(names)) < len(names):
        raise properties.refused("RouteKey", f"{key!r} names a parameter twice")
    return names


def _authorizer(
    properties: Properties, authorizers: Mapping[str, AuthorizerConfig]
) -> AuthorizerConfig | None:
    kind = properties.choice("AuthorizationType", _AUTHORIZATION_TYPES, "NONE")
    authorizer_id = properties.text("AuthorizerId", "")
    if kind == "NONE":
        if authorizer_id:
            raise properties.refused("AuthorizerId", "AuthorizationType is NONE, so it is unused")
        return None
    if authorizer_id not in authorizers:
        raise properties.refused(
            "AuthorizerId", f"{authorizer_id!r} is not an authorizer of this API"
        )
    authorizer = authorizers[authorizer_id]
    if isinstance(authorizer, JwtAuthorizerConfig) is not (kind == "JWT"):
        raise properties.refused("AuthorizationType", f"{kind} does not fit its authorizer")
    return authorizer
