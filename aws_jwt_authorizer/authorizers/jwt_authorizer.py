"""Issuers and rules by route -> an authorizer for the routes of any HTTP API of a CDK app."""

from collections.abc import Mapping, Sequence

import jsii
from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from aws_jwt_authorizer.access.cache_key import CacheKey, cache_key
from aws_jwt_authorizer.access.conditions import AnyOf, ClaimPath, Rule
from aws_jwt_authorizer.access.issuers import Issuer
from aws_jwt_authorizer.access.rules_table import NO_CLAIMS
from aws_jwt_authorizer.access.table_checks import AccessInvalid
from aws_jwt_authorizer.authorizers.authorizer_function import AuthorizerFunction
from aws_jwt_authorizer.authorizers.gateway_authorizers import gateway_authorizers
from aws_jwt_authorizer.authorizers.route_check import RouteCheck

CACHE_SECONDS = 60


@jsii.implements(apigwv2.IHttpRouteAuthorizer)
class JwtAuthorizer(Construct):
    """Verifies the bearer token of a request and decides by the rule of its route.

    Give it to each of these routes as `authorizer`, or to the API as `default_authorizer`; give
    each route of an API that is imported `for_route(...)` of its key. A route without a rule cannot
    be given it, and a rule whose route is not given it stops synth: no route is left open by a
    forgotten argument.

    Attributes:
        function: The Lambda function.

    Args:
        issuers: Whose tokens are accepted: `presets`, `user_pool_issuer` or plain `Issuer`s.
        routes: What each route asks of a token, by its key, {"GET /orders": Rule(...)}.
        claims_for_backends: Claims that backends get in the authorizer's context besides those that
            they always do, by the name that each gets.
        cache_ttl: How long API Gateway keeps a decision; 0 to 3600 seconds, 60 by default. One that
            depends on more than token and route is never kept, whatever stands here.
        log_group: Where the function logs; by default a group of its own, for a month.

    Raises:
        AccessInvalid: Issuers, rules or claims cannot be served; one line with the fix.
        BundleFailed: The function cannot be bundled; one line.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        issuers: Sequence[Issuer],
        routes: Mapping[str, Rule | AnyOf],
        claims_for_backends: Mapping[str, str | ClaimPath] = NO_CLAIMS,
        cache_ttl: Duration | None = None,
        log_group: logs.ILogGroup | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        made = AuthorizerFunction(
            self,
            "Authorizer",
            issuers=issuers,
            routes=routes,
            claims_for_backends=claims_for_backends,
            log_group=log_group,
        )
        self.function: lambda_.Function = made.function
        self._keys = {route.key: cache_key(route) for route in made.table.routes}
        names = {CacheKey.ROUTE: construct_id, CacheKey.NOTHING: f"{construct_id}Uncached"}
        ttl = Duration.seconds(CACHE_SECONDS) if cache_ttl is None else cache_ttl
        self._authorizers = gateway_authorizers(made.function, names, ttl)
        self.node.add_validation(RouteCheck(self, self._keys, self._authorizers.values()))

    def bind(
        self, *, route: apigwv2.IHttpRoute, scope: Construct
    ) -> apigwv2.HttpRouteAuthorizerConfig:
        """Return what CDK gives a route; CDK calls this.

        Raises:
            AccessInvalid: The route has no rule here.
        """
        return self.for_route(_route_key(route)).bind(route=route, scope=scope)

    def for_route(self, key: str) -> authorizers.HttpLambdaAuthorizer:
        """Return what a route of an imported API is given as its `authorizer`.

        CDK cannot hand an imported API to a construct that is written in Python, which is what
        passing this one would take.

        Args:
            key: The route's, "GET /orders/{id}".

        Raises:
            AccessInvalid: The route has no rule here.
        """
        kept_by = self._keys.get(key)
        if kept_by is None:
            raise AccessInvalid(
                f"JwtAuthorizer: route {key!r} has no rule: add it to routes, Rule() means any "
                "valid token"
            )
        return self._authorizers[kept_by]


def _route_key(route: apigwv2.IHttpRoute) -> str:
    """Return a route's key, of which CDK tells the path alone; its ARN has the method too.

    arn:<partition>:execute-api:<region>:<account>:<api>/*/<method, * for ANY><path>
    """
    if route.path is None:
        return "$default"
    method = route.route_arn.partition("/*/")[2].partition("/")[0]
    return f"{'ANY' if method == '*' else method} {route.path}"
