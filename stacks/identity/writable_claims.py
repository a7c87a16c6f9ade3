"""The access table + what clients may write -> the rules that rest on a user's own word."""

from collections.abc import Collection, Iterator

from aws_jwt_authorizer.access.rules import AccessTable
from aws_jwt_authorizer.access.table_checks import issuers_of

# A changed address counts only once it is verified.
VERIFIED = frozenset({"email"})


def writable_claims(access: AccessTable, written: Collection[str]) -> Iterator[str]:
    """Yield each rule of the user pool that asks for a claim which users may set for themselves.

    Args:
        access: The table.
        written: The attributes that any app client may write, by Cognito's names.
    """
    for route in access.routes:
        if route.rule is None or not any(item.is_pool for item in issuers_of(route.rule, access)):
            continue
        for name in route.rule.claims or {}:
            if name in written and name not in VERIFIED:
                yield (
                    f"{route.key} rests on the claim {name!r}, which users can change for "
                    "themselves: ask for a claim that no app client may write"
                )
