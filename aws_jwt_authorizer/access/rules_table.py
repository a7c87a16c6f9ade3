"""Issuers and rules by route -> the table that our authorizer decides by. Imports no CDK.

For an API that is not made from a table: its routes, backends and user pools are made elsewhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from aws_jwt_authorizer.access.api_limits import MOST_ROUTES
from aws_jwt_authorizer.access.backend_claims import backend_claim_problems
from aws_jwt_authorizer.access.conditions import AnyOf, ClaimPath, Rule, rules_of
from aws_jwt_authorizer.access.field_types import type_problems
from aws_jwt_authorizer.access.issuer_checks import issuer_problems
from aws_jwt_authorizer.access.issuers import Issuer
from aws_jwt_authorizer.access.rule_checks import rule_problems
from aws_jwt_authorizer.access.rules import AccessTable, Route
from aws_jwt_authorizer.access.table_checks import AccessInvalid, all_route_key_problems

NO_CLAIMS: Mapping[str, str | ClaimPath] = {}


def table_of_rules(
    issuers: Sequence[Issuer],
    routes: Mapping[str, Rule | AnyOf],
    claims_for_backends: Mapping[str, str | ClaimPath] = NO_CLAIMS,
) -> AccessTable:
    """Return a table that can be served, or say what is wrong with its first bad entry.

    Args:
        issuers: Whose tokens are accepted.
        routes: What each route asks of a token, by its key, "GET /orders/{id}".
        claims_for_backends: As in `AccessTable`.

    Raises:
        AccessInvalid: One line, naming the entry and the fix.
    """
    if not isinstance(routes, Mapping):
        raise AccessInvalid(
            "JwtAuthorizer: routes must be a dictionary of rules by route key, "
            "{'GET /orders': Rule(...)}"
        )
    table = AccessTable(
        issuers=tuple(issuers),
        scopes={},
        groups={},
        clients=(),
        routes=tuple(Route(key, "", "lambda", rule) for key, rule in routes.items()),
        claims_for_backends=claims_for_backends,
    )
    # Types first: what follows relies on them.
    for problem in chain(type_problems(table), _problems(table)):
        raise AccessInvalid(f"JwtAuthorizer: {problem}")
    return table


def _problems(table: AccessTable) -> Iterator[str]:
    if not table.issuers:
        yield "issuers: name at least one, as aws_jwt_authorizer.access.presets make them"
    for issuer in table.issuers:
        if issuer.url is None:
            yield (
                f"issuer {issuer.name!r}: give it a url; user_pool_issuer(...) makes the issuer of "
                "a user pool"
            )
    yield from issuer_problems(table.issuers)
    yield from backend_claim_problems(table)
    yield from all_route_key_problems(table)
    if len(table.routes) > MOST_ROUTES:
        yield (
            f"routes: {len(table.routes)}, and an API takes {MOST_ROUTES}: let a path parameter "
            "such as {proxy+} stand for several"
        )
    for route in table.routes:
        yield from (f"route {route.key!r}: {problem}" for problem in _rule_problems(table, route))


def _rule_problems(table: AccessTable, route: Route) -> Iterator[str]:
    if route.rule is None:
        yield "say what it asks for, Rule() means any valid token"
        return
    if any(rule.check is not None for rule in rules_of(route.rule)):
        yield "remove its check: the wheel has no folder for checks of your own"
    yield from rule_problems(table, route, route.rule)
