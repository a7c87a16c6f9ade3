"""AWS::Cognito::* -> PoolConfig: each pool with its clients, groups and resource servers."""

from local.json_value import JsonValue
from local.template.assembly import Assembly, Resource
from local.template.clients import read_client
from local.template.identifiers import REF, identifier
from local.template.intrinsics import Resolver
from local.template.local_app import GroupConfig, PoolConfig, ResourceServerConfig
from local.template.properties import Properties

_SETTINGS = ("AdminCreateUserConfig", "Policies", "Schema", "UsernameAttributes")
_WITHOUT_EFFECT = (
    "AccountRecoverySetting",
    "AutoVerifiedAttributes",
    "DeletionProtection",
    "EmailVerificationMessage",
    "EmailVerificationSubject",
    "EnabledMfas",
    "SmsVerificationMessage",
    "UserAttributeUpdateSettings",
    "UserPoolName",
    "UserPoolTags",
    "UserPoolTier",
    "UsernameConfiguration",
    "VerificationMessageTemplate",
)
_DEFAULT_PRECEDENCE = 2**31


def read_pools(assembly: Assembly, resolver: Resolver) -> tuple[PoolConfig, ...]:
    """Every user pool of the assembly.

    Raises:
        TemplateUnsupported: A property would change what a token says and is not modelled.
    """
    return tuple(
        _pool(assembly, resolver, resource)
        for resource in assembly.resources("AWS::Cognito::UserPool")
    )


def _pool(assembly: Assembly, resolver: Resolver, resource: Resource) -> PoolConfig:
    stack = assembly.stacks[resource.stack_name]
    pool_id = identifier(resource, stack, REF)
    properties = Properties(resource, resolver)
    properties.choice("MfaConfiguration", ("OFF", "OPTIONAL"), "OFF")
    settings: dict[str, JsonValue] = {}
    for name in _SETTINGS:
        value = properties.value(name)
        if value is not None:
            settings[name] = value
    issuer = _issuer(properties, stack.region, pool_id)
    properties.finish(_WITHOUT_EFFECT)
    hanging = _Hanging(assembly, resolver, pool_id)
    return PoolConfig(
        id=pool_id,
        name=resource.logical_id,
        region=stack.region,
        account_id=stack.account_id,
        issuer=issuer,
        settings=settings,
        clients=tuple(
            read_client(properties, client_id)
            for properties, client_id in hanging.resources("AWS::Cognito::UserPoolClient")
        ),
        groups=tuple(
            _group(properties) for properties, _ in hanging.resources("AWS::Cognito::UserPoolGroup")
        ),
        resource_servers=tuple(
            _resource_server(properties)
            for properties, _ in hanging.resources("AWS::Cognito::UserPoolResourceServer")
        ),
    )


def _issuer(properties: Properties, region: str, pool_id: str) -> str:
    part = properties.part("IssuerConfiguration")
    form = part.choice("Type", ("ORIGINAL", "UPDATED"), "ORIGINAL") if part else "ORIGINAL"
    host = "issuer-cognito-idp" if form == "UPDATED" else "cognito-idp"
    return f"https://{host}.{region}.amazonaws.com/{pool_id}"


class _Hanging:
    """Finds the resources that name one pool in their `UserPoolId`."""

    def __init__(self, assembly: Assembly, resolver: Resolver, pool_id: str) -> None:
        self._assembly = assembly
        self._resolver = resolver
        self._pool_id = pool_id

    def resources(self, resource_type: str) -> list[tuple[Properties, str]]:
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
    )
    properties.finish(("Description", "RoleArn"))
    return group


def _resource_server(properties: Properties) -> ResourceServerConfig:
    scope_names = []
    for scope in properties.parts("Scopes"):
        scope_names.append(scope.text("ScopeName"))
        scope.finish(("ScopeDescription",))
    server = ResourceServerConfig(properties.text("Identifier"), tuple(scope_names))
    properties.finish(("Name",))
    return server
