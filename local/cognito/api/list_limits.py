"""How many entries a page of a list may have (Amazon Cognito's API reference, each operation)."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.cognito.errors import invalid_parameter
from local.json_value import JsonObject


@dataclass(frozen=True, slots=True)
class _Limit:
    parameter: str
    least: int
    most: int


_LIMITS: Mapping[str, _Limit] = {
    "AdminListGroupsForUser": _Limit("Limit", 0, 60),
    "ListGroups": _Limit("Limit", 0, 60),
    "ListResourceServers": _Limit("MaxResults", 1, 50),
    "ListUserPoolClients": _Limit("MaxResults", 1, 60),
    "ListUserPools": _Limit("MaxResults", 1, 60),
    "ListUsers": _Limit("Limit", 0, 60),
    "ListUsersInGroup": _Limit("Limit", 0, 60),
}


def has_limit(operation: str) -> bool:
    """Return whether an operation lists, a page at a time."""
    return operation in _LIMITS


def check_limit(operation: str, body: JsonObject) -> None:
    """Check the size of the page that a listing operation is asked for.

    Raises:
        Refused: It is not a number, or is out of the operation's range; in the words of AWS.
    """
    limit = _LIMITS[operation]
    value = body.get(limit.parameter)
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int):
        raise invalid_parameter(f"{limit.parameter} must be a number")
    if limit.least <= value <= limit.most:
        return
    bound = (
        f"less than or equal to {limit.most}"
        if value > limit.most
        else f"greater than or equal to {limit.least}"
    )
    name = limit.parameter[0].lower() + limit.parameter[1:]
    raise invalid_parameter(
        f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: "
        f"Member must have value {bound}"
    )
