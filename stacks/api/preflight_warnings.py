"""Stage and table -> does an authorizer stand before what browsers ask without a token?

An API with CORS answers a preflight request by itself, unless a `$default` route has an authorizer:
that is asked first, and a preflight has no token ("Configure CORS for HTTP APIs in API Gateway",
API Gateway developer guide). Imports no CDK.
"""

from collections.abc import Iterator

from aws_jwt_authorizer.access.route_keys import DEFAULT
from aws_jwt_authorizer.access.rules import AccessTable
from stacks.stage.config import StageConfig

ALL_PREFLIGHTS = "OPTIONS /{path+}"


def preflight_warnings(config: StageConfig, access: AccessTable) -> Iterator[str]:
    """Warn of the route by which browsers of other origins are refused, in one line.

    Args:
        config: The stage.
        access: The table of that stage.
    """
    keys = {route.key for route in access.routes}
    guarded = any(route.key == DEFAULT and route.authorizer != "public" for route in access.routes)
    if guarded and config.allowed_origins and ALL_PREFLIGHTS not in keys:
        yield (
            f"{DEFAULT} has an authorizer, which API Gateway also asks about preflight requests: "
            f"pages of {', '.join(config.allowed_origins)} are refused; add "
            f'Route("{ALL_PREFLIGHTS}", backend=..., authorizer="public")'
        )
