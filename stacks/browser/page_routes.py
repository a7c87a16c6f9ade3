"""AccessTable -> routes.json: what the web page shows of each route. Imports no CDK.

It holds nothing that a visitor may not know; the policy of the authorizer is another
document (`policy_document`), and decides alone.
"""

import json
from collections.abc import Sequence

from aws_jwt_authorizer.access.conditions import conditions_of, rule_in_words, rules_of
from aws_jwt_authorizer.access.route_keys import method_and_path
from aws_jwt_authorizer.access.rules import AccessTable, Route

OWN_PATHS = ("/app", "/session")
"""Where the page itself lives; its routes are not examples of access."""

OWN_SESSION_ENDS = "POST /session/revoke"
"""The route that refuses what is left of a caller's own session, in stages that have it."""

SAMPLE_BODIES = {"POST /orders": {"item": "lamp", "quantity": 2}}
"""What the page offers to send, by route key."""


def page_routes_json(table: AccessTable, issuer_name: str) -> str:
    """Return the document as JSON text, ending in a newline; equal tables give equal bytes.

    Args:
        table: The table of a stage, which `check_table` has accepted.
        issuer_name: The issuer that the page signs in through.
    """
    names = [issuer.name for issuer in table.issuers]
    routes = [_route(route, names) for route in table.routes if not _is_own(route)]
    document = {
        "issuer_name": issuer_name,
        "revokes_sessions": any(route.key == OWN_SESSION_ENDS for route in table.routes),
        "routes": routes,
    }
    return json.dumps(document, indent=2) + "\n"


def _is_own(route: Route) -> bool:
    _, path = method_and_path(route.key)
    return any(path == own or path.startswith(f"{own}/") for own in OWN_PATHS)


def _route(route: Route, issuer_names: Sequence[str]) -> dict[str, object]:
    asked = route.rule
    words = "anybody, without a token" if asked is None else rule_in_words(asked, issuer_names)
    return {
        "key": route.key,
        "authorizer": route.authorizer,
        "public": asked is None,
        "cookie": route.cookie,
        "rule_in_words": words,
        "any_of": [
            [{**item.document, "in_words": item.words} for item in conditions_of(rule)]
            for rule in rules_of(asked)
        ],
        "sample_body": SAMPLE_BODIES.get(route.key),
    }
