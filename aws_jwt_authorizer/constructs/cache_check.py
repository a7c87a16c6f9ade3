"""The API's routes and authorizers as they stand at synth -> is a decision kept by too little?

Holds what `cache_key` has chosen against whatever else has touched the stack since.
"""

from collections.abc import Iterator

import jsii
from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as apigwv2
from constructs import IConstruct, IValidation

from aws_jwt_authorizer.access.cache_key import CacheKey, cache_key
from aws_jwt_authorizer.access.rules import AccessTable


@jsii.implements(IValidation)
class CacheCheck:
    """Stops synth if a cached answer could serve a request that it was not given for."""

    def __init__(self, scope: IConstruct, access: AccessTable) -> None:
        self._stack = Stack.of(scope)
        self._keys = {route.key: cache_key(route) for route in access.routes}

    def validate(self) -> list[str]:
        """List what is wrong, a line each; CDK calls this before it writes templates."""
        return list(self._problems())

    def _problems(self) -> Iterator[str]:
        resources = self._stack.node.find_all()
        authorizers = {
            str(self._stack.resolve(item.ref)): item
            for item in resources
            if isinstance(item, apigwv2.CfnAuthorizer) and item.authorizer_type == "REQUEST"
        }
        for route in resources:
            if isinstance(route, apigwv2.CfnRoute):
                authorizer = authorizers.get(str(self._stack.resolve(route.authorizer_id)))
                if authorizer is not None:
                    key = self._keys.get(route.route_key, CacheKey.ROUTE)
                    yield from cache_problems(route.route_key, key, authorizer)


def cache_problems(
    route_key: str, key: CacheKey, authorizer: apigwv2.CfnAuthorizer
) -> Iterator[str]:
    """Say how a decision about a route could be served to another request.

    Args:
        route_key: The route's.
        key: What a decision about it may be kept by.
        authorizer: What the route is given.
    """
    sources: object = authorizer.identity_source or ()
    ttl_seconds = authorizer.authorizer_result_ttl_in_seconds
    if key is CacheKey.COOKIE:
        if ttl_seconds != 0:
            yield f"{route_key}: its token may be in a cookie, which no cache key holds: TTL 0"
        if sources:
            yield f"{route_key}: its token may be in a cookie instead: no identity source"
    elif key is CacheKey.NOTHING:
        if ttl_seconds != 0:
            yield f"{route_key}: its decision depends on the path as it was sent: TTL 0"
    elif ttl_seconds and "$context.routeKey" not in _listed(sources):
        yield f"{route_key}: its authorizer's cache must tell routes apart: $context.routeKey"


def _listed(sources: object) -> list[object]:
    return sources if isinstance(sources, list) else []
