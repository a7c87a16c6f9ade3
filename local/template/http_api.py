"""AWS::ApiGatewayV2::* -> ApiConfig: the API with its stages, routes and integrations."""

import re

from local.template.assembly import Assembly, Resource
from local.template.authorizers import read_authorizer
from local.template.http_api_settings import read_cors, read_stage
from local.template.identifiers import REF, identifier
from local.template.intrinsics import Resolver
from local.template.local_app import (
    ApiConfig,
    AuthorizerConfig,
    JwtAuthorizerConfig,
    LambdaIntegrationConfig,
    RouteConfig,
)
from local.template.properties import Properties

_ROUTE_KEY = re.compile(r"\$default|(ANY|GET|PUT|POST|HEAD|PATCH|DELETE|OPTIONS) /\S*")
_AUTHORIZATION_TYPES = ("NONE", "JWT", "CUSTOM")
_DEFAULT_INTEGRATION_MILLISECONDS = 30_000


def read_http_api(
    assembly: Assembly, resolver: Resolver, resource: Resource, function_names: dict[str, str]
) -> ApiConfig:
    """One HTTP API with everything that hangs on it.

    Args:
        assembly: Where the API's routes, authorizers, integrations and stages are looked up.
        resolver: Resolves their properties.
        resource: The AWS::ApiGatewayV2::Api.
        function_names: Function name by ARN.

    Raises:
        TemplateUnsupported: Something in it is not modelled; named by logical id and property.
    """
    return _ApiReader(assembly, resolver, resource, function_names).read()


class _ApiReader:
    def __init__(
        self,
        assembly: Assembly,
        resolver: Resolver,
        resource: Resource,
        function_names: dict[str, str],
    ) -> None:
        self._assembly = assembly
        self._resolver = resolver
        self._resource = resource
        self._stack = assembly.stacks[resource.stack_name]
        self._api_id = identifier(resource, self._stack, REF)
        self._function_names = function_names

    def read(self) -> ApiConfig:
        properties = Properties(self._resource, self._resolver)
        properties.choice("ProtocolType", ("HTTP",))
        cors = properties.part("CorsConfiguration")
        api = ApiConfig(
            id=self._api_id,
            name=properties.text("Name"),
            region=self._stack.region,
            account_id=self._stack.account_id,
            cors=read_cors(cors) if cors else None,
            stages=tuple(read_stage(stage) for stage, _ in self._owned("Stage")),
            routes=self._routes(),
        )
        properties.finish(("Description", "DisableExecuteApiEndpoint", "IpAddressType", "Tags"))
        return api

    def _owned(self, kind: str) -> list[tuple[Properties, str]]:
        owned = []
        for resource in self._assembly.resources(f"AWS::ApiGatewayV2::{kind}"):
            properties = Properties(resource, self._resolver)
            if properties.text("ApiId") == self._api_id:
                stack = self._assembly.stacks[resource.stack_name]
                owned.append((properties, identifier(resource, stack, REF)))
        return owned

    def _routes(self) -> tuple[RouteConfig, ...]:
        integrations = {
            integration_id: self._integration(properties, integration_id)
            for properties, integration_id in self._owned("Integration")
        }
        authorizers = {
            authorizer_id: read_authorizer(properties, authorizer_id, self._function_names)
            for properties, authorizer_id in self._owned("Authorizer")
        }
        return tuple(
            _route(properties, integrations, authorizers) for properties, _ in self._owned("Route")
        )

    def _integration(self, properties: Properties, integration_id: str) -> LambdaIntegrationConfig:
        properties.choice("IntegrationType", ("AWS_PROXY",))
        properties.choice("PayloadFormatVersion", ("2.0",))
        arn = properties.text("IntegrationUri")
        if arn not in self._function_names:
            raise properties.refused("IntegrationUri", f"{arn} is no function of this app")
        milliseconds = properties.number("TimeoutInMillis", _DEFAULT_INTEGRATION_MILLISECONDS)
        properties.finish(("Description", "IntegrationMethod"))
        return LambdaIntegrationConfig(
            integration_id, self._function_names[arn], milliseconds / 1000
        )


def _route(
    properties: Properties,
    integrations: dict[str, LambdaIntegrationConfig],
    authorizers: dict[str, AuthorizerConfig],
) -> RouteConfig:
    key = properties.text("RouteKey")
    if not _ROUTE_KEY.fullmatch(key):
        raise properties.refused("RouteKey", f"{key!r} is neither METHOD /path nor $default")
    target = properties.text("Target").removeprefix("integrations/")
    if target not in integrations:
        raise properties.refused("Target", f"{target} is no integration of this API")
    authorizer = _route_authorizer(properties, authorizers)
    scopes = properties.texts("AuthorizationScopes")
    if scopes and not isinstance(authorizer, JwtAuthorizerConfig):
        raise properties.refused(
            "AuthorizationScopes", "scopes are only valid with a JWT authorizer"
        )
    properties.finish(("OperationName",))
    return RouteConfig(key, integrations[target], authorizer, scopes)


def _route_authorizer(
    properties: Properties, authorizers: dict[str, AuthorizerConfig]
) -> AuthorizerConfig | None:
    kind = properties.choice("AuthorizationType", _AUTHORIZATION_TYPES, "NONE")
    authorizer_id = properties.text("AuthorizerId", "")
    if kind == "NONE":
        return None
    if authorizer_id not in authorizers:
        raise properties.refused("AuthorizerId", f"{authorizer_id!r} is no authorizer of this API")
    authorizer = authorizers[authorizer_id]
    if isinstance(authorizer, JwtAuthorizerConfig) is not (kind == "JWT"):
        raise properties.refused("AuthorizationType", f"{kind} does not fit its authorizer")
    return authorizer
