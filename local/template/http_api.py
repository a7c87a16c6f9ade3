"""AWS::ApiGatewayV2::* -> ApiConfig: the API with its stages, routes and integrations."""

import re
from collections.abc import Iterable, Mapping

from local.template.assembly import Assembly, Resource, Stack
from local.template.authorizers import read_authorizer
from local.template.http_api_settings import read_cors, read_stage
from local.template.identifiers import REF, identifier
from local.template.integrations import read_integration, stage_variables_of
from local.template.intrinsics import Resolver
from local.template.local_app import ApiConfig, RouteConfig, StageConfig
from local.template.properties import Properties
from local.template.routes import read_routes

_API_ID = re.compile(r"[a-z0-9]{10}")
_ROUTE_SELECTION = "$request.method $request.path"


def read_http_api(
    assembly: Assembly,
    resolver: Resolver,
    resource: Resource,
    function_names: Mapping[str, str],
    domains: Mapping[str, str],
) -> ApiConfig:
    """Return the HTTP API with everything that hangs on it.

    Args:
        assembly: Where the API's routes, authorizers, integrations and stages are looked up.
        resolver: Resolves their properties.
        resource: The AWS::ApiGatewayV2::Api; the only one of the assembly.
        function_names: Function name by ARN.
        domains: The names of APIs that have one of their own, by their ids.

    Raises:
        TemplateUnsupported: Something in it is not modelled; named by logical id and property.
    """
    stack = assembly.stacks[resource.stack_name]
    api_id = identifier(resource, stack, REF)
    reader = _ApiReader(assembly, resolver, stack, api_id, function_names, domains.get(api_id))
    return reader.read(resource)


def read_imported_apis(
    assembly: Assembly, resolver: Resolver, function_names: Mapping[str, str]
) -> list[ApiConfig]:
    """Return what the app adds to HTTP APIs that it names by their ids: routes and authorizers.

    Such an API is made elsewhere. Of its own routes nothing is known here, nor of its CORS rules;
    it is served as its stage `$default`.

    Args:
        assembly: As for `read_http_api`.
        resolver: Likewise.
        function_names: Likewise.

    Raises:
        TemplateUnsupported: Likewise.
    """
    named = {
        str(resource.properties["ApiId"]): assembly.stacks[resource.stack_name]
        for resource in assembly.resources("AWS::ApiGatewayV2::Route")
        if _imported_id(resource) is not None
    }
    return [
        _ApiReader(assembly, resolver, stack, api_id, function_names, None).read_imported()
        for api_id, stack in named.items()
    ]


def _imported_id(resource: Resource) -> str | None:
    """Return the id of the API that a resource belongs to, if it is written out in the template."""
    api_id = resource.properties.get("ApiId")
    return api_id if isinstance(api_id, str) and _API_ID.fullmatch(api_id) else None


class _ApiReader:
    def __init__(
        self,
        assembly: Assembly,
        resolver: Resolver,
        stack: Stack,
        api_id: str,
        function_names: Mapping[str, str],
        domain: str | None,
    ) -> None:
        self._assembly = assembly
        self._resolver = resolver
        self._stack = stack
        self._api_id = api_id
        self._function_names = function_names
        self._domain = domain

    def read_imported(self) -> ApiConfig:
        routes = self._routes()
        return ApiConfig(
            id=self._api_id,
            name=self._api_id,
            region=self._stack.region,
            account_id=self._stack.account_id,
            cors=None,
            stages=self._stages(routes) or (StageConfig("$default", None, None, {}),),
            routes=routes,
        )

    def read(self, resource: Resource) -> ApiConfig:
        properties = Properties(resource, self._resolver)
        properties.choice("ProtocolType", ("HTTP",))
        properties.choice("RouteSelectionExpression", (_ROUTE_SELECTION,), _ROUTE_SELECTION)
        if properties.flag("DisableExecuteApiEndpoint") and self._domain is None:
            raise properties.refused(
                "DisableExecuteApiEndpoint",
                "the API answers nowhere: map a DomainName to it, or leave it out",
            )
        cors = properties.part("CorsConfiguration")
        routes = self._routes()
        api = ApiConfig(
            id=self._api_id,
            name=properties.text("Name"),
            region=self._stack.region,
            account_id=self._stack.account_id,
            cors=read_cors(cors) if cors else None,
            stages=self._stages(routes),
            routes=routes,
            domain=self._domain,
        )
        properties.finish(("Description", "IpAddressType", "Tags"))
        return api

    def _owned(self, kind: str) -> list[tuple[Properties, str]]:
        owned = []
        api_ids = {
            identifier(api, self._assembly.stacks[api.stack_name], REF)
            for api in self._assembly.resources("AWS::ApiGatewayV2::Api")
        }
        for resource in self._assembly.resources(f"AWS::ApiGatewayV2::{kind}"):
            properties = Properties(resource, self._resolver)
            is_imported = _imported_id(resource) is not None
            api_id = properties.text("ApiId")
            if api_id not in api_ids and not is_imported:
                raise properties.refused("ApiId", f"{api_id} is not an API of this app")
            if api_id != self._api_id:
                continue
            stack = self._assembly.stacks[resource.stack_name]
            owned.append((properties, identifier(resource, stack, REF)))
        return owned

    def _routes(self) -> tuple[RouteConfig, ...]:
        integrations = {
            integration_id: read_integration(properties, integration_id, self._function_names)
            for properties, integration_id in self._owned("Integration")
        }
        authorizers = {
            authorizer_id: read_authorizer(properties, authorizer_id, self._function_names)
            for properties, authorizer_id in self._owned("Authorizer")
        }
        routes = [properties for properties, _ in self._owned("Route")]
        return read_routes(routes, integrations, authorizers)

    def _stages(self, routes: Iterable[RouteConfig]) -> tuple[StageConfig, ...]:
        route_keys = {route.key for route in routes}
        needed = [name for route in routes for name in stage_variables_of(route.integration)]
        stages = []
        for properties, _ in self._owned("Stage"):
            stage = read_stage(properties, route_keys)
            for name in needed:
                if name not in stage.variables:
                    raise properties.refused(
                        f"StageVariables.{name}", "it is missing, and an IntegrationUri needs it"
                    )
            stages.append(stage)
        return tuple(stages)
