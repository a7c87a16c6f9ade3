"""Route -> what the gateway's cache must tell apart, so that no answer serves another request.

The gateway keeps an authorizer's answer by the authorizer's identity sources, which "fully allows
or denies all API requests that match" them ("Caching authorizer responses", API Gateway developer
guide): they must hold everything that the decision depends on.
"""

import re
from enum import StrEnum

from aws_jwt_authorizer.access.conditions import conditions_of, rules_of
from aws_jwt_authorizer.access.rules import Route

PARAMETER = re.compile(r"\{([A-Za-z0-9_]+)\+?\}")


class CacheKey(StrEnum):
    """By what a decision may be kept."""

    ROUTE = "route"
    """Token and route: the decision depends on nothing else."""
    NOTHING = "nothing"
    """Not at all: the decision reads what no identity source can hold. The clock goes on, a check
    of the user's own may read anything, and `$context.path` cannot stand for the path as it was
    sent: a live HTTP API decoded a path twice and cut it at an encoded question mark before it
    handed it over, so one decoded path stands for many."""
    COOKIE = "cookie"
    """Not at all, and without asking for anything: the token is in a header or in a cookie, and of
    several identity sources "all must be present", or the gateway refuses the request unasked."""


def cache_key(route: Route) -> CacheKey:
    """Return what a decision about the route may be kept by."""
    if route.cookie:
        return CacheKey.COOKIE
    reads = [condition.reads for rule in rules_of(route.rule) for condition in conditions_of(rule)]
    return CacheKey.NOTHING if any(reads) else CacheKey.ROUTE


def path_parameters(route_key: str) -> tuple[str, ...]:
    """Return the names in a route key: ("tenant",) for "GET /tenants/{tenant}/orders"."""
    return tuple(PARAMETER.findall(route_key))
