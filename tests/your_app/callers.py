"""A rule -> a caller whom it lets in, and callers who each lack one thing that it asks for.

Derived from the table: nothing here has to be changed with it. Of a check of your own nothing can
be derived: a rule that names one is judged by all else that it asks, and the check has a test of
its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from aws_jwt_authorizer.access.claim_tests import (
    ClaimValue,
    Contains,
    ContainsAny,
    NoOlderThan,
    Not,
    Number,
    OneOf,
    PathParameter,
)
from aws_jwt_authorizer.access.conditions import Rule, TokenUse, path_of
from aws_jwt_authorizer.access.rules import AccessTable
from jwt_verifier.tokens import VerifiedToken

IN_THE_PATH = "sample"
"""What each path parameter of a called path holds."""

NOW = 1_800_000_000.0
NOBODYS = "none-of-these"


@dataclass(frozen=True, slots=True)
class Outsider:
    """A caller who lacks one thing."""

    lacks: str
    token: VerifiedToken


def insider(rule: Rule, table: AccessTable) -> VerifiedToken:
    """A caller who has all that the rule asks for, and nothing more."""
    claims: dict[str, object] = {}
    for claim, value in (rule.claims or {}).items():
        _put(claims, path_of(claim), _value_that_passes(value))
    return VerifiedToken(
        issuer="https://issuer.example",
        issuer_name=(rule.issuers or [issuer.name for issuer in table.issuers])[0],
        key_id="key-1",
        subject="subject-1",
        client_id="client-1",
        token_use=rule.token_use or TokenUse.ACCESS,
        scopes=(*rule.scopes_all, *rule.scopes_any[:1]),
        groups=(*rule.groups_all, *rule.groups_any[:1]),
        expires_at=NOW + 600,
        claims=claims,
    )


def outsiders(rule: Rule, table: AccessTable) -> Iterator[Outsider]:
    """Callers of whom each lacks one thing that the rule asks for."""
    token = insider(rule, table)
    if rule.issuers:
        yield Outsider("its issuer", replace(token, issuer_name=NOBODYS))
    if rule.token_use is not None:
        other = TokenUse.ID if rule.token_use == TokenUse.ACCESS else TokenUse.ACCESS
        yield Outsider(f"token_use {rule.token_use}", replace(token, token_use=other))
    for scope in (*rule.scopes_all, *rule.scopes_any[:1]):
        yield Outsider(f"scope {scope}", replace(token, scopes=_less(token.scopes, scope)))
    for group in (*rule.groups_all, *rule.groups_any[:1]):
        yield Outsider(f"group {group}", replace(token, groups=_less(token.groups, group)))
    for claim in rule.claims or {}:
        others = {name: value for name, value in (rule.claims or {}).items() if name != claim}
        yield Outsider(f"claim {claim}", insider(replace(rule, claims=others), table))


def _value_that_passes(value: ClaimValue) -> object:
    match value:
        case OneOf(values):
            return _operand(values[0])
        case Contains(values) | ContainsAny(values):
            return [_operand(operand) for operand in values]
        case Number():
            return _number_within(value)
        case NoOlderThan():
            return NOW
        case Not(of):
            return _value_that_passes_not(of)
        case _:
            return _operand(value)


def _value_that_passes_not(
    of: str | int | bool | PathParameter | OneOf | Contains | ContainsAny | Number,
) -> object:
    match of:
        case OneOf(values):
            return _unlike([_operand(operand) for operand in values])
        case Contains() | ContainsAny():
            return []
        case Number(at_least=None, above=None):
            return max(bound for bound in (of.at_most, of.below) if bound is not None) + 1
        case Number():
            return min(bound for bound in (of.at_least, of.above) if bound is not None) - 1
        case _:
            return _unlike([_operand(of)])


def _unlike(values: list[object]) -> object:
    """A value of the first one's type that is none of them."""
    match values[0]:
        case bool(flag):
            return not flag
        case int():
            return max(value for value in values if isinstance(value, int)) + 1
        case _:
            return NOBODYS


def _number_within(number: Number) -> float:
    low = [bound for bound in (number.at_least, number.above) if bound is not None]
    high = [bound for bound in (number.at_most, number.below) if bound is not None]
    if low and high:
        return (max(low) + min(high)) / 2
    return max(low) + 1 if low else min(high) - 1


def _operand(operand: object) -> object:
    return IN_THE_PATH if isinstance(operand, PathParameter) else operand


def _put(claims: dict[str, object], path: tuple[str, ...], value: object) -> None:
    *parents, name = path
    for parent in parents:
        inner = claims.setdefault(parent, {})
        assert isinstance(inner, dict), f"{path}: {parent} is asked to be two things"
        claims = inner
    claims[name] = value


def _less(held: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(name for name in held if name != one)
