"""AWS::ApiGatewayV2::Integration -> IntegrationConfig: a Lambda function or an HTTP address.

Any other type of integration, a private one included, is refused.
"""

import re
from collections.abc import Iterator, Mapping
from typing import cast

from local.template.local_app import (
    HttpIntegrationConfig,
    IntegrationConfig,
    LambdaIntegrationConfig,
    PayloadFormat,
)
from local.template.parameter_mapping import read_request_mappings, read_response_mappings
from local.template.properties import Properties
from local.template.qualified_functions import qualifier_of

_LOWEST_MILLISECONDS, _HIGHEST_MILLISECONDS = 50, 30_000
"""API Gateway, "Integration": the limits of TimeoutInMillis; the highest is the default."""

_HTTP_URI = re.compile(r"https?://(?P<authority>[^/?#]+)(?P<path>/[^?#]*)?(?P<query>\?[^#]*)?")
_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")
_PATH_PARAMETER = re.compile(r"\{([A-Za-z0-9._-]+)\+?\}")
_METHODS = ("ANY", "GET", "PUT", "POST", "HEAD", "PATCH", "DELETE", "OPTIONS")


def read_integration(
    properties: Properties, integration_id: str, function_names: Mapping[str, str]
) -> IntegrationConfig:
    """Read one integration, whose `ApiId` is already read.

    Args:
        properties: Those of the resource.
        integration_id: Its `Ref`.
        function_names: Function name by ARN.

    Raises:
        TemplateUnsupported: Such as a VPC link, an AWS service, or an address that is not HTTP.
    """
    kind = properties.choice("IntegrationType", ("AWS_PROXY", "HTTP_PROXY"))
    milliseconds = properties.number("TimeoutInMillis", _HIGHEST_MILLISECONDS)
    if not _LOWEST_MILLISECONDS <= milliseconds <= _HIGHEST_MILLISECONDS:
        raise properties.refused(
            "TimeoutInMillis",
            f"{milliseconds:g} is not within {_LOWEST_MILLISECONDS} to {_HIGHEST_MILLISECONDS}",
        )
    # VPC_LINK would need a private network that this machine does not have.
    properties.choice("ConnectionType", ("INTERNET",), "INTERNET")
    seconds = milliseconds / 1000
    if kind == "AWS_PROXY":
        integration: IntegrationConfig = _lambda(
            properties, integration_id, seconds, function_names
        )
    else:
        integration = _http(properties, integration_id, seconds)
    properties.finish(("Description", "IntegrationMethod"))
    return integration


def stage_variables_of(integration: IntegrationConfig) -> Iterator[str]:
    """Yield the stage variables that an integration's address needs."""
    if isinstance(integration, HttpIntegrationConfig):
        yield from _STAGE_VARIABLE.findall(integration.uri)


def path_parameters_of(integration: IntegrationConfig) -> Iterator[str]:
    """Yield the path parameters that an integration's address needs."""
    if isinstance(integration, HttpIntegrationConfig):
        yield from _PATH_PARAMETER.findall(_STAGE_VARIABLE.sub("", integration.uri))


def _lambda(
    properties: Properties, integration_id: str, seconds: float, function_names: Mapping[str, str]
) -> LambdaIntegrationConfig:
    payload_format = properties.choice("PayloadFormatVersion", ("1.0", "2.0"))
    arn = properties.text("IntegrationUri")
    if arn not in function_names:
        raise properties.refused("IntegrationUri", f"{arn} is not a function of this app")
    return LambdaIntegrationConfig(
        integration_id,
        function_names[arn],
        seconds,
        cast("PayloadFormat", payload_format),
        read_response_mappings(properties),
        qualifier_of(arn, function_names),
    )


def _http(properties: Properties, integration_id: str, seconds: float) -> HttpIntegrationConfig:
    properties.choice("PayloadFormatVersion", ("1.0",))
    uri = properties.text("IntegrationUri")
    match = _HTTP_URI.fullmatch(_STAGE_VARIABLE.sub("x", uri))
    if not match:
        raise properties.refused("IntegrationUri", f"{uri!r} is not an http:// or https:// address")
    if "@" in match["authority"] or re.search(r"[{}\s]", match["authority"]):
        raise properties.refused(
            "IntegrationUri", f"{uri!r} may hold stage variables in its host, and no parameters"
        )
    elsewhere = _PATH_PARAMETER.sub("", match["path"] or "") + (match["query"] or "")
    if re.search(r"[{}\s]", elsewhere) or "${" in _STAGE_VARIABLE.sub("", uri):
        raise properties.refused("IntegrationUri", f"{uri!r} holds a variable that is not modelled")
    return HttpIntegrationConfig(
        id=integration_id,
        uri=uri,
        method=properties.choice("IntegrationMethod", _METHODS),
        timeout_seconds=seconds,
        request_mappings=read_request_mappings(properties),
        response_mappings=read_response_mappings(properties),
    )
