"""The routes and authorizers of an app as they stand at synth -> is each rule of ours in force?"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import jsii
from aws_cdk import aws_apigatewayv2 as apigwv2
from aws_cdk.aws_apigatewayv2_authorizers import HttpLambdaAuthorizer
from constructs import IConstruct, IValidation

from aws_jwt_authorizer.access.api_limits import MOST_AUTHORIZERS
from aws_jwt_authorizer.access.cache_key import CacheKey
from aws_jwt_authorizer.constructs.cache_check import cache_problems


@jsii.implements(IValidation)
class RouteCheck:
    """Stops synth if a rule is not in force, or a cached answer could serve another request.

    Args:
        scope: Of the authorizer; the whole app is looked at.
        keys: What a decision about each route may be kept by, by route key.
        authorizers: What the routes are given; those that no route has are not in the template.
    """

    def __init__(
        self,
        scope: IConstruct,
        keys: Mapping[str, CacheKey],
        authorizers: Iterable[HttpLambdaAuthorizer],
    ) -> None:
        self._scope = scope
        self._keys = keys
        self._authorizers = authorizers

    def validate(self) -> list[str]:
        """List what is wrong, a line each; CDK calls this before it writes templates."""
        return list(self._problems())

    def _problems(self) -> Iterator[str]:
        every = self._scope.node.root.node.find_all()
        found = [item for item in every if isinstance(item, apigwv2.CfnAuthorizer)]
        ids = {made for item in self._authorizers if (made := _id_of(item)) is not None}
        ours = {item.ref: item for item in found if item.ref in ids}
        routes = [item for item in every if isinstance(item, apigwv2.CfnRoute)]
        guarded = [route for route in routes if route.authorizer_id in ours]
        for route in guarded:
            authorizer = ours[str(route.authorizer_id)]
            key = self._keys.get(route.route_key)
            if key is None:
                yield f"{route.route_key}: it has no rule and is denied: add it to routes"
            else:
                yield from cache_problems(route.route_key, key, authorizer)
        yield from self._forgotten(guarded, routes)
        for authorizer in ours.values():
            yield from _face_problems(authorizer)
        yield from _limit_problems(found, {item.api_id for item in ours.values()})

    def _forgotten(
        self, guarded: list[apigwv2.CfnRoute], routes: list[apigwv2.CfnRoute]
    ) -> Iterator[str]:
        """Say which rules are in force on no route."""
        in_force = {route.route_key for route in guarded}
        elsewhere = {route.route_key for route in routes} - in_force
        for key in self._keys:
            if key in elsewhere:
                yield (
                    f"{key}: its rule is not in force, for the route is not given this authorizer: "
                    "pass it as the route's authorizer"
                )
            elif key not in in_force:
                yield f"{key}: it has a rule, and no route of this app has this key: remove it"


def _id_of(authorizer: HttpLambdaAuthorizer) -> str | None:
    try:
        return authorizer.authorizer_id
    except RuntimeError:
        return None  # CDK's answer where no route has it


def _face_problems(authorizer: apigwv2.CfnAuthorizer) -> Iterator[str]:
    """Say what of an authorizer is not as our function answers it."""
    where = f"authorizer {authorizer.name}"
    if authorizer.enable_simple_responses is not True:
        yield f"{where}: the function gives simple responses: set EnableSimpleResponses"
    if authorizer.authorizer_payload_format_version != "2.0":
        yield f"{where}: the function reads payload format 2.0: set AuthorizerPayloadFormatVersion"
    if authorizer.authorizer_result_ttl_in_seconds is None:
        yield f"{where}: say how long a decision is kept: set AuthorizerResultTtlInSeconds"


def _limit_problems(authorizers: list[apigwv2.CfnAuthorizer], of_apis: set[str]) -> Iterator[str]:
    """Say which of these APIs has more authorizers than an API takes."""
    counts = Counter(item.api_id for item in authorizers)
    for api_id in of_apis:
        if counts[api_id] > MOST_AUTHORIZERS:
            yield (
                f"an API has {counts[api_id]} authorizers, and takes {MOST_AUTHORIZERS}: let this "
                "one take the issuers of others"
            )
