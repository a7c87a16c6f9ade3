"""What a route declares + what a token says -> whether the route is open to it.

The demo's own reading of the conditions, with no code of the authorizer's: what one reads wrongly
the other shows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from local.json_value import JsonObject, JsonValue

_MOST_AHEAD_SECONDS = 300

Asked = list[list[JsonObject]]
"""Rules of which one must hold, each the conditions that must all hold."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who calls: what a genuine token says, and where it is shown.

    Attributes:
        issuer: What the authorizer's settings call the token's issuer.
        use: "access", "id", or None.
        scopes: Its scopes.
        groups: Its groups.
        claims: All that it says.
        parameters: What the called path holds for each `{name}`.
        now: The time of the call, in seconds since the epoch.
    """

    issuer: str
    use: JsonValue
    scopes: frozenset[str]
    groups: frozenset[str]
    claims: JsonObject
    parameters: Mapping[str, str]
    now: float


def granted(asked: Asked, bearer: Bearer) -> bool | None:
    """Return whether a route is open to a caller; None where only the user's check can tell."""
    rules = [_all(_answer(condition, bearer) for condition in rule) for rule in asked]
    return True if True in rules else None if None in rules else False


def _all(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    return False if False in found else None if None in found else True


def _answer(condition: JsonObject, bearer: Bearer) -> bool | None:
    if "claim" in condition:
        held: JsonValue = bearer.claims
        for name in _list(condition["claim"]):
            held = held.get(str(name)) if isinstance(held, dict) else None
        return held is not None and _test(_object(condition["must"]), held, bearer) is True
    [(kind, asked)] = condition.items()
    names = {str(name) for name in _list(asked)}
    answers: Mapping[str, Callable[[], bool | None]] = {
        "issuers": lambda: bearer.issuer in names,
        "token_use": lambda: bearer.use == asked,
        "scopes_all": lambda: bearer.scopes >= names,
        "scopes_any": lambda: bool(bearer.scopes & names),
        "groups_all": lambda: bearer.groups >= names,
        "groups_any": lambda: bool(bearer.groups & names),
        "check": lambda: None,
    }
    return answers[kind]()


def _test(test: JsonObject, held: JsonValue, bearer: Bearer) -> bool | None:
    """Return whether a claim passes; None if it is not of the type that the test speaks of."""
    [(kind, asked)] = test.items()
    match kind:
        case "not":
            answer = _test(_object(asked), held, bearer)
            return None if answer is None else not answer
        case "be_number":
            return _within(_object(asked), held) if _is_number(held) else None
        case "be_no_older_than_seconds":
            age = bearer.now - float(str(held)) if _is_number(held) else None
            return age is not None and -_MOST_AHEAD_SECONDS <= age <= int(str(asked))
    wanted = [_value(item, bearer.parameters) for item in _list(asked)]
    if kind == "be_one_of":
        return _has(wanted, held) if type(held) in map(type, wanted) else None
    if not isinstance(held, list) or not {type(m) for m in held} <= {type(w) for w in wanted}:
        return None
    found = [_has(held, item) for item in wanted]
    return {"contain_all": all, "contain_any": any}[kind](found)


def _within(bounds: JsonObject, held: JsonValue) -> bool:
    number = float(str(held))
    compared = {
        "at_least": number.__ge__,
        "above": number.__gt__,
        "at_most": number.__le__,
        "below": number.__lt__,
    }
    return all(compared[name](float(str(bound))) for name, bound in bounds.items())


def _has(values: list[JsonValue], wanted: JsonValue) -> bool:
    return any(type(value) is type(wanted) and value == wanted for value in values)


def _value(item: JsonValue, parameters: Mapping[str, str]) -> JsonValue:
    return parameters[str(item["path_parameter"])] if isinstance(item, dict) else item


def _is_number(value: JsonValue) -> bool:
    return type(value) in (int, float)


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}
