"""The methods of the REST APIs of an app at synth -> is each rule of ours in force?"""

from collections.abc import Iterator, Mapping

import jsii
from aws_cdk import aws_apigateway as apigateway
from constructs import IConstruct, IValidation

from aws_jwt_authorizer.access.cache_key import CacheKey

IDENTITY_SOURCES = ("method.request.header.Authorization", "context.httpMethod", "context.path")
"""The function's policy is of one method and one path, and so must be the gateway's key."""


@jsii.implements(IValidation)
class MethodCheck:
    """Stops synth if a rule is not in force, or a kept answer could serve another request.

    Args:
        scope: Of the authorizer; the whole app is looked at.
        keys: What a decision about each route may be kept by, by route key.
        authorizers: What the methods are given, by what its answers are kept by; filled as they
            are asked for.
    """

    def __init__(
        self,
        scope: IConstruct,
        keys: Mapping[str, CacheKey],
        authorizers: Mapping[CacheKey, apigateway.RequestAuthorizer],
    ) -> None:
        self._scope = scope
        self._keys = keys
        self._authorizers = authorizers

    def validate(self) -> list[str]:
        """List what is wrong, a line each; CDK calls this before it writes templates."""
        return list(self._problems())

    def _problems(self) -> Iterator[str]:
        ours = {item.authorizer_id: item for item in self._authorizers.values()}
        in_force: set[str] = set()
        elsewhere: set[str] = set()
        for method in self._scope.node.root.node.find_all():
            if not isinstance(method, apigateway.Method):
                continue
            key = f"{method.http_method} {method.resource.path}"
            resource = method.node.default_child
            authorizer = (
                ours.get(str(resource.authorizer_id))
                if isinstance(resource, apigateway.CfnMethod)
                else None
            )
            (elsewhere if authorizer is None else in_force).add(key)
            if authorizer is not None:
                yield from self._problems_of(key, authorizer)
        yield from self._forgotten(in_force, elsewhere)

    def _problems_of(self, key: str, authorizer: apigateway.RequestAuthorizer) -> Iterator[str]:
        kept_by = self._keys.get(key)
        if kept_by is None:
            yield f"{key}: it has no rule and is denied: add it to routes"
            return
        resource = authorizer.node.default_child
        if not isinstance(resource, apigateway.CfnAuthorizer):
            return
        ttl_seconds = resource.authorizer_result_ttl_in_seconds
        sources = (resource.identity_source or "").split(",")
        if kept_by is not CacheKey.ROUTE and ttl_seconds != 0:
            yield (
                f"{key}: its decision depends on the path as it was sent: TTL 0, which "
                f"for_route({key!r}) has"
            )
        elif ttl_seconds is None:
            yield f"{key}: say how long a decision is kept: set AuthorizerResultTtlInSeconds"
        elif ttl_seconds and not set(IDENTITY_SOURCES) <= set(sources):
            yield (
                f"{key}: its authorizer's cache must tell methods and paths apart: "
                f"{', '.join(IDENTITY_SOURCES)}"
            )

    def _forgotten(self, in_force: set[str], elsewhere: set[str]) -> Iterator[str]:
        """Say which rules are in force on no method."""
        for key in self._keys:
            if key in in_force:
                continue
            if key in elsewhere:
                yield (
                    f"{key}: its rule is not in force, for the method is not given this "
                    f"authorizer: pass for_route({key!r}) as the method's authorizer"
                )
            else:
                yield f"{key}: it has a rule, and no method of this app is at this path: remove it"
