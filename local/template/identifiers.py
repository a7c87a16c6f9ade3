"""Resource -> what CloudFormation would call it: `Ref` and `Fn::GetAtt`.

An id has AWS's form, and the same template always gives the same ids.
"""

import hashlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

from local.errors import TemplateUnsupported
from local.template.assembly import Resource, Stack

REF = "Ref"
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


def _code(resource: Resource, length: int) -> str:
    number = int.from_bytes(hashlib.sha256(resource.place.encode()).digest(), "big")
    digits = []
    for _ in range(length):
        number, remainder = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[remainder])
    return "".join(digits)


def _literal(resource: Resource, name: str, default: str) -> str:
    value = resource.properties.get(name, default)
    if not isinstance(value, str):
        raise TemplateUnsupported(resource.place, name, "only a literal name is modelled")
    return value


def _arn(stack: Stack, service: str, rest: str) -> str:
    return f"arn:aws:{service}:{stack.region}:{stack.account_id}:{rest}"


def _user_pool(resource: Resource, stack: Stack) -> dict[str, str]:
    pool_id = f"{stack.region}_{_code(resource, 9)}"
    provider = f"cognito-idp.{stack.region}.amazonaws.com/{pool_id}"
    return {
        REF: pool_id,
        "UserPoolId": pool_id,
        "Arn": _arn(stack, "cognito-idp", f"userpool/{pool_id}"),
        "ProviderName": provider,
        "ProviderURL": f"https://{provider}",
    }


def _function(resource: Resource, stack: Stack) -> dict[str, str]:
    name = _literal(resource, "FunctionName", f"{stack.name}-{resource.logical_id}"[:64])
    return {REF: name, "Arn": _arn(stack, "lambda", f"function:{name}")}


def _version(resource: Resource, stack: Stack) -> dict[str, str]:
    # A new stack's first.
    number = "1"
    return {REF: f"{_function_arn_of(resource, stack)}:{number}", "Version": number}


def _alias(resource: Resource, stack: Stack) -> dict[str, str]:
    arn = f"{_function_arn_of(resource, stack)}:{_literal(resource, 'Name', '')}"
    return {REF: arn, "AliasArn": arn}


def _function_arn_of(resource: Resource, stack: Stack) -> str:
    match resource.properties.get("FunctionName"):
        case {"Ref": str() as logical_id} | {"Fn::GetAtt": [str() as logical_id, "Arn"]}:
            function = stack.resources.get(logical_id)
            if function is not None and function.type == "AWS::Lambda::Function":
                return _function(function, stack)["Arn"]
    raise TemplateUnsupported(
        resource.place, "FunctionName", "only a function of the same stack is modelled"
    )


def _log_group(resource: Resource, stack: Stack) -> dict[str, str]:
    name = _literal(resource, "LogGroupName", f"{stack.name}-{resource.logical_id}")
    return {REF: name, "Arn": _arn(stack, "logs", f"log-group:{name}:*")}


def _table(resource: Resource, stack: Stack) -> dict[str, str]:
    name = _literal(resource, "TableName", f"{stack.name}-{resource.logical_id}")
    return {REF: name, "Arn": _arn(stack, "dynamodb", f"table/{name}")}


def _secret(resource: Resource, stack: Stack) -> dict[str, str]:
    name = _literal(resource, "Name", f"{stack.name}-{resource.logical_id}")
    arn = _arn(stack, "secretsmanager", f"secret:{name}-{_code(resource, 6)}")
    return {REF: arn, "Id": arn}


def _role(resource: Resource, stack: Stack) -> dict[str, str]:
    name = _literal(resource, "RoleName", f"{stack.name}-{resource.logical_id}"[:64])
    return {REF: name, "Arn": f"arn:aws:iam::{stack.account_id}:role/{name}"}


def _queue(resource: Resource, stack: Stack) -> dict[str, str]:
    name = _literal(resource, "QueueName", f"{stack.name}-{resource.logical_id}")
    return {"Arn": _arn(stack, "sqs", name), "QueueName": name}


def _http_api(resource: Resource, stack: Stack) -> dict[str, str]:
    api_id = _code(resource, 10)
    endpoint = f"https://{api_id}.execute-api.{stack.region}.amazonaws.com"
    return {REF: api_id, "ApiId": api_id, "ApiEndpoint": endpoint}


def _generated_id(length: int, *attributes: str) -> Callable[[Resource, Stack], dict[str, str]]:
    def identify(resource: Resource, _: Stack) -> dict[str, str]:
        return dict.fromkeys((REF, *attributes), _code(resource, length))

    return identify


def _literal_name(property_name: str) -> Callable[[Resource, Stack], dict[str, str]]:
    def identify(resource: Resource, _: Stack) -> dict[str, str]:
        return {REF: _literal(resource, property_name, resource.logical_id)}

    return identify


_IDENTIFY: Mapping[str, Callable[[Resource, Stack], dict[str, str]]] = MappingProxyType(
    {
        "AWS::ApiGatewayV2::Api": _http_api,
        "AWS::ApiGatewayV2::ApiMapping": _generated_id(6, "ApiMappingId"),
        "AWS::ApiGatewayV2::Authorizer": _generated_id(6, "AuthorizerId"),
        "AWS::ApiGatewayV2::DomainName": _literal_name("DomainName"),
        "AWS::ApiGatewayV2::Integration": _generated_id(7, "IntegrationId"),
        "AWS::ApiGatewayV2::Route": _generated_id(7, "RouteId"),
        "AWS::ApiGatewayV2::Stage": _literal_name("StageName"),
        "AWS::Cognito::UserPool": _user_pool,
        "AWS::Cognito::UserPoolClient": _generated_id(26, "ClientId"),
        "AWS::Cognito::UserPoolDomain": _literal_name("Domain"),
        "AWS::Cognito::UserPoolGroup": _literal_name("GroupName"),
        "AWS::Cognito::UserPoolIdentityProvider": _literal_name("ProviderName"),
        "AWS::Cognito::UserPoolResourceServer": _literal_name("Identifier"),
        "AWS::DynamoDB::Table": _table,
        "AWS::IAM::Role": _role,
        "AWS::Lambda::Alias": _alias,
        "AWS::Lambda::Function": _function,
        "AWS::Lambda::Version": _version,
        "AWS::Logs::LogGroup": _log_group,
        "AWS::SQS::Queue": _queue,
        "AWS::SecretsManager::Secret": _secret,
    }
)


def identifier(resource: Resource, stack: Stack, attribute: str) -> str:
    """Return `Ref` (attribute `"Ref"`) or `Fn::GetAtt` of a resource, in AWS's form.

    Raises:
        TemplateUnsupported: The type or the attribute is not modelled.
    """
    identify = _IDENTIFY.get(resource.type)
    values = identify(resource, stack) if identify else {}
    if attribute not in values:
        raise TemplateUnsupported(
            resource.place, "", f"{attribute} of a {resource.type} is not modelled"
        )
    return values[attribute]
