"""AWS::Lambda::Permission -> a refusal of a function that API Gateway could not invoke.

A route that would answer 500 on AWS for lack of a permission stops the start here.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from local.errors import TemplateUnsupported
from local.template.assembly import Assembly
from local.template.intrinsics import Resolver
from local.template.local_app import (
    ApiConfig,
    FunctionConfig,
    LambdaAuthorizerConfig,
    LambdaIntegrationConfig,
    RouteConfig,
)
from local.template.properties import Properties

_GATEWAY = "apigateway.amazonaws.com"
_ACTIONS = ("lambda:InvokeFunction", "lambda:*", "*")
_ANY = "any"
"""Stands for a method that a pattern must leave open with `*`."""


@dataclass(frozen=True, slots=True)
class _Grant:
    function: str
    source_arn: str

    def covers(self, function: FunctionConfig, qualifier: str, source_arn: str) -> bool:
        # A version and an alias each have permissions of their own.
        suffix = f":{qualifier}" if qualifier else ""
        if self.function not in {f"{function.name}{suffix}", f"{function.arn}{suffix}"}:
            return False
        pattern = re.escape(self.source_arn).replace(r"\*", ".*").replace(r"\?", ".")
        return re.fullmatch(pattern, source_arn) is not None


def refuse_missing_permissions(
    assembly: Assembly, resolver: Resolver, api: ApiConfig, functions: Iterable[FunctionConfig]
) -> None:
    """Check that each function behind a route or an authorizer may be invoked by the API.

    Raises:
        TemplateUnsupported: A permission is missing, names the function and the `SourceArn` that it
            needs (API Gateway, "Create a Lambda authorizer"; CDK adds them by itself).
    """
    grants = list(_grants(assembly, resolver))
    by_name = {function.name: function for function in functions}
    places = {
        Properties(resource, resolver).text("RouteKey"): resource.place
        for resource in assembly.resources("AWS::ApiGatewayV2::Route")
    }
    for route in api.routes:
        for invoked, source_arn in _invocations(api, route):
            function = by_name[invoked.function_name]
            if not any(grant.covers(function, invoked.qualifier, source_arn) for grant in grants):
                name = ":".join(filter(None, (invoked.function_name, invoked.qualifier)))
                raise TemplateUnsupported(
                    places[route.key],
                    "",
                    f"no AWS::Lambda::Permission lets {_GATEWAY} invoke {name} for the "
                    f"SourceArn {source_arn}; API Gateway would answer 500",
                )


def _grants(assembly: Assembly, resolver: Resolver) -> Iterator[_Grant]:
    for resource in assembly.resources("AWS::Lambda::Permission"):
        properties = Properties(resource, resolver)
        if properties.text("Principal") == _GATEWAY and properties.text("Action") in _ACTIONS:
            yield _Grant(properties.text("FunctionName"), properties.text("SourceArn", "*"))


def _invocations(
    api: ApiConfig, route: RouteConfig
) -> Iterator[tuple[LambdaAuthorizerConfig | LambdaIntegrationConfig, str]]:
    """Yield what of a route invokes functions, each with the ARN that API Gateway does it as."""
    prefix = f"arn:aws:execute-api:{api.region}:{api.account_id}:{api.id}"
    if isinstance(route.authorizer, LambdaAuthorizerConfig):
        yield route.authorizer, f"{prefix}/authorizers/{route.authorizer.id}"
    if isinstance(route.integration, LambdaIntegrationConfig):
        method, _, path = route.key.rpartition(" ")
        method = _ANY if method in {"", "ANY"} else method
        for stage in api.stages:
            yield route.integration, f"{prefix}/{stage.name}/{method}/{path.lstrip('/')}"
