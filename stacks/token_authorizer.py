"""The table's issuers and rules -> our Lambda authorizer, with the policy in its bundle."""

from collections.abc import Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from constructs import Construct

from stacks.cache_key import CacheKey
from stacks.config import StageConfig
from stacks.function_sources import AUTHORIZER
from stacks.policy_document import policy_json
from stacks.pool_tokens import PoolTokens
from stacks.python_function import FunctionSpec, PythonFunction
from stacks.rules import AccessTable, HttpBackend, Issuer
from stacks.target import Target

MEMORY_MB = 512
TIMEOUT_SECONDS = 5
METRICS_NAMESPACE = "JwtAuthorizer"
POLICY_FILE = "policy.json"
TOKEN_AND_ROUTE = ("$request.header.Authorization", "$context.routeKey")
IDENTITY_SOURCES = {
    CacheKey.ROUTE: TOKEN_AND_ROUTE,
    CacheKey.NOTHING: TOKEN_AND_ROUTE,
    CacheKey.COOKIE: (),
}
NAMES = {
    CacheKey.ROUTE: "TokenAuthorizer",
    CacheKey.NOTHING: "TokenAuthorizerUncached",
    CacheKey.COOKIE: "TokenOrCookieAuthorizer",
}
UNCACHED = frozenset({CacheKey.NOTHING, CacheKey.COOKIE})


class TokenAuthorizer(Construct):
    """The function that verifies a token and decides by the route's rule.

    Attributes:
        route_authorizers: What a route of the API is given, by what its decision is kept by. The
            function is one; only those that a route uses are in the template.

    Args:
        cookie_origins: The origins of the pages whose cookie may hold the token, as browsers write
            them; the function is told them if a route of the table takes a cookie.
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
        cookie_origins: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        tells_servers = any(isinstance(route.backend, HttpBackend) for route in access.routes)
        issuers = [
            item
            for issuer in access.issuers
            for item in _issuer_items(issuer, pool, needs_subject=tells_servers)
        ]
        environment = {
            "ISSUERS": Stack.of(self).to_json_string(issuers),
            "POLICY_FILE": POLICY_FILE,
            "LEEWAY_SECONDS": str(config.leeway_seconds),
            "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
        }
        if any(route.cookie for route in access.routes):
            environment["COOKIE_ORIGINS"] = Stack.of(self).to_json_string(list(cookie_origins))
        spec = FunctionSpec(
            AUTHORIZER,
            MEMORY_MB,
            TIMEOUT_SECONDS,
            environment=environment,
            files={POLICY_FILE: policy_json(access)},
        )
        function = PythonFunction(self, "Authorizer", spec=spec, config=config, target=target)
        self.route_authorizers = {
            key: authorizers.HttpLambdaAuthorizer(
                NAMES[key],
                function.function,
                response_types=[authorizers.HttpLambdaResponseType.SIMPLE],
                identity_source=list(sources),
                results_cache_ttl=Duration.seconds(
                    0 if key in UNCACHED else config.authorizer_cache_ttl_seconds
                ),
            )
            for key, sources in IDENTITY_SOURCES.items()
        }


def _issuer_items(
    issuer: Issuer, pool: PoolTokens, *, needs_subject: bool
) -> list[dict[str, object]]:
    """The issuer as the authorizer's ISSUERS lists it; the pool once for each accepted form."""
    if issuer.url is None:
        return [
            {"name": issuer.name, "issuer": url, "client_ids": list(pool.client_ids)}
            | _token_options(issuer)
            for url in pool.accepted_issuers
        ]
    item: dict[str, object] = {
        "name": issuer.name,
        "issuer": issuer.url,
        "audiences": list(issuer.audiences),
    }
    if needs_subject:  # an HTTP backend is told the subject, which must not be empty
        item["required_claims"] = ["sub"]
    return [item | _token_options(issuer)]


def _token_options(issuer: Issuer) -> dict[str, object]:
    """What the table says of the issuer's tokens beyond the defaults of ISSUERS."""
    options: dict[str, object] = {}
    if issuer.algorithms != ("RS256",):
        options["algorithms"] = list(issuer.algorithms)
    if issuer.token_type is not None:
        options["typ"] = issuer.token_type
    if issuer.token_use is not None:
        options["token_use"] = issuer.token_use
    if issuer.accept_bound_tokens_as_bearer:
        options["accept_bound_tokens_as_bearer"] = True
    return options
