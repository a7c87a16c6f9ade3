"""The routes of a stage and its throttles -> what each route lets through. Imports no CDK.

"Throttle requests to your HTTP APIs", API Gateway developer guide: a limit of one route stands in
the place of the stage's, which every other route has for itself.
"""

from collections.abc import Iterable, Iterator, Mapping

from aws_jwt_authorizer.access.rules import Route
from aws_jwt_authorizer.function_sources import PAGE, SESSION
from stacks.stage.config import StageConfig
from stacks.stage.parts.route_throttles import Throttle


def route_limits(routes: Iterable[Route], config: StageConfig) -> Mapping[str, Throttle]:
    """Return the limits of the routes that do not have the stage's, by route key.

    Those that the stage names, and every public one: a call of it costs nobody a token.

    Args:
        routes: Of the stage's table.
        config: The stage.
    """
    limits = {}
    for route in routes:
        own = config.route_throttles.get(route.key)
        if own is not None:
            limits[route.key] = own
        elif route.authorizer == "public":
            limits[route.key] = _of_public(route, config)
    return limits


def _of_public(route: Route, config: StageConfig) -> Throttle:
    if route.backend in (PAGE, SESSION):
        return Throttle(config.browser_rate_per_second, config.browser_burst)
    return Throttle(config.public_rate_per_second, config.public_burst)


def wider_limits(config: StageConfig) -> Iterator[str]:
    """Each route that the stage gives more than its default, in one line.

    Args:
        config: The stage.
    """
    rate, burst = config.throttle_rate_per_second, config.throttle_burst
    for key, own in config.route_throttles.items():
        where = f"context.stages.{config.stage}.route_throttles.{key}"
        for field, value, default in (
            ("rate_per_second", own.rate_per_second, rate),
            ("burst", own.burst, burst),
        ):
            if value > default:
                yield (
                    f"{where}.{field} is {value}, and throttle_{field} is {default}: this route "
                    "lets more through than every other, for its own limit holds"
                )
