"""AccessTable -> nothing, or AccessInvalid: what a table may hold.

Every refusal is one line that names the entry, what is wrong with it and the way out.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from urllib.parse import urlsplit

from stacks.function_sources import BACKENDS
from stacks.jwt_route import reason_for_lambda
from stacks.rules import AccessTable, Issuer, Route, Rule

ROUTE_KEY = re.compile(
    r"(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) "
    r"(/|(?:/(?:[A-Za-z0-9._~:@!$&'()*,;=-]+|\{[A-Za-z0-9_]+\}))*"
    r"(?:/(?:[A-Za-z0-9._~:@!$&'()*,;=-]+|\{[A-Za-z0-9_]+\+?\})))"
)
PATH_PARAMETER = re.compile(r"\{[^}+]+")
NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
GROUP = re.compile(r"[A-Za-z0-9+=,.@_-]{1,128}")
POOL_SCOPE = re.compile(r"[!#-.0-\[\]-~]+/[!#-.0-\[\]-~]+")
COGNITO_SCOPES = frozenset({"openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"})


class AccessInvalid(Exception):
    """An access table that cannot be served: the message is one line, meant for a person."""


def check_table(table: AccessTable) -> None:
    """Accept the table or say what is wrong with its first bad entry.

    Raises:
        AccessInvalid: One line, naming the entry and the fix.
    """
    problems = chain(
        _issuer_problems(table),
        _name_problems(table),
        _route_key_problems(table),
        chain.from_iterable(_route_problems(table, route) for route in table.routes),
    )
    for problem in problems:
        raise AccessInvalid(f"stacks/access.py: {problem}")


def issuers_of(rule: Rule, table: AccessTable) -> tuple[Issuer, ...]:
    """The issuers whose tokens a rule admits: those that it names, or all."""
    return tuple(item for item in table.issuers if not rule.issuers or item.name in rule.issuers)


def _issuer_problems(table: AccessTable) -> Iterator[str]:
    names = [issuer.name for issuer in table.issuers]
    urls = [issuer.url for issuer in table.issuers]
    if urls.count(None) != 1:
        yield "ISSUERS: exactly one issuer must have no url, this app's user pool"
    for issuer in table.issuers:
        where = f"issuer {issuer.name!r}"
        if not NAME.fullmatch(issuer.name) or names.count(issuer.name) > 1:
            yield f"{where}: give each issuer a name of its own, in lower-case letters and digits"
        if urls.count(issuer.url) > 1 and issuer.url is not None:
            yield f"{where}: give each issuer a url of its own"
        if issuer.url is None and issuer.audiences:
            yield f"{where}: remove its audiences, the user pool's are its app clients"
        if issuer.url is not None and not issuer.audiences:
            yield f"{where}: name the audiences that its tokens are made for"
        if issuer.url is not None and not _is_issuer_url(issuer.url):
            yield f"{where}: url {issuer.url!r} must be an https URL without query and fragment"


def _is_issuer_url(text: str) -> bool:
    try:
        url = urlsplit(text)
    except ValueError:
        return False
    return url.scheme == "https" and bool(url.hostname) and not re.search(r"[\s?#@]", text)


def _name_problems(table: AccessTable) -> Iterator[str]:
    for scope in table.scopes:
        if not POOL_SCOPE.fullmatch(scope):
            yield f"scope {scope!r}: write it as '<resource server>/<scope>'"
    for group in table.groups:
        if not GROUP.fullmatch(group):
            yield f"group {group!r}: use letters, digits and +=,.@_- only"
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
    if route.backend not in BACKENDS:
        yield (
            f"{where}: backend {route.backend!r} has no folder under lambda_src, "
            f"use one of {', '.join(sorted(BACKENDS))}"
        )
    if route.authorizer not in ("public", "jwt", "lambda"):
        yield f"{where}: authorizer {route.authorizer!r} must be one of public, jwt, lambda"
    if route.authorizer == "public" and route.rule is not None:
        yield f"{where}: a public route asks for nothing, remove its rule or set an authorizer"
    if route.authorizer != "public" and route.rule is None:
        yield f"{where}: say what it asks for, rule=Rule() means any valid token"
    if route.authorizer != "public" and route.rule is not None:
        yield from (f"{where}: {problem}" for problem in _rule_problems(table, route.rule))
        if route.authorizer == "jwt":
            yield from _jwt_problems(table, route, route.rule)
        elif len(table.issuers) > 1 and not route.rule.issuers and _asks_by_name(route.rule):
            yield (
                f"{where}: name its issuers, with more than one issuer "
                "a scope, group or claim means only what its issuer says it means"
            )


def _jwt_problems(table: AccessTable, route: Route, rule: Rule) -> Iterator[str]:
    reason = reason_for_lambda(rule, issuer_count=len(issuers_of(rule, table)))
    if reason:
        yield f"route {route.key!r}: the built-in authorizer {reason}, use authorizer='lambda'"


def _rule_problems(table: AccessTable, rule: Rule) -> Iterator[str]:
    names = {issuer.name for issuer in table.issuers}
    for field in ("issuers", "scopes_all", "scopes_any", "groups_any"):
        value = getattr(rule, field)
        if not _is_names(value):
            yield f"{field} is {value!r}, write a tuple of names such as ('orders/read',)"
            return
        if len(set(value)) != len(value):
            yield f"{field} is {value!r}, name each only once"
    if rule.token_use not in (None, "access", "id"):
        yield f"token_use is {rule.token_use!r}, it must be 'access', 'id' or None"
    for issuer in rule.issuers:
        if issuer not in names:
            yield f"issuer {issuer!r} is unknown, use one of {', '.join(sorted(names))}"
    claims: Mapping[str, object] = rule.claims or {}
    for name, claim in claims.items():
        if not isinstance(claim, str | int):
            yield f"claim {name!r} is {claim!r}, it must be a string, whole number or boolean"
    if all(issuer.url is None for issuer in issuers_of(rule, table)):
        yield from _pool_problems(table, rule)


def _pool_problems(table: AccessTable, rule: Rule) -> Iterator[str]:
    """Names that only the user pool can give must be names that it gives."""
    for scope in rule.scopes_all + rule.scopes_any:
        if scope not in table.scopes and scope not in COGNITO_SCOPES:
            yield f"scope {scope!r} is not in SCOPES, use one of {', '.join(table.scopes)}"
    for group in rule.groups_any:
        if group not in table.groups:
            yield f"group {group!r} is not in GROUPS, use one of {', '.join(table.groups)}"


def _asks_by_name(rule: Rule) -> bool:
    return bool(rule.scopes_all or rule.scopes_any or rule.groups_any or rule.claims)


def _is_names(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, str) and item for item in value)
