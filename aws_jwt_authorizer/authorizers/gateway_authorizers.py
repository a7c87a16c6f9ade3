"""The authorizer's function -> what a route of an HTTP API is given, by how its decision is kept.

All that API Gateway decides by is said and nothing left to a default: CDK's keep a decision for
five minutes by the token alone, and take an IAM policy of payload format 1.0 for the answer.
"""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_lambda as lambda_

from aws_jwt_authorizer.access.cache_key import CacheKey

ORIGIN_HEADER = "x-origin-verify"
"""What CloudFront adds, where the authorizer looks for it (`authorizer.origin_header`)."""

TOKEN_AND_ROUTE = ("$request.header.Authorization", "$context.routeKey")
IDENTITY_SOURCES = {
    CacheKey.ROUTE: TOKEN_AND_ROUTE,
    CacheKey.NOTHING: TOKEN_AND_ROUTE,
    CacheKey.COOKIE: (),
}
UNCACHED = frozenset({CacheKey.NOTHING, CacheKey.COOKIE})


def gateway_authorizers(
    function: lambda_.IFunction,
    names: Mapping[CacheKey, str],
    cache_ttl: Duration,
    headers: Sequence[str] = (),
) -> dict[CacheKey, authorizers.HttpLambdaAuthorizer]:
    """Return what each route is given; only those that a route uses are in the template.

    Args:
        function: The authorizer's, or an alias of it.
        names: What each is called.
        cache_ttl: How long a decision is kept that depends on token and route alone.
        headers: Further headers that every decision depends on: what is kept is kept by them too,
            and a request without one is answered by the gateway with 401.
    """
    further = [f"$request.header.{name}" for name in headers]
    return {
        key: authorizers.HttpLambdaAuthorizer(
            name,
            function,
            response_types=[authorizers.HttpLambdaResponseType.SIMPLE],
            identity_source=[*IDENTITY_SOURCES[key], *further] if IDENTITY_SOURCES[key] else [],
            results_cache_ttl=Duration.seconds(0) if key in UNCACHED else cache_ttl,
        )
        for key, name in names.items()
    }
