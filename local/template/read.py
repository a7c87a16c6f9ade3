"""Cloud assembly folder -> LocalApp.

Within the services that decide a request's answer, an unknown resource is refused;
resources of other services (roles, alarms, log groups) change no answer and are left alone.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from local.errors import LocalError, TemplateUnsupported
from local.template.assembly import Assembly, read_assembly
from local.template.domains import read_domains
from local.template.functions import missing_layers, read_functions
from local.template.http_api import read_http_api, read_imported_apis
from local.template.intrinsics import Resolver
from local.template.local_app import (
    ApiConfig,
    FunctionConfig,
    JwtAuthorizerConfig,
    LambdaAuthorizerConfig,
    LocalApp,
)
from local.template.permissions import refuse_missing_permissions
from local.template.pools import read_pools
from local.template.qualified_functions import read_function_names
from local.template.rotations import read_rotations
from local.template.schedules import read_scheduled
from local.template.secrets import read_secrets
from local.template.tables import read_tables

_DECIDING_SERVICES = (
    "AWS::ApiGateway::",
    "AWS::ApiGatewayV2::",
    "AWS::CloudFormation::Stack",
    "AWS::Cognito::",
    "AWS::DynamoDB::",
    "AWS::Events::",
    "AWS::Lambda::",
    "AWS::SecretsManager::",
    "AWS::Serverless::",
    "Custom::",
)
_READ_TYPES = frozenset(
    {
        "AWS::ApiGatewayV2::Api",
        "AWS::ApiGatewayV2::ApiMapping",
        "AWS::ApiGatewayV2::Authorizer",
        "AWS::ApiGatewayV2::Integration",
        "AWS::ApiGatewayV2::Route",
        "AWS::ApiGatewayV2::Stage",
        "AWS::Cognito::UserPool",
        "AWS::Cognito::UserPoolClient",
        "AWS::Cognito::UserPoolDomain",
        "AWS::Cognito::UserPoolGroup",
        "AWS::Cognito::UserPoolIdentityProvider",
        "AWS::Cognito::UserPoolResourceServer",
        "AWS::DynamoDB::Table",
        "AWS::Events::Rule",
        "AWS::Lambda::Alias",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Version",
        "AWS::SecretsManager::RotationSchedule",
        "AWS::SecretsManager::Secret",
    }
)
_TYPES_WITHOUT_EFFECT = frozenset(
    {
        # Its name is read; its certificate, TLS and mutual TLS are the deployment's alone.
        "AWS::ApiGatewayV2::DomainName",
        "AWS::Cognito::LogDeliveryConfiguration",
        "AWS::Cognito::ManagedLoginBranding",
        "AWS::Cognito::UserPoolRiskConfigurationAttachment",
    }
)


def read_local_app(assembly_folder: Path, without_effect: frozenset[str] = frozenset()) -> LocalApp:
    """Read what a cloud assembly would deploy, as the local stack serves it.

    Args:
        assembly_folder: What synth wrote.
        without_effect: Types of custom resources that change no answer here.

    Raises:
        TemplateUnsupported: Something that decides answers is not modelled; the message has its
            stack, logical id and property.
        LocalError: There is not exactly one HTTP API, an issuer's own apart.
    """
    return app_of(read_assembly(assembly_folder), without_effect)


def app_of(assembly: Assembly, without_effect: frozenset[str] = frozenset()) -> LocalApp:
    """Read what an assembly would deploy; see `read_local_app`.

    Raises:
        TemplateUnsupported: Likewise.
        LocalError: Likewise.
    """
    _refuse_unknown_types(assembly, without_effect)
    _refuse_conditions(assembly)
    resolver = Resolver(assembly)
    functions = read_functions(assembly, resolver)
    function_names = read_function_names(assembly, resolver, functions)
    domains = read_domains(assembly, resolver)
    apis = [
        *(
            read_http_api(assembly, resolver, resource, function_names, domains)
            for resource in assembly.resources("AWS::ApiGatewayV2::Api")
        ),
        *read_imported_apis(assembly, resolver, function_names),
    ]
    for api in apis:
        refuse_missing_permissions(assembly, resolver, api, functions)
    issuers = _issuers_among(apis, functions)
    served = [api for api in apis if api not in issuers]
    if len(served) != 1 or len(issuers) > 1:
        raise LocalError(
            f"the app has {len(apis)} HTTP APIs; the local stack serves exactly one, and one more "
            "whose tokens an authorizer of the first trusts"
        )
    secrets = read_secrets(assembly, resolver)
    return LocalApp(
        api=served[0],
        functions=functions,
        pools=read_pools(assembly, resolver, function_names),
        issuer=issuers[0] if issuers else None,
        tables=read_tables(assembly, resolver),
        scheduled=read_scheduled(assembly, resolver, function_names),
        secrets=secrets,
        rotations=read_rotations(assembly, resolver, function_names, secrets),
        deployed_only=_deployed_only(assembly),
        warnings=(*assembly.warnings, *missing_layers(functions)),
    )


def _issuers_among(
    apis: Sequence[ApiConfig], functions: Sequence[FunctionConfig]
) -> list[ApiConfig]:
    """Return the APIs whose address an authorizer of another one is told: as a token's issuer."""
    environments = {function.name: function.environment for function in functions}
    told = {api.id: list(_told_authorizers(api, environments)) for api in apis}
    return [
        api
        for api in apis
        if any(
            origin in text
            for other, texts in told.items()
            if other != api.id
            for text in texts
            for origin in api.origins
        )
    ]


def _told_authorizers(
    api: ApiConfig, environments: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    for route in api.routes:
        match route.authorizer:
            case JwtAuthorizerConfig() as built_in:
                yield built_in.issuer
            case LambdaAuthorizerConfig() as ours:
                yield from environments.get(ours.function_name, {}).values()


def _deployed_only(assembly: Assembly) -> Mapping[str, int]:
    """Return how many resources of each type change no answer and are left alone."""
    types = (
        resource.type for stack in assembly.stacks.values() for resource in stack.resources.values()
    )
    return dict(sorted(Counter(each for each in types if each not in _READ_TYPES).items()))


def _refuse_conditions(assembly: Assembly) -> None:
    for stack in assembly.stacks.values():
        for resource in stack.resources.values():
            if resource.condition:
                raise TemplateUnsupported(
                    resource.place, "", "conditions are not modelled; decide at synth"
                )


def _refuse_unknown_types(assembly: Assembly, without_effect: frozenset[str]) -> None:
    known = _READ_TYPES | _TYPES_WITHOUT_EFFECT | without_effect
    for stack in assembly.stacks.values():
        for resource in stack.resources.values():
            if resource.type in known:
                continue
            if resource.type.startswith(_DECIDING_SERVICES):
                raise TemplateUnsupported(
                    resource.place, "", f"the type {resource.type} is not modelled"
                )
