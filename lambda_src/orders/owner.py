"""The authorizer's context -> whose an order is."""

from typing import NewType

from function_kit.backend import Caller, NotPassed

Owner = NewType("Owner", str)
"""The key that all orders of one person have in common: it begins with the person's `sub`."""


def owner_of(caller: Caller) -> Owner:
    """Return the caller as the owner of orders.

    Raises:
        NotPassed: The caller's token has no subject.
    """
    if not caller.get("sub"):
        raise NotPassed("The token says of nobody whose the order would be")
    return owner_named(str(caller["sub"]), caller)


def owner_named(subject: str, caller: Caller) -> Owner:
    """Return whom the caller's issuer calls by a subject: another issuer may use the same one."""
    return Owner(f"{subject}@{caller['issuer_name']}")
