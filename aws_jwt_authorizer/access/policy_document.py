"""AccessTable -> the policy JSON that the Lambda authorizer bundles.

Only routes behind the Lambda authorizer stand in it: it denies any other.
"""

import json
import sys

from aws_jwt_authorizer.access.rules import AccessTable, ClaimValue, PathParameter, Rule
from aws_jwt_authorizer.access.table_checks import AccessInvalid, check_table

POLICY_VERSION = 1


def policy_json(table: AccessTable) -> str:
    """Return the policy as JSON text, ending in a newline; equal tables give equal bytes.

    Args:
        table: A table that `check_table` has accepted.
    """
    routes = {
        route.key: {**rule_document(route.rule), "cookie": route.cookie}
        for route in table.routes
        if route.authorizer == "lambda" and route.rule is not None
    }
    return json.dumps({"version": POLICY_VERSION, "routes": routes}, indent=2) + "\n"


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


def rule_document(rule: Rule) -> dict[str, object]:
    """Return what a rule asks for, as JSON has it.

    Args:
        rule: A rule of a table that `check_table` has accepted.
    """
    return {
        "issuers": list(rule.issuers),
        "token_use": rule.token_use,
        "scopes_all": list(rule.scopes_all),
        "scopes_any": list(rule.scopes_any),
        "groups_any": list(rule.groups_any),
        "claims": {name: _claim_document(value) for name, value in (rule.claims or {}).items()},
    }


def _claim_document(value: ClaimValue) -> object:
    return {"path_parameter": value.name} if isinstance(value, PathParameter) else value
