"""A stage's table -> do an HTTP API and a user pool take so much? Known before it is deployed.

("Quotas for configuring and running an HTTP API", API Gateway developer guide; CreateGroup,
CreateResourceServer and CreateUserPoolClient, Amazon Cognito user pools API reference.)
"""

from collections.abc import Iterator

from aws_jwt_authorizer.access.cache_key import cache_key
from aws_jwt_authorizer.access.pool_names import STANDARD_SCOPES
from aws_jwt_authorizer.access.rule_checks import issuers_of
from aws_jwt_authorizer.access.rules import AccessTable, Rule
from aws_jwt_authorizer.access.table_checks import AccessInvalid

MOST_ROUTES = 300
MOST_AUTHORIZERS = 10
MOST_AUDIENCES = 50
PAGES_CLIENTS = 2
"""What the page that the API serves adds to the table's clients, at most."""

MOST_SCOPES_OF_CLIENT = 50
LONGEST_SCOPE_CHARACTERS = 256
DESCRIPTION_CHARACTERS = {"scope": (1, 256), "group": (0, 2048)}
MOST_SCOPE_BYTES = 2_500
"""Of all scopes together: functions of the page are told them in a variable, and Lambda takes 4,096
bytes of variables in all ("Lambda quotas", AWS Lambda developer guide)."""


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
    yield from _route_problems(table)
    yield from _scope_problems(table)
    yield from _description_problems(table)


def _route_problems(table: AccessTable) -> Iterator[str]:
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
        if issuer.is_pool:
            count = len(table.clients) + PAGES_CLIENTS + len(issuer.client_ids)
        else:
            count = len(issuer.audiences or issuer.client_ids)
        if count > MOST_AUDIENCES:
            what = "app clients, the page's two among them" if issuer.is_pool else "audiences"
            yield (
                f"issuer {issuer.name!r}: {count} {what}, and an authorizer='jwt' "
                f"takes {MOST_AUDIENCES}: name fewer, or use authorizer='lambda' on its routes"
            )


def _scope_problems(table: AccessTable) -> Iterator[str]:
    for scope in table.scopes:
        if len(scope) > LONGEST_SCOPE_CHARACTERS:
            yield (
                f"scope {scope!r}: {len(scope)} characters, and an app client takes "
                f"{LONGEST_SCOPE_CHARACTERS}: shorten the name of its resource server or its own"
            )
    count = len(table.scopes) + len(STANDARD_SCOPES)
    if count > MOST_SCOPES_OF_CLIENT:
        yield (
            f"SCOPES: {len(table.scopes)}, with {', '.join(STANDARD_SCOPES)} {count}, and "
            f"an app client takes {MOST_SCOPES_OF_CLIENT}: let a scope stand for several"
        )
    size = sum(len(scope) + 1 for scope in table.scopes)
    if size > MOST_SCOPE_BYTES:
        yield (
            f"SCOPES: {size} characters together, and functions of the page, which are told them, "
            f"take {MOST_SCOPE_BYTES}: shorten the names of their resource servers"
        )


def _description_problems(table: AccessTable) -> Iterator[str]:
    for kind, described in (("scope", table.scopes), ("group", table.groups)):
        least, most = DESCRIPTION_CHARACTERS[kind]
        for name, description in described.items():
            if not least <= len(description) <= most:
                yield (
                    f"{kind} {name!r}: its description has {len(description)} characters, and the "
                    f"user pool takes {least} to {most}"
                )
