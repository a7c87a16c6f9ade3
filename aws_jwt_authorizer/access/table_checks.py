"""AccessTable -> nothing, or AccessInvalid: what a table may hold.

Every refusal is one line that names the entry, what is wrong with it and the way out.
"""

import re
from collections.abc import Iterator
from itertools import chain

from aws_jwt_authorizer.access.cache_key import path_parameters
from aws_jwt_authorizer.access.field_types import type_problems
from aws_jwt_authorizer.access.identity_headers import header_problems
from aws_jwt_authorizer.access.issuer_checks import NAME, issuer_problems
from aws_jwt_authorizer.access.jwt_route import reason_for_lambda
from aws_jwt_authorizer.access.pool_names import (
    LONGEST_GROUP_CHARACTERS,
    is_group_name,
    is_pool_scope,
)
from aws_jwt_authorizer.access.rules import (
    AccessTable,
    HttpBackend,
    Issuer,
    PathParameter,
    Route,
    Rule,
)
from aws_jwt_authorizer.function_sources import backends_in

ROUTE_KEY = re.compile(
    r"(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) "
    r"(/|(?:/(?:[A-Za-z0-9._~:@!$&'()*,;=-]+|\{[A-Za-z0-9_]+\}))*"
    r"(?:/(?:[A-Za-z0-9._~:@!$&'()*,;=-]+|\{[A-Za-z0-9_]+\+?\})))"
)
PATH_PARAMETER = re.compile(r"\{[^}+]+")
COGNITO_SCOPES = frozenset({"openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"})


class AccessInvalid(Exception):
    """An access table that cannot be served: the message is one line, meant for a person."""


def check_table(table: AccessTable) -> None:
    """Accept the table or say what is wrong with its first bad entry.

    Raises:
        AccessInvalid: One line, naming the entry and the fix.
    """
    # Types first: what follows relies on them.
    for problem in chain(type_problems(table), _problems(table)):
        raise AccessInvalid(f"stacks/access.py: {problem}")


def issuers_of(rule: Rule, table: AccessTable) -> tuple[Issuer, ...]:
    """Return the issuers whose tokens a rule admits: those that it names, or all."""
    return tuple(item for item in table.issuers if not rule.issuers or item.name in rule.issuers)


def _problems(table: AccessTable) -> Iterator[str]:
    yield from issuer_problems(table.issuers)
    yield from _name_problems(table)
    yield from _route_key_problems(table)
    for route in table.routes:
        yield from _route_problems(table, route)


def _name_problems(table: AccessTable) -> Iterator[str]:
    for scope in table.scopes:
        if not is_pool_scope(scope):
            yield f"scope {scope!r}: write it as '<resource server>/<scope>', without spaces"
    for group in table.groups:
        if not is_group_name(group):
            yield (
                f"group {group!r}: use letters, digits, punctuation and symbols only, "
                f"at most {LONGEST_GROUP_CHARACTERS}, and no space"
            )
    if not table.machine_scopes:
        yield "MACHINE_SCOPES: name at least one scope, client credentials need it"
    for scope in table.machine_scopes:
        if scope not in table.scopes:
            yield f"MACHINE_SCOPES: {scope!r} is not in SCOPES"


def _route_key_problems(table: AccessTable) -> Iterator[str]:
    if not table.routes:
        yield "ROUTES: name at least one route"
    shapes: dict[str, str] = {}
    for route in table.routes:
        if not ROUTE_KEY.fullmatch(route.key):
            yield f"route {route.key!r}: write it as 'METHOD /path', such as 'GET /orders/{{id}}'"
        parameters = PATH_PARAMETER.findall(route.key)
        if len(set(parameters)) != len(parameters):
            yield f"route {route.key!r}: give each path parameter a name of its own"
        shape = PATH_PARAMETER.sub("{", route.key)
        if shape in shapes:
            yield f"route {route.key!r}: remove it, {shapes[shape]!r} matches the same requests"
        shapes[shape] = route.key


