"""Route -> what the gateway's cache must tell apart, so that no answer serves another request.

The gateway keeps an authorizer's answer by the authorizer's identity sources, which "fully allows
or denies all API requests that match" them ("Caching authorizer responses", API Gateway developer
guide): they must hold everything that the decision depends on.
"""

import re
from enum import StrEnum

from stacks.rules import PathParameter, Route

PARAMETER = re.compile(r"\{([A-Za-z0-9_]+)\+?\}")


class CacheKey(StrEnum):
    """By what a decision may be kept."""

    ROUTE = "route"
    """Token and route: the decision depends on nothing else."""
    PATH = "path"
    """Token, route and path: the decision compares a claim with the path's one parameter."""
    NOTHING = "nothing"
    """Not at all. With several parameters, `/{a}/{b}` called as `/p%2Fq/r` or `/p/q%2Fr`, one
    decoded path stands for different values, and whether `$context.path` is decoded is not
    documented."""
    COOKIE = "cookie"
    """Not at all, and without asking for anything: the token is in a header or in a cookie, and of
    several identity sources "all must be present", or the gateway refuses the request unasked."""


def cache_key(route: Route) -> CacheKey:
    """What a decision about the route may be kept by."""
    if route.cookie:
        return CacheKey.COOKIE
    claims = (route.rule.claims if route.rule else None) or {}
    if not any(isinstance(value, PathParameter) for value in claims.values()):
        return CacheKey.ROUTE
    return CacheKey.PATH if len(path_parameters(route.key)) == 1 else CacheKey.NOTHING


def path_parameters(route_key: str) -> tuple[str, ...]:
    """The names in a route key: ("tenant",) for "GET /tenants/{tenant}/orders"."""
    return tuple(PARAMETER.findall(route_key))
