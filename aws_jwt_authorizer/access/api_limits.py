"""A stage's table -> does an HTTP API take so much? Known at synth, not at the deployment's end.

("Quotas for configuring and running an HTTP API", API Gateway developer guide.)
"""

from collections.abc import Iterator

from aws_jwt_authorizer.access.cache_key import cache_key
from aws_jwt_authorizer.access.rule_checks import issuers_of
from aws_jwt_authorizer.access.rules import AccessTable, Rule
from aws_jwt_authorizer.access.table_checks import AccessInvalid

MOST_ROUTES = 300
MOST_AUTHORIZERS = 10
MOST_AUDIENCES = 50


def check_api_limits(table: AccessTable) -> None:
    """Accept the table or say which quota it passes.

    Args:
        table: A stage's, which `check_table` has accepted.

    Raises:
        AccessInvalid: One line, naming what there is too much of and the fix.
    """
    for problem in _problems(table):
        raise AccessInvalid(f"stacks/access.py: {problem}")


def _problems(table: AccessTable) -> Iterator[str]:
    if len(table.routes) > MOST_ROUTES:
        yield (
            f"ROUTES: {len(table.routes)}, and an API takes {MOST_ROUTES}: let a path parameter "
            "such as {proxy+} stand for several"
        )
    built_in = {
        issuer.name: issuer
        for route in table.routes
        if route.authorizer == "jwt"
        for issuer in issuers_of(route.rule or Rule(), table)
    }
    ours = {cache_key(route) for route in table.routes if route.authorizer == "lambda"}
    if len(built_in) + len(ours) > MOST_AUTHORIZERS:
        yield (
            f"ROUTES: {len(built_in)} issuers have routes with authorizer='jwt', which takes an "
            f"authorizer each, beside {len(ours)} of our own, and an API takes {MOST_AUTHORIZERS}: "
            "use authorizer='lambda', which takes any number of issuers"
        )
    for issuer in built_in.values():
        audiences = issuer.audiences or issuer.client_ids
        if len(audiences) > MOST_AUDIENCES:
            yield (
                f"issuer {issuer.name!r}: {len(audiences)} audiences, and an authorizer='jwt' "
                f"takes {MOST_AUDIENCES}: name fewer, or use authorizer='lambda' on its routes"
            )
