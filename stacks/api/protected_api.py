"""The access table, its backends and authorizers -> an HTTP API with exactly the table's routes.

Made in two steps: functions may be told the API's address, so it is there before they are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from aws_jwt_authorizer.access.cache_key import CacheKey, cache_key
from aws_jwt_authorizer.access.jwt_route import gateway_scopes
from aws_jwt_authorizer.access.route_keys import DEFAULT, method_and_path
from aws_jwt_authorizer.access.rule_checks import issuers_of
from aws_jwt_authorizer.access.rules import AccessTable, HttpBackend, Route, Rule
from aws_jwt_authorizer.constructs.acknowledged import acknowledge_public
from aws_jwt_authorizer.constructs.cache_check import CacheCheck
from stacks.api.http_backend import HttpBackends
from stacks.api.route_limits import route_limits
from stacks.domains.api_domain import ApiDomain
from stacks.functions.access_log import AccessLog
from stacks.functions.log_group import stage_log_group
from stacks.stage.config import StageConfig

PREFLIGHT_MINUTES = 10
MOST_PERMISSIONS = 40
"""Of a function, one for each of its routes; beyond that one for the whole API stands in their
place, for a function's policy has 20 KB ("Lambda quotas", AWS Lambda developer guide)."""
MOST_PERMISSIONS_TOGETHER = 150
"""Of all functions likewise: beside the routes, for a stack has 500 resources ("CloudFormation
quotas", AWS CloudFormation user guide)."""


