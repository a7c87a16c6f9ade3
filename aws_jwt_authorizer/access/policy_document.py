"""AccessTable -> the policy JSON that the Lambda authorizer bundles.

Only routes behind the Lambda authorizer stand in it: it denies any other.
"""

import json
import sys
from collections.abc import Mapping

from aws_jwt_authorizer.access.conditions import (
    AnyOf,
    Rule,
    conditions_of,
    path_of,
    rule_in_words,
    rules_of,
)
from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.access.table_checks import AccessInvalid, check_table

POLICY_VERSION = 2


def policy_json(table: AccessTable) -> str:
    """Return the policy as JSON text, ending in a newline; equal tables give equal bytes.

    Args:
        table: A table that `check_table` has accepted.
    """
    names = [issuer.name for issuer in table.issuers]
    routes = {
        route.key: {
            "in_words": rule_in_words(route.rule, names),
            "any_of": rule_document(route.rule),
            "cookie": route.cookie,
        }
        for route in table.routes
        if route.authorizer == "lambda" and route.rule is not None
    }
    claims = {name: list(path_of(claim)) for name, claim in table.claims_for_backends.items()}
    policy = {"version": POLICY_VERSION, "claims_for_backends": claims, "routes": routes}
    return json.dumps(policy, indent=2) + "\n"


def print_policy(table: AccessTable) -> int:
    """Check the table and print its policy on stdout, or why not on stderr.

    Returns:
        The exit status: 0, or 1 if the table is refused.
    """
    try:
        check_table(table)
    except AccessInvalid as error:
        print(error, file=sys.stderr)  # the command's answer
        return 1
    print(policy_json(table), end="")  # the command's answer
    return 0


def check_modules(table: AccessTable) -> list[str]:
    """Return the modules of the user's own checks that the policy names, each once."""
    checks = (
        rule.check
        for route in table.routes
        if route.authorizer == "lambda"
        for rule in rules_of(route.rule)
    )
    return sorted({check.partition(":")[0] for check in checks if check is not None})


def rule_document(asked: Rule | AnyOf) -> list[list[Mapping[str, object]]]:
    """Return what a route asks for, as JSON has it: rules of which one must hold.

    Each is a list of conditions, which must all hold.

    Args:
        asked: What the route of a table asks that `check_table` has accepted.
    """
    return [[condition.document for condition in conditions_of(rule)] for rule in rules_of(asked)]
