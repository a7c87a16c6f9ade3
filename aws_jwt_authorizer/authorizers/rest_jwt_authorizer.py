"""Issuers and rules by route -> an authorizer for the methods of any REST API of a CDK app."""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from aws_jwt_authorizer.access.cache_key import CacheKey, cache_key
from aws_jwt_authorizer.access.conditions import AnyOf, ClaimPath, Rule
from aws_jwt_authorizer.access.issuers import Issuer
from aws_jwt_authorizer.access.rules_table import NO_CLAIMS
from aws_jwt_authorizer.access.table_checks import AccessInvalid
from aws_jwt_authorizer.authorizers.authorizer_function import AuthorizerFunction
from aws_jwt_authorizer.authorizers.jwt_authorizer import CACHE_SECONDS
from aws_jwt_authorizer.authorizers.method_check import IDENTITY_SOURCES, MethodCheck

RESERVED_CLAIM = "claims"
"""API Gateway keeps this member of an authorizer's context to itself."""


class RestJwtAuthorizer(Construct):
    """Verifies the bearer token of a request and decides by the rule of its method and resource.

    Give `for_route("GET /orders/{id}")` to that method as its `authorizer`. A rule whose method is
    not given it stops synth: no method is left open by a forgotten argument.

    It is of the type REQUEST. A TOKEN authorizer keeps an answer by the token alone, and the policy
    for one path would refuse every other until it is forgotten.

    Attributes:
        function: The Lambda function.

    Args:
        issuers: Whose tokens are accepted: `presets`, `user_pool_issuer` or plain `Issuer`s.
        routes: What each method of a resource asks of a token, {"GET /orders": Rule(...)}.
        claims_for_backends: As of `JwtAuthorizer`.
        cache_ttl: Likewise.
        log_group: Likewise.

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
        if RESERVED_CLAIM in claims_for_backends:
            raise AccessInvalid(
                "JwtAuthorizer: CLAIMS_FOR_BACKENDS['claims']: REST APIs keep that member to "
                "themselves, give the claim another name"
            )
        if "$default" in routes:
            raise AccessInvalid(
                "JwtAuthorizer: route '$default': a REST API has none, write 'ANY /{proxy+}'"
            )
        made = AuthorizerFunction(
            self,
            "Authorizer",
            issuers=issuers,
            routes=routes,
            claims_for_backends=claims_for_backends,
            log_group=log_group,
        )
        self.function: lambda_.Function = made.function
        self._ttl = Duration.seconds(CACHE_SECONDS) if cache_ttl is None else cache_ttl
        self._keys = {route.key: cache_key(route) for route in made.table.routes}
        self._authorizers: dict[CacheKey, apigateway.RequestAuthorizer] = {}
        self.node.add_validation(MethodCheck(self, self._keys, self._authorizers))

    def for_route(self, key: str) -> apigateway.RequestAuthorizer:
        """Return what the method of a resource is given as its `authorizer`.

        Args:
            key: Method and path, "GET /orders/{id}".

        Raises:
            AccessInvalid: It has no rule here.
        """
        kept_by = self._keys.get(key)
        if kept_by is None:
            raise AccessInvalid(
                f"JwtAuthorizer: route {key!r} has no rule: add it to routes, Rule() means any "
                "valid token"
            )
        if kept_by not in self._authorizers:
            is_cached = kept_by is CacheKey.ROUTE
            self._authorizers[kept_by] = apigateway.RequestAuthorizer(
                self,
                "Cached" if is_cached else "Uncached",
                handler=self.function,
                identity_sources=list(IDENTITY_SOURCES),
                results_cache_ttl=self._ttl if is_cached else Duration.seconds(0),
            )
        return self._authorizers[kept_by]
