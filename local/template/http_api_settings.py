"""Stage and CORS properties of an HTTP API -> StageConfig, CorsConfig."""

import re
from collections.abc import Collection

from local.template.local_app import CorsConfig, StageConfig, ThrottleConfig
from local.template.properties import Properties

_STAGE_NAME = re.compile(r"\$default|[A-Za-z0-9_-]{1,128}")


def read_stage(properties: Properties, route_keys: Collection[str]) -> StageConfig:
    """Read one stage, whose `ApiId` is already read.

    Args:
        properties: Those of the resource.
        route_keys: The routes that `RouteSettings` may name.

    Raises:
        TemplateUnsupported: Such as a stage without auto-deployment, or settings of no route.
    """
    if not properties.flag("AutoDeploy"):
        raise properties.refused(
            "AutoDeploy", "separate deployments are not modelled; set it to true"
        )
    access_log = properties.part("AccessLogSettings")
    settings = properties.part("DefaultRouteSettings")
    name = properties.text("StageName")
    if not _STAGE_NAME.fullmatch(name):
        raise properties.refused("StageName", f"{name!r} is neither $default nor a path segment")
    throttle = _throttle(settings) if settings else None
    stage = StageConfig(
        name=name,
        access_log_format=access_log.text("Format") if access_log else None,
        throttle=throttle,
        variables=properties.text_by_name("StageVariables"),
        route_throttles=_route_throttles(properties, route_keys, throttle),
    )
    if access_log:
        access_log.finish(("DestinationArn",))
    properties.finish(("Description", "Tags"))
    return stage


def _route_throttles(
    properties: Properties, route_keys: Collection[str], default: ThrottleConfig | None
) -> dict[str, ThrottleConfig | None]:
    by_route = properties.part("RouteSettings")
    throttles: dict[str, ThrottleConfig | None] = {}
    for key in by_route.names() if by_route else ():
        if key not in route_keys:
            raise properties.refused(f"RouteSettings.{key}", "it is not a route of this API")
        settings = by_route.part(key) if by_route else None
        throttles[key] = _throttle(settings, default) if settings else default
    return throttles


def _throttle(settings: Properties, default: ThrottleConfig | None = None) -> ThrottleConfig | None:
    rate = settings.number("ThrottlingRateLimit", default.rate_per_second if default else 0)
    burst = int(settings.number("ThrottlingBurstLimit", default.burst if default else 0))
    settings.finish(("DetailedMetricsEnabled",))
    if not rate and not burst:
        return None
    if rate <= 0 or burst <= 0:
        raise settings.refused("ThrottlingRateLimit", "rate and burst limit must both be above 0")
    return ThrottleConfig(rate_per_second=rate, burst=burst)


def read_cors(properties: Properties) -> CorsConfig:
    """Return the API's cross-origin rules.

    Raises:
        TemplateUnsupported: A property is not modelled or of the wrong type.
    """
    max_age = properties.value("MaxAge")
    if max_age is not None and (isinstance(max_age, bool) or not isinstance(max_age, int)):
        raise properties.refused("MaxAge", f"whole seconds are needed, not {max_age!r}")
    cors = CorsConfig(
        allow_origins=properties.texts("AllowOrigins"),
        allow_methods=properties.texts("AllowMethods"),
        allow_headers=properties.texts("AllowHeaders"),
        expose_headers=properties.texts("ExposeHeaders"),
        allow_credentials=properties.flag("AllowCredentials"),
        max_age_seconds=max_age,
    )
    properties.finish()
    return cors
