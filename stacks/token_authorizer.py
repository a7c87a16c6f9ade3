"""The table's issuers and rules -> our Lambda authorizer, with the policy in its bundle."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from constructs import Construct

from stacks.bundle import Target
from stacks.config import StageConfig
from stacks.function_sources import AUTHORIZER
from stacks.policy_document import policy_json
from stacks.pool_tokens import PoolTokens
from stacks.python_function import FunctionSpec, PythonFunction
from stacks.rules import AccessTable, Issuer

MEMORY_MB = 512
TIMEOUT_SECONDS = 5
METRICS_NAMESPACE = "JwtAuthorizer"
POLICY_FILE = "policy.json"
# The gateway's cache key must hold everything that the decision depends on.
IDENTITY_SOURCES = ("$request.header.Authorization", "$context.routeKey")


class TokenAuthorizer(Construct):
    """The function that verifies a token and decides by the route's rule.

    Attributes:
        route_authorizer: What a route of the API is given.
    """

    def __init__(  # keyword-only: what it is made of
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: StageConfig,
        target: Target,
        access: AccessTable,
        pool: PoolTokens,
    ) -> None:
        super().__init__(scope, construct_id)
        issuers = [item for issuer in access.issuers for item in _issuer_items(issuer, pool)]
        spec = FunctionSpec(
            AUTHORIZER,
            MEMORY_MB,
            TIMEOUT_SECONDS,
            environment={
                "ISSUERS": Stack.of(self).to_json_string(issuers),
                "POLICY_FILE": POLICY_FILE,
                "LEEWAY_SECONDS": str(config.leeway_seconds),
                "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
            },
            files={POLICY_FILE: policy_json(access)},
        )
        function = PythonFunction(self, "Authorizer", spec=spec, config=config, target=target)
        self.route_authorizer = authorizers.HttpLambdaAuthorizer(
            "TokenAuthorizer",
            function.function,
            response_types=[authorizers.HttpLambdaResponseType.SIMPLE],
            identity_source=list(IDENTITY_SOURCES),
            results_cache_ttl=Duration.seconds(config.authorizer_cache_ttl_seconds),
        )


def _issuer_items(issuer: Issuer, pool: PoolTokens) -> list[dict[str, object]]:
    """The issuer as the authorizer's ISSUERS lists it; the pool once for each accepted form."""
    if issuer.url is not None:
        return [
            {
                "name": issuer.name,
                "issuer": issuer.url,
                "audiences": list(issuer.audiences),
            }
        ]
    return [
        {
            "name": issuer.name,
            "issuer": url,
            "client_ids": list(pool.client_ids),
        }
        for url in pool.accepted_issuers
    ]
