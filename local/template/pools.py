"""AWS::Cognito::* -> PoolConfig: each pool with its clients, groups and resource servers."""

from collections.abc import Mapping

from local.template.assembly import Assembly, Resource
from local.template.clients import read_client
from local.template.cognito_ignored_properties import ignored_properties
from local.template.identifiers import REF, identifier
from local.template.identity_providers import read_identity_provider
from local.template.intrinsics import Resolver
from local.template.pool_config import GroupConfig, PoolConfig, ResourceServerConfig
from local.template.pool_settings import attribute_names, read_settings
from local.template.pre_token import read_pre_token
from local.template.properties import Properties

_DEFAULT_PRECEDENCE = 2**31


def read_pools(
    assembly: Assembly, resolver: Resolver, function_names: Mapping[str, str]
) -> tuple[PoolConfig, ...]:
    """Read every user pool of the assembly.

    Args:
        assembly: The stacks.
        resolver: Of their intrinsics.
        function_names: The app's functions, name by ARN.

    Raises:
        TemplateUnsupported: A property would change what a token says and is not modelled.
    """
    for resource in assembly.resources("AWS::Cognito::UserPoolDomain"):
        domain = Properties(resource, resolver)
        domain.text("UserPoolId")
        domain.finish(ignored_properties("UserPoolDomain"))
    return tuple(
        _pool(assembly, resolver, resource, function_names)
        for resource in assembly.resources("AWS::Cognito::UserPool")
    )


def _pool(
    assembly: Assembly, resolver: Resolver, resource: Resource, function_names: Mapping[str, str]
) -> PoolConfig:
    stack = assembly.stacks[resource.stack_name]
    pool_id = identifier(resource, stack, REF)
    properties = Properties(resource, resolver)
    settings = read_settings(properties)
    pre_token = read_pre_token(properties, function_names)
    issuer = _issuer(properties, stack.region, pool_id)
    properties.finish(ignored_properties("UserPool"))
    resources = _PoolResources(assembly, resolver, pool_id)
    servers = tuple(
        _resource_server(properties)
        for properties, _ in resources.of_type("AWS::Cognito::UserPoolResourceServer")
    )
    providers = tuple(
        read_identity_provider(properties, attribute_names(settings))
        for properties, _ in resources.of_type("AWS::Cognito::UserPoolIdentityProvider")
    )
    scopes = {f"{server.identifier}/{name}" for server in servers for name in server.scope_names}
    return PoolConfig(
        id=pool_id,
        name=resource.logical_id,
        region=stack.region,
        account_id=stack.account_id,
        issuer=issuer,
        settings=settings,
        pre_token=pre_token,
        clients=tuple(
            read_client(properties, client_id, scopes, providers)
            for properties, client_id in resources.of_type("AWS::Cognito::UserPoolClient")
        ),
        groups=tuple(
            _group(properties) for properties, _ in resources.of_type("AWS::Cognito::UserPoolGroup")
        ),
        resource_servers=servers,
        identity_providers=providers,
    )


def _issuer(properties: Properties, region: str, pool_id: str) -> str:
    part = properties.part("IssuerConfiguration")
    form = "ORIGINAL"
    if part:
        form = part.choice("Type", ("ORIGINAL", "UPDATED"), "ORIGINAL")
        part.finish()
    host = "issuer-cognito-idp" if form == "UPDATED" else "cognito-idp"
    return f"https://{host}.{region}.amazonaws.com/{pool_id}"


class _PoolResources:
    """Finds the resources that name one pool in their `UserPoolId`."""

    def __init__(self, assembly: Assembly, resolver: Resolver, pool_id: str) -> None:
        self._assembly = assembly
        self._resolver = resolver
        self._pool_id = pool_id

    def of_type(self, resource_type: str) -> list[tuple[Properties, str]]:
        found = []
        for resource in self._assembly.resources(resource_type):
            properties = Properties(resource, self._resolver)
            if properties.text("UserPoolId") == self._pool_id:
                stack = self._assembly.stacks[resource.stack_name]
                found.append((properties, identifier(resource, stack, REF)))
        return found


def _group(properties: Properties) -> GroupConfig:
    group = GroupConfig(
        name=properties.text("GroupName"),
        precedence=int(properties.number("Precedence", _DEFAULT_PRECEDENCE)),
        role_arn=properties.text("RoleArn", "") or None,
    )
    properties.finish(ignored_properties("UserPoolGroup"))
    return group


def _resource_server(properties: Properties) -> ResourceServerConfig:
    scope_names = []
    for scope in properties.parts("Scopes"):
        scope_names.append(scope.text("ScopeName"))
        scope.finish(ignored_properties("UserPoolResourceServer", "Scopes[]"))
    server = ResourceServerConfig(properties.text("Identifier"), tuple(scope_names))
    properties.finish(ignored_properties("UserPoolResourceServer"))
    return server
