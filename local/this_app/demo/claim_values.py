"""A condition on a claim -> a value that passes it, and one of the same kind that does not.

The words are those of the policy file; `granted` reads them too, to judge what comes of it.
"""

from collections.abc import Mapping

from local.json_value import JsonObject, JsonValue

_LONG_SECONDS = 3600


class Unknown(Exception):
    """A condition whose values cannot be told."""


def passing(test: JsonObject, parameters: Mapping[str, str], now: int) -> JsonValue:
    """Return a value that passes a test.

    Args:
        test: What the claim must do or be, as the policy file has it.
        parameters: What the called path holds for each `{name}`.
        now: Seconds since the epoch.

    Raises:
        Unknown: Nothing of the kind is known.
    """
    [(kind, asked)] = test.items()
    match kind:
        case "not":
            return failing(_object(asked), parameters, now)
        case "be_number":
            return _within(_object(asked))
        case "be_no_older_than_seconds":
            return now
        case "be_one_of":
            return _wanted(asked, parameters)[0]
        case "contain_all":
            return _wanted(asked, parameters)
        case "contain_any":
            return _wanted(asked, parameters)[:1]
    raise Unknown(kind)


def failing(test: JsonObject, parameters: Mapping[str, str], now: int) -> JsonValue:
    """Return a value of the kind that a test speaks of, which does not pass it.

    Args and errors are those of `passing`.
    """
    [(kind, asked)] = test.items()
    match kind:
        case "not":
            return passing(_object(asked), parameters, now)
        case "be_number":
            return _outside(_object(asked))
        case "be_no_older_than_seconds":
            return now - int(str(asked)) - _LONG_SECONDS
        case "be_one_of":
            return _other_than(_wanted(asked, parameters))
        case "contain_all" | "contain_any":
            return [_other_than(_wanted(asked, parameters))]
    raise Unknown(kind)


def _wanted(asked: JsonValue, parameters: Mapping[str, str]) -> list[JsonValue]:
    values = asked if isinstance(asked, list) else []
    return [
        parameters[str(item["path_parameter"])] if isinstance(item, dict) else item
        for item in values
    ]


def _other_than(values: list[JsonValue]) -> JsonValue:
    first = values[0]
    if isinstance(first, bool):
        if (not first) in values:
            raise Unknown("neither true nor false")
        return not first
    if isinstance(first, (int, float)):
        return 1 + max(item for item in values if isinstance(item, (int, float)))
    return "-".join(str(item) for item in values) + "-not"


def _within(bounds: JsonObject) -> float:
    low = _bound(bounds, "at_least", "above", 1)
    high = _bound(bounds, "at_most", "below", -1)
    if low is None or high is None:
        found = high if low is None else low
        if found is None:
            raise Unknown("no bound")
        return found
    return (low + high) / 2 if low < high else _middle(bounds)


def _bound(bounds: JsonObject, including: str, excluding: str, step: int) -> float | None:
    if including in bounds:
        return float(str(bounds[including]))
    return float(str(bounds[excluding])) + step if excluding in bounds else None


def _middle(bounds: JsonObject) -> float:
    values = [float(str(value)) for value in bounds.values()]
    return sum(values) / len(values)


def _outside(bounds: JsonObject) -> float:
    low = [float(str(bounds[name])) for name in ("at_least", "above") if name in bounds]
    high = [float(str(bounds[name])) for name in ("at_most", "below") if name in bounds]
    return low[0] - 1 if low else high[0] + 1


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}
