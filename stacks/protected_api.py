"""The access table, its backends and authorizers -> an HTTP API with exactly the table's routes.

Deny by default: a route that is added without an authorizer gets the Lambda authorizer, whose
policy does not name it.
"""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.access_log import AccessLog
from stacks.cache_check import CacheCheck
from stacks.cache_key import CacheKey, cache_key
from stacks.config import StageConfig
from stacks.guard_rules import acknowledge_public
from stacks.http_backend import HttpBackends
from stacks.jwt_route import gateway_scopes
from stacks.log_group import stage_log_group
from stacks.rules import AccessTable, HttpBackend, Route, Rule
from stacks.table_checks import issuers_of

PREFLIGHT_MINUTES = 10


class ProtectedApi(Construct):
    """The API, its stage and its routes.

    Attributes:
        url: Where it answers, ending in a slash.
    """

    def __init__(  # keyword-only: what it is made of
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: StageConfig,
        access: AccessTable,
        functions: Mapping[str, lambda_.IFunction],
        servers: HttpBackends,
        lambda_authorizers: Mapping[CacheKey, authorizers.HttpLambdaAuthorizer],
        jwt_authorizers: Mapping[str, authorizers.HttpJwtAuthorizer],
    ) -> None:
        super().__init__(scope, construct_id)
        self._access = access
        self._jwt_authorizers = jwt_authorizers
        self._lambda_authorizers = lambda_authorizers
        self._servers = servers
        self._integrations = {
            name: integrations.HttpLambdaIntegration(name.title(), function)
            for name, function in functions.items()
        }
        self._api = apigwv2.HttpApi(
            self,
            "HttpApi",
            description=f"Orders, behind JWT authorization ({config.stage})",
            create_default_stage=False,
            default_authorizer=lambda_authorizers[CacheKey.ROUTE],
            cors_preflight=_cors(config, access) if config.allowed_origins else None,
        )
        stage = apigwv2.HttpStage(
            self,
            "Stage",
            http_api=self._api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigwv2.ThrottleSettings(
                rate_limit=config.throttle_rate_per_second, burst_limit=config.throttle_burst
            ),
            access_log_settings=AccessLog(stage_log_group(self, "AccessLogs", config)),
        )
        self.url = stage.url
        for route in access.routes:
            self._add_route(route)
        self.node.add_validation(CacheCheck(self, access))

    def _add_route(self, route: Route) -> None:
        method, path = route.key.split(" ")
        made = self._api.add_routes(
            path=path,
            methods=[apigwv2.HttpMethod[method]],
            integration=self._integration_of(route),
            authorizer=self._authorizer_of(route),
            authorization_scopes=_scopes_of(route),
        )
        if route.authorizer == "public":
            for item in made:
                acknowledge_public(item, "the access table declares it public")

    def _integration_of(self, route: Route) -> apigwv2.HttpRouteIntegration:
        if isinstance(route.backend, HttpBackend):
            return self._servers.integration(route, route.backend)
        return self._integrations[route.backend]

    def _authorizer_of(self, route: Route) -> apigwv2.IHttpRouteAuthorizer:
        if route.authorizer == "public":
            return apigwv2.HttpNoneAuthorizer()
        if route.authorizer == "jwt":
            [issuer] = issuers_of(route.rule or Rule(), self._access)
            return self._jwt_authorizers[issuer.name]
        return self._lambda_authorizers[cache_key(route)]


def _scopes_of(route: Route) -> list[str] | None:
    """API Gateway refuses scopes on a route whose authorizer is not its own."""
    if route.authorizer != "jwt" or route.rule is None:
        return None
    return list(gateway_scopes(route.rule)) or None


def _cors(config: StageConfig, access: AccessTable) -> apigwv2.CorsPreflightOptions:
    methods = sorted({route.key.split(" ")[0] for route in access.routes})
    return apigwv2.CorsPreflightOptions(
        allow_origins=list(config.allowed_origins),
        allow_methods=[apigwv2.CorsHttpMethod[method] for method in methods],
        allow_headers=["authorization", "content-type"],
        expose_headers=["www-authenticate", "apigw-requestid"],
        max_age=Duration.minutes(PREFLIGHT_MINUTES),
    )