def _route_problems(table: AccessTable, route: Route) -> Iterator[str]:
    where = f"route {route.key!r}"
    yield from (f"{where}: {problem}" for problem in _backend_problems(table, route))
    yield from (f"{where}: {problem}" for problem in _cookie_problems(route))
    if route.authorizer == "public" and route.rule is not None:
        yield f"{where}: a public route asks for nothing, remove its rule or set an authorizer"
    if route.authorizer != "public" and route.rule is None:
        yield f"{where}: say what it asks for, rule=Rule() means any valid token"
    if route.authorizer != "public" and route.rule is not None:
        yield from (f"{where}: {problem}" for problem in _rule_problems(table, route.rule))
        yield from (f"{where}: {problem}" for problem in _claim_problems(route.key, route.rule))
        if route.authorizer == "jwt":
            yield from _jwt_problems(table, route, route.rule)
        elif len(table.issuers) > 1 and not route.rule.issuers and _asks_by_name(route.rule):
            yield (
                f"{where}: name its issuers, with more than one issuer "
                "a scope, group or claim means only what its issuer says it means"
            )


def _backend_problems(table: AccessTable, route: Route) -> Iterator[str]:
    if isinstance(route.backend, HttpBackend):
        if not NAME.fullmatch(route.backend.name):
            yield f"backend {route.backend.name!r}: name it in lower-case letters and digits"
        yield from (
            f"backend {route.backend.name!r}: {problem}"
            for problem in header_problems(route, route.backend)
        )
    elif route.backend not in backends_in(table.backends):
        yield (
            f"backend {route.backend!r} has no folder under {table.backends.name}, "
            f"use one of {', '.join(sorted(backends_in(table.backends)))}"
        )


def _cookie_problems(route: Route) -> Iterator[str]:
    if route.cookie and route.authorizer != "lambda":
        yield "only our Lambda authorizer reads a cookie, use authorizer='lambda' or cookie=False"
    elif route.cookie and isinstance(route.backend, HttpBackend):
        yield "a server gets no cookies, use a function as its backend or cookie=False"


def _jwt_problems(table: AccessTable, route: Route, rule: Rule) -> Iterator[str]:
    reason = reason_for_lambda(rule, issuers_of(rule, table))
    if reason:
        yield f"route {route.key!r}: the built-in authorizer {reason}, use authorizer='lambda'"


def _rule_problems(table: AccessTable, rule: Rule) -> Iterator[str]:
    names = {issuer.name for issuer in table.issuers}
    for issuer in rule.issuers:
        if issuer not in names:
            yield f"issuer {issuer!r} is unknown, use one of {', '.join(sorted(names))}"
    if all(issuer.is_pool for issuer in issuers_of(rule, table)):
        yield from _pool_problems(table, rule)


def _claim_problems(route_key: str, rule: Rule) -> Iterator[str]:
    parameters = path_parameters(route_key)
    for name, claim in (rule.claims or {}).items():
        if isinstance(claim, PathParameter) and claim.name not in parameters:
            yield (
                f"claim {name!r} must equal {{{claim.name}}}, which its path does not have: "
                f"use one of {', '.join(parameters) or '(none)'}"
            )


def _pool_problems(table: AccessTable, rule: Rule) -> Iterator[str]:
    """List scopes and groups that only the pool can give, and that it does not."""
    for scope in rule.scopes_all + rule.scopes_any:
        if scope not in table.scopes and scope not in COGNITO_SCOPES:
            yield f"scope {scope!r} is not in SCOPES, use one of {', '.join(table.scopes)}"
    for group in rule.groups_any:
        if group not in table.groups:
            yield f"group {group!r} is not in GROUPS, use one of {', '.join(table.groups)}"


def _asks_by_name(rule: Rule) -> bool:
    return bool(rule.scopes_all or rule.scopes_any or rule.groups_any or rule.claims)
