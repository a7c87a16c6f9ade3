"""A route's rules + a verified token -> a row for each condition: what it asks, what is there."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from authorizer.call import Call
from authorizer.claim_tests import claim_at
from authorizer.conditions import parse_condition
from authorizer.explain.shown import listed, shown
from authorizer.explain.told import Row
from authorizer.route import RouteKey
from jwt_verifier.tokens import VerifiedToken

PARAMETER: Final = "path_parameter"
"""Names, in a policy, what the called path has in its place."""

_HELD: Final = {"issuers": "issuer_name", "token_use": "token_use"}
"""Where a token has what a condition of this name asks about; of others, by its first word."""


def rule_rows(
    policy: str, route_key: RouteKey, token: VerifiedToken, call: Call
) -> Iterator[tuple[str, list[Row]]]:
    """Yield each rule of a route, one of which must hold whole, with a row for each condition.

    Args:
        policy: The policy document.
        route_key: As declared; one that the policy lacks has no rules.
        token: What its issuer vouches for.
        call: The called path's parameters, and the time.
    """
    rule = json.loads(policy)["routes"].get(route_key)
    rules = rule["any_of"] if rule else []
    for number, conditions in enumerate(rules, start=1):
        name = "rule" if len(rules) == 1 else f"rule {number}"
        told = [_row(name, condition, route_key, token, call) for condition in conditions]
        yield name, told or [Row(name, "any verified token", "it is")]


def _row(
    name: str, condition: Mapping[str, Any], route_key: RouteKey, token: VerifiedToken, call: Call
) -> Row:
    try:
        lacking = parse_condition(name, dict(condition), route_key).lacking(token, call)
    except Exception as fault:  # noqa: BLE001  # of a check of the user's own: a fault of ours
        lacking = f"internal_error:{type(fault).__name__}: {fault}"
    reason, _, detail = (lacking or "").partition(":")
    return Row(name, _asked(condition), _found(condition, token, call), reason, detail)


def _asked(condition: Mapping[str, Any]) -> str:
    if "claim" in condition:
        return f"claim {'.'.join(condition['claim'])} must {_words(condition['must'])}"
    return _words(condition)


def _words(asked: Mapping[str, Any]) -> str:
    """Return what a condition or a test asks, by the names that the policy has for it."""
    return " and ".join(_one(name.replace("_", " "), value) for name, value in asked.items())


def _one(name: str, value: object) -> str:
    if isinstance(value, dict):
        return f"{name} {_words(value)}"
    values = map(_operand, value) if isinstance(value, list) else [value]
    return f"{name}: {listed(values)}"


def _operand(value: object) -> object:
    return f"{{{value[PARAMETER]}}} of the path" if isinstance(value, dict) else value


def _found(condition: Mapping[str, Any], token: VerifiedToken, call: Call) -> str:
    if "claim" in condition:
        held = claim_at(token.claims, tuple(condition["claim"]))
        told = "no such claim" if held is None else shown(held)
        given = call.path_parameters.items() if PARAMETER in json.dumps(condition) else ()
        return "; ".join((told, *(f"{{{name}}} {shown(value)}" for name, value in given)))
    [name] = condition
    held = getattr(token, _HELD.get(name, name.partition("_")[0]), None)
    return listed(held) if isinstance(held, tuple) else shown(held) if held is not None else "-"