class ProtectedApi(Construct):
    """The API, its stage and its routes.

    Attributes:
        api: The API itself.
        access_log: Where its access log goes.
        url: Where it answers, ending in a slash.
        origin: The same as browsers write it, without the slash (RFC 6454 section 6.2).
        domain_target: Where DNS must point the API's own name; None without one.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, config: StageConfig, access: AccessTable
    ) -> None:
        super().__init__(scope, construct_id)
        self._access = access
        self._config = config
        self.api = apigwv2.HttpApi(
            self,
            "HttpApi",
            description=f"HTTP API, behind JWT authorization ({config.stage})",
            create_default_stage=False,
            cors_preflight=_cors(config, access) if config.allowed_origins else None,
            # Left on, it would be a way around the name: around its clients' certificates too.
            disable_execute_api_endpoint=True if config.domain else None,
        )
        self.access_log = stage_log_group(self, "AccessLogs", config)
        self._stage = stage = apigwv2.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigwv2.ThrottleSettings(
                rate_limit=config.throttle_rate_per_second, burst_limit=config.throttle_burst
            ),
            access_log_settings=AccessLog(self.access_log),
            detailed_metrics_enabled=config.route_metrics,
        )
        self.domain_target: str | None = None
        if config.domain:
            own = ApiDomain(self, "Domain", domain=config.domain, api=self.api, stage=stage)
            self.domain_target = own.target
            self.origin = config.domain.origin
            self.url = f"{self.origin}/"
        else:
            self.origin = self.api.api_endpoint
            self.url = stage.url
        self.node.add_validation(CacheCheck(self, access))

    def add_routes(self, targets: "RouteTargets") -> None:
        """Add every route of the table, each with its authorizer.

        Args:
            targets: Who answers and who decides.
        """
        for route in self._access.routes:
            made = apigwv2.HttpRoute(
                self.api,
                # As CDK's own `add_routes` names them: another id is another route.
                "".join(route.key.split(" ")),
                http_api=self.api,
                route_key=_route_key(route),
                integration=targets.integration_of(route),
                authorizer=targets.authorizer_of(route, self._access),
                authorization_scopes=_scopes_of(route),
            )
            if route.authorizer == "public":
                acknowledge_public(made, "the access table declares it public")
        self._name_integrations(targets.integration_ids)
        self._leave_out_empty_identity_sources()
        self._throttle_routes()

    def _name_integrations(self, logical_ids: Mapping[str, str]) -> None:
        """Name each function's integration after the function.

        CDK makes it below the first of the function's routes and names it after that route, so that
        another order of the table would replace it.
        """
        for item in self.node.find_all():
            if isinstance(item, apigwv2.CfnIntegration) and item.node.scope:
                name = logical_ids.get(item.node.scope.node.id)
                if name:
                    item.override_logical_id(name)

    def _throttle_routes(self) -> None:
        """Give routes the limits that differ from the stage's.

        A route's settings stand in the place of the stage's, with its metrics too.
        """
        limits = route_limits(self._access.routes, self._config)
        resource = self._stage.node.default_child
        if not limits or not isinstance(resource, apigwv2.CfnStage):
            return
        resource.route_settings = {
            key: {
                "ThrottlingRateLimit": limit.rate_per_second,
                "ThrottlingBurstLimit": limit.burst,
                "DetailedMetricsEnabled": self._config.route_metrics,
            }
            for key, limit in limits.items()
        }
        # Settings of a route that is not there yet are refused.
        for item in self.node.find_all():
            if isinstance(item, apigwv2.CfnRoute):
                resource.add_resource_dependency(item)

    def _leave_out_empty_identity_sources(self) -> None:
        """Leave out an empty list of identity sources: AWS documents none, and not an empty list.

        ("CreateAuthorizer", API Gateway V2 reference: for a REQUEST authorizer it is optional, and
        a set of one or more expressions.) CDK writes the list that it is given.
        """
        for item in self.node.find_all():
            if isinstance(item, apigwv2.CfnAuthorizer) and item.identity_source == []:
                item.identity_source = None


class RouteTargets:
    """Who answers the routes, and who decides about them.

    Attributes:
        integration_ids: What the integration of a function is called in the template, by the id of
            its construct.

    Args:
        functions: Function by backend name.
        servers: The HTTP backends.
        lambda_authorizers: Our authorizer, by what its decisions are kept by.
        jwt_authorizers: The built-in authorizers by issuer name.
        routes: The table's.
    """

    def __init__(
        self,
        *,
        functions: Mapping[str, lambda_.IFunction],
        servers: HttpBackends,
        lambda_authorizers: Mapping[CacheKey, authorizers.HttpLambdaAuthorizer],
        jwt_authorizers: Mapping[str, authorizers.HttpJwtAuthorizer],
        routes: Sequence[Route] = (),
    ) -> None:
        self._servers = servers
        self._lambda_authorizers = lambda_authorizers
        self._jwt_authorizers = jwt_authorizers
        routes_of = Counter(route.backend for route in routes if isinstance(route.backend, str))
        few = routes_of.total() <= MOST_PERMISSIONS_TOGETHER
        # CDK's permission for one $default route names the path "/" alone.
        of_default = {route.backend for route in routes if route.key == DEFAULT}
        # One integration for all routes of a function.
        self._integrations = {
            name: integrations.HttpLambdaIntegration(
                name.title(),
                function,
                scope_permission_to_route=few
                and name not in of_default
                and routes_of[name] <= MOST_PERMISSIONS,
            )
            for name, function in functions.items()
        }
        self.integration_ids = {
            name.title(): f"{_logical_id(function)}Integration"
            for name, function in functions.items()
        }

    def integration_of(self, route: Route) -> apigwv2.HttpRouteIntegration:
        """Return who answers a route."""
        if isinstance(route.backend, HttpBackend):
            return self._servers.integration(route, route.backend)
        return self._integrations[route.backend]

    def authorizer_of(self, route: Route, access: AccessTable) -> apigwv2.IHttpRouteAuthorizer:
        """Return who decides about a route of the table."""
        if route.authorizer == "public":
            return apigwv2.HttpNoneAuthorizer()
        if route.authorizer == "jwt":
            [issuer] = issuers_of(route.rule or Rule(), access)
            return self._jwt_authorizers[issuer.name]
        return self._lambda_authorizers[cache_key(route)]


def _logical_id(function: lambda_.IFunction) -> str:
    resource = function.node.default_child
    if not isinstance(resource, lambda_.CfnFunction):
        raise TypeError("a function that is imported has no name in the template")
    return Stack.of(function).get_logical_id(resource)


def _scopes_of(route: Route) -> list[str] | None:
    """Return the scopes of a route; API Gateway allows them behind its own authorizer alone."""
    if route.authorizer != "jwt" or route.rule is None:
        return None
    return list(gateway_scopes(route.rule)) or None


def _route_key(route: Route) -> apigwv2.HttpRouteKey:
    if route.key == DEFAULT:
        return apigwv2.HttpRouteKey.DEFAULT
    method, path = method_and_path(route.key)
    return apigwv2.HttpRouteKey.with_(path, apigwv2.HttpMethod[method])


def _cors(config: StageConfig, access: AccessTable) -> apigwv2.CorsPreflightOptions:
    methods = sorted({method_and_path(route.key)[0] for route in access.routes})
    return apigwv2.CorsPreflightOptions(
        allow_origins=list(config.allowed_origins),
        allow_methods=[apigwv2.CorsHttpMethod[method] for method in methods],
        allow_headers=list(config.allowed_headers),
        expose_headers=["www-authenticate", "apigw-requestid"],
        max_age=Duration.minutes(PREFLIGHT_MINUTES),
    )
