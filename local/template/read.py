"""Cloud assembly folder -> LocalApp.

The rule: within the services that decide a request's answer, an unknown resource is refused;
resources of other services (roles, alarms, log groups) change no answer and are left alone.
"""

from pathlib import Path

from local.errors import LocalError, TemplateUnsupported
from local.template.assembly import Assembly, read_assembly
from local.template.functions import read_functions
from local.template.http_api import read_http_api
from local.template.intrinsics import Resolver
from local.template.local_app import LocalApp
from local.template.permissions import refuse_missing_permissions
from local.template.pools import read_pools

_DECIDING_SERVICES = (
    "AWS::ApiGateway::",
    "AWS::ApiGatewayV2::",
    "AWS::CloudFormation::Stack",
    "AWS::Cognito::",
    "AWS::Lambda::",
    "AWS::Serverless::",
)
_READ_TYPES = frozenset(
    {
        "AWS::ApiGatewayV2::Api",
        "AWS::ApiGatewayV2::Authorizer",
        "AWS::ApiGatewayV2::Integration",
        "AWS::ApiGatewayV2::Route",
        "AWS::ApiGatewayV2::Stage",
        "AWS::Cognito::UserPool",
        "AWS::Cognito::UserPoolClient",
        "AWS::Cognito::UserPoolDomain",
        "AWS::Cognito::UserPoolGroup",
        "AWS::Cognito::UserPoolResourceServer",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
    }
)
_TYPES_WITHOUT_EFFECT = frozenset(
    {
        "AWS::Cognito::ManagedLoginBranding",
    }
)


def read_local_app(assembly_folder: Path) -> LocalApp:
    """What a cloud assembly would deploy, as the local stack serves it.

    Raises:
        TemplateUnsupported: Something that decides answers is not modelled; the message has its
            stack, logical id and property.
        LocalError: There is not exactly one HTTP API.
    """
    assembly = read_assembly(assembly_folder)
    _refuse_unknown_types(assembly)
    resolver = Resolver(assembly)
    functions = read_functions(assembly, resolver)
    function_names = {function.arn: function.name for function in functions}
    apis = assembly.resources("AWS::ApiGatewayV2::Api")
    if len(apis) != 1:
        raise LocalError(f"the app has {len(apis)} HTTP APIs; the local stack serves exactly one")
    api = read_http_api(assembly, resolver, apis[0], function_names)
    refuse_missing_permissions(assembly, resolver, api, functions)
    return LocalApp(
        api=api, functions=functions, pools=read_pools(assembly, resolver, function_names)
    )


def _refuse_unknown_types(assembly: Assembly) -> None:
    for stack in assembly.stacks.values():
        for resource in stack.resources.values():
            if resource.type in _READ_TYPES or resource.type in _TYPES_WITHOUT_EFFECT:
                continue
            if resource.type.startswith(_DECIDING_SERVICES):
                raise TemplateUnsupported(
                    resource.place, "", f"the type {resource.type} is not modelled"
                )
