"""AccessTable -> routes.json: what the web page shows of each route. Imports no CDK.

It holds nothing that a visitor may not know; the policy of the authorizer is another
document (`policy_document`), and decides alone.
"""

import json
from collections.abc import Iterator

from aws_jwt_authorizer.access.jwt_route import gateway_scopes
from aws_jwt_authorizer.access.policy_document import rule_document
from aws_jwt_authorizer.access.rules import (
    AccessTable,
    ClaimValue,
    PathParameter,
    Route,
    Rule,
    TokenUse,
)

OWN_PATHS = ("/app", "/session")
"""Where the page itself lives; its routes are not examples of access."""

SAMPLE_BODIES = {"POST /orders": {"item": "lamp", "quantity": 2}}
"""What the page offers to send, by route key."""


def page_routes_json(table: AccessTable, issuer_name: str) -> str:
    """Return the document as JSON text, ending in a newline; equal tables give equal bytes.

    Args:
        table: The table of a stage, which `check_table` has accepted.
        issuer_name: The issuer that the page signs in through.
    """
    routes = [_route(route, table) for route in table.routes if not _is_own(route)]
    return json.dumps({"issuer_name": issuer_name, "routes": routes}, indent=2) + "\n"


def rule_in_words(rule: Rule, table: AccessTable) -> str:
    """Return what a rule asks for: "an access token of cognito with the scope orders/read"."""
    issuers = rule.issuers or tuple(issuer.name for issuer in table.issuers)
    kind = f"an {'ID' if rule.token_use is TokenUse.ID else 'access'} token"
    start = f"{kind if rule.token_use else 'a token'} of {_either(issuers)}"
    conditions = list(_conditions(rule))
    return f"{start} with {' and '.join(conditions)}" if conditions else start


def _conditions(rule: Rule) -> Iterator[str]:
    if rule.scopes_all:
        yield f"the scope{'s' * (len(rule.scopes_all) > 1)} {', '.join(rule.scopes_all)}"
    if rule.scopes_any:
        yield f"the scope {_either(rule.scopes_any)}"
    if rule.groups_any:
        yield f"membership of {_either(rule.groups_any)}"
    for name, value in (rule.claims or {}).items():
        yield f"the claim {name} equal to {_value_in_words(value)}"


def _either(names: tuple[str, ...]) -> str:
    return " or ".join(names)


def _value_in_words(value: ClaimValue) -> str:
    if isinstance(value, PathParameter):
        return f"{{{value.name}}} of the path"
    return json.dumps(value)


def _is_own(route: Route) -> bool:
    path = route.key.partition(" ")[2]
    return any(path == own or path.startswith(f"{own}/") for own in OWN_PATHS)


def _route(route: Route, table: AccessTable) -> dict[str, object]:
    rule = route.rule
    words = "anybody, without a token" if rule is None else rule_in_words(rule, table)
    return {
        "key": route.key,
        "authorizer": route.authorizer,
        "public": rule is None,
        "cookie": route.cookie,
        "rule_in_words": words,
        "rule": None if rule is None else _rule(route, rule),
        "sample_body": SAMPLE_BODIES.get(route.key),
    }


def _rule(route: Route, rule: Rule) -> dict[str, object]:
    """Return the rule as the authorizer reads it: the built-in one takes any of the scopes."""
    document = rule_document(rule)
    if route.authorizer == "jwt":
        return {**document, "scopes_all": [], "scopes_any": list(gateway_scopes(rule))}
    return document
