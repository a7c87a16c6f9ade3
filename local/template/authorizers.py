"""AWS::ApiGatewayV2::Authorizer -> AuthorizerConfig."""

import re
from collections.abc import Mapping
from typing import cast

from local.template.local_app import (
    AuthorizerConfig,
    JwtAuthorizerConfig,
    LambdaAuthorizerConfig,
    PayloadFormat,
)
from local.template.properties import Properties
from local.template.qualified_functions import qualifier_of

_INVOCATION_URI = re.compile(
    r"arn:aws:apigateway:[a-z0-9-]+:lambda:path/2015-03-31/functions/(?P<arn>.+)/invocations"
)
_IDENTITY_SOURCE = re.compile(
    r"\$request\.(header|querystring)\.[A-Za-z0-9_.-]+|\$(context|stageVariables)\.[A-Za-z0-9_.]+"
)
_MAX_TTL_SECONDS = 3600
_MOST_AUDIENCES = 50
"""API Gateway quotas: audiences an authorizer."""


def read_authorizer(
    properties: Properties, authorizer_id: str, function_names: Mapping[str, str]
) -> AuthorizerConfig:
    """Read one authorizer of an HTTP API.

    Args:
        properties: Those of the resource, `ApiId` already read.
        authorizer_id: Its `Ref`.
        function_names: Function name by ARN.

    Raises:
        TemplateUnsupported: Something that API Gateway would not take, or that is not modelled.
    """
    kind = properties.choice("AuthorizerType", ("JWT", "REQUEST"))
    name = properties.text("Name")
    sources = properties.texts("IdentitySource")
    for source in sources:
        if not _IDENTITY_SOURCE.fullmatch(source):
            raise properties.refused("IdentitySource", f"{source!r} is not modelled")
    if kind == "JWT":
        authorizer: AuthorizerConfig = _jwt(properties, authorizer_id, name, sources)
    else:
        authorizer = _request(properties, authorizer_id, name, sources, function_names)
    properties.finish()
    return authorizer


def _jwt(
    properties: Properties, authorizer_id: str, name: str, sources: tuple[str, ...]
) -> JwtAuthorizerConfig:
    if len(sources) != 1 or not sources[0].startswith("$request."):
        raise properties.refused(
            "IdentitySource", "a JWT authorizer needs one $request.header.X or querystring.X"
        )
    configuration = properties.part("JwtConfiguration")
    if configuration is None:
        raise properties.refused("JwtConfiguration", "it is missing")
    audiences = configuration.texts("Audience")
    if not 0 < len(audiences) <= _MOST_AUDIENCES:
        raise configuration.refused("Audience", f"1 to {_MOST_AUDIENCES} audiences are needed")
    authorizer = JwtAuthorizerConfig(
        id=authorizer_id,
        name=name,
        identity_source=sources[0],
        issuer=configuration.text("Issuer"),
        audiences=audiences,
    )
    configuration.finish()
    return authorizer


def _request(
    properties: Properties,
    authorizer_id: str,
    name: str,
    sources: tuple[str, ...],
    function_names: Mapping[str, str],
) -> LambdaAuthorizerConfig:
    payload_format = properties.choice("AuthorizerPayloadFormatVersion", ("1.0", "2.0"))
    simple = properties.flag("EnableSimpleResponses")
    if simple and payload_format == "1.0":
        raise properties.refused("EnableSimpleResponses", "payload 1.0 has policy responses only")
    uri = _INVOCATION_URI.fullmatch(properties.text("AuthorizerUri"))
    arn = uri["arn"] if uri else ""
    if arn not in function_names:
        raise properties.refused("AuthorizerUri", "it names no function of this app")
    ttl_seconds = int(properties.number("AuthorizerResultTtlInSeconds", 0))
    if not 0 <= ttl_seconds <= _MAX_TTL_SECONDS:
        raise properties.refused(
            "AuthorizerResultTtlInSeconds", f"{ttl_seconds} is not within 0 to {_MAX_TTL_SECONDS}"
        )
    if ttl_seconds and not sources:
        raise properties.refused("IdentitySource", "a cached authorizer needs an identity source")
    return LambdaAuthorizerConfig(
        authorizer_id,
        name,
        function_names[arn],
        sources,
        ttl_seconds,
        cast("PayloadFormat", payload_format),
        simple,
        qualifier_of(arn, function_names),
    )
