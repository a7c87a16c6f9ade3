"""A seeded generator of rules, tokens and paths, and a simple oracle of what a rule allows.

The values are few, so that a claim often is what a rule asks for, or nearly so: of another type, an
array for its member, a name for its prefix, a flat name for a path.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

from aws_jwt_authorizer.access.rules import (
    AnyOf,
    ClaimPath,
    ClaimValue,
    Contains,
    ContainsAny,
    NoOlderThan,
    Not,
    Number,
    OneOf,
    PathParameter,
    Rule,
    TokenUse,
)
from jwt_verifier.tokens import VerifiedToken

Chosen = TypeVar("Chosen")

NOW = 1_800_000_000
MOST_AHEAD_SECONDS = 300
ISSUERS = ("a", "b")
NAMES = ("x", "y", "xy", "x y", "X")
SCALARS: tuple[Any, ...] = ("x", "y", "xy", "1", "true", 0, 1, 2, True, False)
PATHS: tuple[str | ClaimPath, ...] = ("p", "q", ("p",), ("p", "q"), ("p", "q", "r"), "p.q")
PARAMETERS = ("i", "j")
SEGMENTS = ("x", "y", "1", "x/y", "..", "x;y", "x%2Fy", "")


class Dice(Random):
    """Chooses a few times faster: there are a million choices, and none needs more than chance."""

    def choice(self, seq: Sequence[Chosen]) -> Chosen:  # type: ignore[override]
        """Return any member."""
        return seq[int(self.random() * len(seq))]


@dataclass(frozen=True, slots=True)
class Case:
    """A rule and a call."""

    asked: Rule | AnyOf
    token: VerifiedToken
    path: Mapping[str, str]


def random_rule(random: Random) -> Rule | AnyOf:
    """A rule, or several of which one must hold."""
    if random.random() < 0.25:
        return AnyOf(*(_rule(random) for _ in range(random.choice((1, 2, 3)))))
    return _rule(random)


def random_call(random: Random, asked: Rule | AnyOf) -> Case:
    """A call by a token that holds some of what a rule asks, and some of what it does not."""
    rules = asked.rules if isinstance(asked, AnyOf) else (asked,)
    path = {name: random.choice(SEGMENTS) for name in PARAMETERS if random.random() < 0.9}
    claims: dict[str, Any] = {}
    rule = random.choice(rules)
    for claim, value in (rule.claims or {}).items():
        held = _near(random, value, path) if random.random() < 0.9 else _anything(random)
        _put(claims, (claim,) if isinstance(claim, str) else claim, held)
    if random.random() < 0.2:
        _put(claims, random.choice([("p",), ("q",), ("p", "q"), ("p.q",)]), _anything(random))
    token = VerifiedToken(
        issuer="https://issuer.example",
        issuer_name=random.choice(rule.issuers or ISSUERS),
        key_id="k-1",
        subject="u",
        client_id=None,
        token_use=random.choice((rule.token_use, rule.token_use, "access", "id", None)),
        scopes=_held(random, rule.scopes_all + rule.scopes_any),
        groups=_held(random, rule.groups_all + rule.groups_any),
        expires_at=NOW + 60,
        claims=claims,
    )
    return Case(asked, token, path)


def allows(case: Case) -> bool:
    """Whether any rule holds, read off the rule as plainly as can be."""
    rules = case.asked.rules if isinstance(case.asked, AnyOf) else (case.asked,)
    return any(_holds(rule, case) for rule in rules)


def _holds(rule: Rule, case: Case) -> bool:
    token = case.token
    return (
        (not rule.issuers or token.issuer_name in rule.issuers)
        and (rule.token_use is None or token.token_use == rule.token_use.value)
        and all(scope in token.scopes for scope in rule.scopes_all)
        and (not rule.scopes_any or any(scope in token.scopes for scope in rule.scopes_any))
        and all(group in token.groups for group in rule.groups_all)
        and (not rule.groups_any or any(group in token.groups for group in rule.groups_any))
        and all(_passes(path, value, case) for path, value in (rule.claims or {}).items())
    )


def _passes(path: str | ClaimPath, value: ClaimValue, case: Case) -> bool:
    held: Any = case.token.claims
    for name in (path,) if isinstance(path, str) else path:
        if not isinstance(held, dict) or name not in held:
            return False
        held = held[name]
    wanted = _texts(value, case.path)
    return wanted is not None and _answer(value, held, wanted) == "yes"


def _texts(value: Any, path: Mapping[str, str]) -> list[str] | None:
    """What is compared with, as JSON text: so 1, 1.0, true and "1" differ; None if unclear."""
    value = value.of if isinstance(value, Not) else value
    values = value.values if isinstance(value, OneOf | Contains | ContainsAny) else [value]
    found = [path.get(v.name) if isinstance(v, PathParameter) else v for v in values]
    of_path = [path.get(v.name) for v in values if isinstance(v, PathParameter)]
    if any(text is None or set(text) & set("/;%") or text == ".." for text in of_path):
        return None
    return [json.dumps(item) for item in found if isinstance(item, str | int)]


def _answer(value: Any, held: Any, wanted: list[str]) -> str:
    """yes, no, or silence about a claim of another type."""
    if isinstance(value, Not):
        return {"yes": "no", "no": "yes"}.get(_answer(value.of, held, wanted), "silence")
    if isinstance(value, Number | NoOlderThan):
        if not isinstance(held, int | float) or isinstance(held, bool):
            return "silence"
        return "yes" if _in_bounds(value, held) else "no"
    kinds = {_kind(text) for text in wanted}
    if not isinstance(value, Contains | ContainsAny):
        text = json.dumps(held)
        return "silence" if _kind(text) not in kinds else "yes" if text in wanted else "no"
    if not isinstance(held, list) or any(_kind(json.dumps(member)) not in kinds for member in held):
        return "silence"
    members = [json.dumps(member) for member in held]
    found = [text in members for text in wanted]
    is_enough = all(found) if isinstance(value, Contains) else any(found)
    return "yes" if is_enough else "no"


def _in_bounds(value: Number | NoOlderThan, held: float) -> bool:
    if isinstance(value, NoOlderThan):
        return NOW - value.seconds <= held <= NOW + MOST_AHEAD_SECONDS
    return not (
        (value.at_least is not None and held < value.at_least)
        or (value.above is not None and held <= value.above)
        or (value.at_most is not None and held > value.at_most)
        or (value.below is not None and held >= value.below)
    )


def _kind(text: str) -> str:
    if text in ("true", "false"):
        return "boolean"
    if text[0] in '"[{n':
        return text[0]
    return "whole" if text.lstrip("-").isdigit() else "fraction"


def _rule(random: Random) -> Rule:
    paths = {random.choice(PATHS) for _ in range(random.choice((0, 1, 1, 2)))}
    return Rule(
        issuers=_some(random, ISSUERS, 0.2),
        token_use=random.choice((None, None, None, TokenUse.ACCESS)),
        scopes_all=_some(random, NAMES, 0.1),
        scopes_any=_some(random, NAMES, 0.1),
        groups_any=_some(random, NAMES, 0.1),
        groups_all=_some(random, NAMES, 0.05),
        claims={path: _value(random) for path in sorted(paths, key=str)},
    )


def _value(random: Random) -> Any:
    kind = random.randrange(8)
    if kind == 0:
        return Not(_reversible(random, random.randrange(1, 6)))
    if kind == 1:
        return NoOlderThan(random.choice((1, 60, 900)))
    return _reversible(random, kind - 1)


def _reversible(random: Random, kind: int) -> Any:
    if kind == 1:
        return _operand(random)
    if kind == 2:
        bounds = {
            name: random.choice((0, 1, 1.5, 2))
            for name in ("at_least", "above", "at_most", "below")
            if random.random() < 0.4
        }
        return Number(**bounds or {"at_least": 1})
    test = (OneOf, Contains, ContainsAny)[kind % 3]
    return test(*(_operand(random) for _ in range(random.choice((1, 2, 3)))))


def _operand(random: Random) -> Any:
    return (
        PathParameter(random.choice(PARAMETERS))
        if random.random() < 0.2
        else random.choice(SCALARS)
    )


def _near(random: Random, value: Any, path: Mapping[str, str]) -> Any:
    """What the test asks for, and something like it."""
    if isinstance(value, Not):
        value = value.of
    if isinstance(value, NoOlderThan):
        ages = (0, value.seconds, value.seconds + 1, -MOST_AHEAD_SECONDS, -MOST_AHEAD_SECONDS - 1)
        return random.choice((NOW - random.choice(ages), NOW - 0.5, str(NOW), True))
    if isinstance(value, Number):
        return random.choice((0, 1, 1.0, 1.5, 2, 3, True, "1"))
    values = value.values if isinstance(value, OneOf | Contains | ContainsAny) else (value,)
    plain = [path.get(v.name, "x") if isinstance(v, PathParameter) else v for v in values]
    listed = [*plain, random.choice(SCALARS)] if random.random() < 0.5 else plain
    return random.choice((random.choice(plain), plain, listed, plain[:1], [plain]))


def _anything(random: Random) -> Any:
    return random.choice((None, 1.0, [], {}, {"q": "x"}, {"q": {"r": 1}}, ["x"], *SCALARS))


def _put(claims: dict[str, Any], path: ClaimPath, held: Any) -> None:
    for name in path[:-1]:
        inner = claims.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        claims = inner
    claims[path[-1]] = held


def _held(random: Random, asked: tuple[str, ...]) -> tuple[str, ...]:
    """Mostly what is asked, always with some of the rest."""
    mostly = tuple(name for name in asked if random.random() < 0.9)
    return (*_some(random, NAMES, 0.2), *mostly)


def _some(random: Random, names: tuple[str, ...], chance: float = 0.4) -> tuple[str, ...]:
    return tuple(name for name in names if random.random() < chance)
