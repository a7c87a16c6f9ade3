"""AccessTable -> nothing, or AccessInvalid: what a table may hold.

Every refusal is one line that names the entry, what is wrong with it and the way out.
"""

import re
from collections.abc import Iterator
from itertools import chain

from aws_jwt_authorizer.access.backend_claims import backend_claim_problems
from aws_jwt_authorizer.access.clients.checks import client_problems
from aws_jwt_authorizer.access.field_types import type_problems
from aws_jwt_authorizer.access.identity_headers import header_problems
from aws_jwt_authorizer.access.issuer_checks import NAME, issuer_problems, own_pool_problems
from aws_jwt_authorizer.access.pool_names import (
    LONGEST_GROUP_CHARACTERS,
    is_group_name,
    is_pool_scope,
    is_scope,
)
from aws_jwt_authorizer.access.route_keys import DEFAULT, route_key_problems
from aws_jwt_authorizer.access.rule_checks import rule_problems
from aws_jwt_authorizer.access.rules import AccessTable, HttpBackend, Route
from aws_jwt_authorizer.function_sources import REVOCATIONS, backends_in

PATH_PARAMETER = re.compile(r"\{[^}+]+")


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


def _problems(table: AccessTable) -> Iterator[str]:
    yield from own_pool_problems(table.issuers)
    yield from issuer_problems(table.issuers)
    yield from _left_of_a_pool(table)
    yield from _name_problems(table)
    yield from client_problems(table.clients, table.scopes)
    yield from _trigger_scope_problems(table)
    yield from backend_claim_problems(table)
    yield from all_route_key_problems(table)
    for route in table.routes:
        yield from _route_problems(table, route)


def _left_of_a_pool(table: AccessTable) -> Iterator[str]:
    """Say what of a user pool stands in a table that has none."""
    if any(issuer.is_pool for issuer in table.issuers):
        return
    parts = {"SCOPES": table.scopes, "GROUPS": table.groups, "CLIENTS": table.clients}
    for name, part in {**parts, "TRIGGER_SCOPES": table.trigger_scopes}.items():
        if part:
            yield (
                f"{name}: remove them, they are of a user pool of this app's, and every issuer "
                "has a url"
            )


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


def _trigger_scope_problems(table: AccessTable) -> Iterator[str]:
    for scope in table.trigger_scopes:
        if scope in table.scopes:
            yield f"TRIGGER_SCOPES: remove {scope!r}, SCOPES has it"
        if not is_scope(scope):
            yield f"TRIGGER_SCOPES: {scope!r} must be printable ASCII without spaces, quotes and \\"


def all_route_key_problems(table: AccessTable) -> Iterator[str]:
    """Say what is wrong with the keys of a table's routes."""
    if not table.routes:
        yield "ROUTES: name at least one route"
    shapes: dict[str, str] = {}
    for route in table.routes:
        yield from (f"route {route.key!r}: {each}" for each in route_key_problems(route.key))
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
    if route.accepts_revoked and route.authorizer != "jwt":
        yield (
            f"{where}: accepts_revoked: only the built-in authorizer takes revoked tokens, remove "
            "it or use authorizer='jwt'"
        )
    if route.authorizer == "public" and route.rule is not None:
        yield f"{where}: a public route asks for nothing, remove its rule or set an authorizer"
    if route.authorizer != "public" and route.rule is None:
        yield f"{where}: say what it asks for, rule=Rule() means any valid token"
    if route.authorizer != "public" and route.rule is not None:
        yield from (f"{where}: {problem}" for problem in rule_problems(table, route, route.rule))


def _backend_problems(table: AccessTable, route: Route) -> Iterator[str]:
    if isinstance(route.backend, HttpBackend):
        if not NAME.fullmatch(route.backend.name):
            yield f"backend {route.backend.name!r}: name it in lower-case letters and digits"
        if route.key == DEFAULT:
            yield "a server is asked for the route's path: write 'ANY /{path+}', or use a function"
        yield from (
            f"backend {route.backend.name!r}: {problem}"
            for problem in header_problems(route, route.backend)
        )
    elif route.backend not in backends_in(table.backends):
        yield (
            f"backend {route.backend!r} has no folder under {table.backends.name}, "
            f"use one of {', '.join(sorted(backends_in(table.backends)))}"
        )
    elif route.backend == REVOCATIONS and route.authorizer != "lambda":
        yield "it revokes for callers whom our Lambda authorizer names, use authorizer='lambda'"


def _cookie_problems(route: Route) -> Iterator[str]:
    if route.cookie and route.authorizer != "lambda":
        yield "only our Lambda authorizer reads a cookie, use authorizer='lambda' or cookie=False"
    elif route.cookie and isinstance(route.backend, HttpBackend):
        yield "a server gets no cookies, use a function as its backend or cookie=False"
