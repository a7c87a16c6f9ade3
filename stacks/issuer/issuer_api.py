"""StageConfig -> the issuer's own HTTP API: its public routes, and the issuer's URL.

An API of its own, because the other one's JWT authorizer can only be created when this one already
answers: API Gateway reads the discovery document then.
"""

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from aws_jwt_authorizer.constructs.acknowledged import acknowledge_public
from stacks.domains.api_domain import ApiDomain
from stacks.functions.access_log import AccessLog
from stacks.functions.log_group import stage_log_group
from stacks.issuer.issuer_urls import issuer_urls
from stacks.stage.config import StageConfig

PUBLIC = (apigwv2.HttpMethod.GET, apigwv2.HttpMethod.HEAD)
ROUTES = (
    ("/oauth2/token", (apigwv2.HttpMethod.POST,)),
    ("/.well-known/openid-configuration", PUBLIC),
    ("/.well-known/oauth-authorization-server", PUBLIC),
    ("/.well-known/jwks.json", PUBLIC),
)


class IssuerApi(Construct):
    """The API and its stage.

    Attributes:
        api: The API itself.
        access_log: Where its access log goes.
        urls: By which addresses the issuer is known, the `iss` of its tokens first. The one place
            that knows.
        endpoint: Where it answers in any case: at `execute-api`.
        domain_target: Where DNS must point the issuer's own name; None without one.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: StageConfig) -> None:
        super().__init__(scope, construct_id)
        self.api = apigwv2.HttpApi(
            self,
            "HttpApi",
            description=f"Token issuer ({config.stage})",
            create_default_stage=False,
        )
        self.access_log = stage_log_group(self, "AccessLogs", config)
        # Its URL is the `iss` that the API's stack trusts: it cannot go while that stack is there.
        cdk.CrossStackReferences.of(self.api).produce(cdk.ReferenceStrength.STRONG)
        self.endpoint = self.api.api_endpoint
        self.urls = issuer_urls(self.endpoint, config.issuer_domain)
        stage = apigwv2.HttpStage(
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
        if config.issuer_domain:
            # `execute-api` stays on: a deployment has the documents proved before DNS knows a name.
            own = ApiDomain(
                self, "Domain", domain=config.issuer_domain.domain, api=self.api, stage=stage
            )
            self.domain_target = own.target

    def serve(self, function: lambda_.IFunction) -> None:
        """Let a function answer every route; it checks callers itself."""
        integration = integrations.HttpLambdaIntegration("TokenIssuer", function)
        for path, methods in ROUTES:
            for route in self.api.add_routes(
                path=path,
                methods=list(methods),
                integration=integration,
                authorizer=apigwv2.HttpNoneAuthorizer(),
            ):
                acknowledge_public(route, "the issuer checks its callers itself")
