"""The claims that a table hands on to backends -> what is wrong with them, a line each.

Imports no CDK.
"""

import re
from collections.abc import Iterator

from aws_jwt_authorizer.access.rule_checks import flat_problems, path_problems
from aws_jwt_authorizer.access.rules import AccessTable

NAME = re.compile(r"[a-z][a-z0-9_]{0,23}")
MOST_CLAIMS = 10
ALWAYS_THERE = frozenset(
    {
        *("sub", "client_id", "token_use", "issuer", "issuer_name"),
        *("scope", "groups", "exp", "not_handed_on"),
    }
)
"""The members of the Lambda authorizer's context that no table needs to name."""


def backend_claim_problems(table: AccessTable) -> Iterator[str]:
    """Say what is wrong with a table's claims for backends, whose types `field_types` accepts."""
    claims = table.claims_for_backends
    if len(claims) > MOST_CLAIMS:
        yield f"CLAIMS_FOR_BACKENDS: name at most {MOST_CLAIMS}, the context has to hold them"
    for name, claim in claims.items():
        where = f"CLAIMS_FOR_BACKENDS[{name!r}]:"
        if not NAME.fullmatch(name):
            yield f"{where} name it in lower-case letters, digits and underscores"
        if name in ALWAYS_THERE:
            yield f"{where} the context always has {name}, give the claim another name"
        problems = list(flat_problems(claim, table.issuers)) or path_problems(claim)
        yield from (f"{where} {problem}" for problem in problems)
