"""Stage and CORS properties of an HTTP API -> StageConfig, CorsConfig."""

from local.template.local_app import CorsConfig, StageConfig, ThrottleConfig
from local.template.properties import Properties


def read_stage(properties: Properties) -> StageConfig:
    """One stage; `ApiId` is already read.

    Raises:
        TemplateUnsupported: Such as a stage without auto-deployment, or settings for one route.
    """
    if not properties.flag("AutoDeploy"):
        raise properties.refused("AutoDeploy", "a deployment apart is not modelled; set it to true")
    access_log = properties.part("AccessLogSettings")
    settings = properties.part("DefaultRouteSettings")
    stage = StageConfig(
        name=properties.text("StageName"),
        access_log_format=access_log.text("Format") if access_log else None,
        throttle=_throttle(settings) if settings else None,
        variables=properties.text_by_name("StageVariables"),
    )
    if access_log:
        access_log.finish(("DestinationArn",))
    properties.finish(("Description", "Tags"))
    return stage


def _throttle(settings: Properties) -> ThrottleConfig | None:
    rate = settings.number("ThrottlingRateLimit", 0)
    burst = int(settings.number("ThrottlingBurstLimit", 0))
    settings.finish(("DetailedMetricsEnabled",))
    if not rate and not burst:
        return None
    if rate <= 0 or burst <= 0:
        raise settings.refused("ThrottlingRateLimit", "rate and burst limit must both be above 0")
    return ThrottleConfig(rate_per_second=rate, burst=burst)


def read_cors(properties: Properties) -> CorsConfig:
    """The API's cross-origin rules.

    Raises:
        TemplateUnsupported: A property is not modelled or of the wrong type.
    """
    max_age = properties.value("MaxAge")
    if max_age is not None and not isinstance(max_age, int):
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
