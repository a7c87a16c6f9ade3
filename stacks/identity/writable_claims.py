"""The access table + what clients may write -> the rules that rest on a user's own word."""

from collections.abc import Collection, Iterator

from aws_jwt_authorizer.access.conditions import path_of, rules_of
from aws_jwt_authorizer.access.rule_checks import issuers_of
from aws_jwt_authorizer.access.rules import AccessTable, Route

# A changed address counts only once it is verified.
VERIFIED = frozenset({"email"})


def writable_claims(access: AccessTable, written: Collection[str]) -> Iterator[str]:
    """Yield each rule of the user pool that asks for a claim which users may set for themselves.

    Args:
        access: The table.
        written: The attributes that any app client may write, by Cognito's names.
    """
    changeable = set(written) - VERIFIED
    for route in access.routes:
        for rule in rules_of(route.rule):
            if any(item.is_pool for item in issuers_of(rule, access)):
                names = dict.fromkeys(path_of(claim)[0] for claim in rule.claims or {})
                yield from (_problem(route, name) for name in names if name in changeable)


def _problem(route: Route, name: str) -> str:
    return (
        f"{route.key} rests on the claim {name!r}, which users can change for "
        "themselves: ask for a claim that no app client may write"
    )
