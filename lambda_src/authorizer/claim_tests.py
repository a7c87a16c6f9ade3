"""One claim + what a rule asks of it -> whether it holds. Pure and total; time is an argument.

Each test knows the type that it asks about. Of a claim of another type it says nothing, which
neither grants nor, turned around by `not`, grants after all. The tests are named tuples, which take
a fifth of a dataclass's time to define, at every cold start.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple, Protocol, TypeGuard

from authorizer.call import Call
from jwt_verifier.fields import Fields

MOST_AHEAD_SECONDS: Final = 300.0
"""As far as clocks may be apart (the greatest LEEWAY_SECONDS): a time further ahead of ours would
stay new for as long as it likes."""


@dataclass(frozen=True, slots=True)
class PathParameter:
    """Stands in a rule for the value that the called path has there."""

    name: str


Operand = str | int | bool | PathParameter


class ClaimTest(Protocol):
    """What a rule asks of one claim."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters of the path that it compares with, which must all be there."""

    def holds(self, held: object, call: Call) -> bool | None:
        """Return whether it holds; None for a claim that it does not speak of."""


class _OneOf(NamedTuple):
    """Equal, in type too, to one of the values: `1 == True` and `1 == 1.0` in Python, not here."""

    values: tuple[Operand, ...]
    parameters: tuple[str, ...]

    def holds(self, held: object, call: Call) -> bool | None:
        wanted = _wanted(self.values, call)
        if not any(type(held) is type(value) for value in wanted):
            return None
        return any(_is_same(held, value) for value in wanted)


class _ContainsAll(NamedTuple):
    """An array, all of whose members are of the values' types, that contains every value."""

    values: tuple[Operand, ...]
    parameters: tuple[str, ...]

    def holds(self, held: object, call: Call) -> bool | None:
        return _contains(held, _wanted(self.values, call), all)


class _ContainsAny(NamedTuple):
    """An array, all of whose members are of the values' types, that contains one of the values."""

    values: tuple[Operand, ...]
    parameters: tuple[str, ...]

    def holds(self, held: object, call: Call) -> bool | None:
        return _contains(held, _wanted(self.values, call), any)


class _Number(NamedTuple):
    """A number within every bound."""

    bounds: tuple[tuple[Callable[[float, float], bool], float], ...]
    parameters: tuple[str, ...] = ()

    def holds(self, held: object, _call: Call) -> bool | None:
        if not _is_number(held):
            return None
        return all(compare(held, bound) for compare, bound in self.bounds)


class _NoOlderThan(NamedTuple):
    """A NumericDate (RFC 7519 section 2) that is at most so many seconds past."""

    seconds: float
    parameters: tuple[str, ...] = ()

    def holds(self, held: object, call: Call) -> bool | None:
        if not _is_number(held):
            return None
        return -MOST_AHEAD_SECONDS <= call.now - held <= self.seconds


class _Not(NamedTuple):
    """Turns a test around, for the claims that it speaks of."""

    test: ClaimTest
    parameters: tuple[str, ...]

    def holds(self, held: object, call: Call) -> bool | None:
        answer = self.test.holds(held, call)
        return None if answer is None else not answer


def claim_at(claims: Mapping[str, object], path: tuple[str, ...]) -> object:
    """Return what stands at a path of names, outermost first; None if nothing does."""
    held = claims.get(path[0])
    for name in path[1:]:
        held = held.get(name) if isinstance(held, dict) else None
    return held


def parse_test(path: str, value: object) -> ClaimTest:
    """Read a test out of a policy. Raises SettingsInvalid, naming the field below `path`."""
    return _parse(path, value, _TESTS)


_BOUNDS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
    "below": operator.lt,
}


def _parse(
    path: str, value: object, known: Mapping[str, Callable[[Fields, str], ClaimTest]]
) -> ClaimTest:
    fields = Fields(path, value, known)
    name = fields.only_name()
    return known[name](fields, name)


def _number(fields: Fields, name: str) -> ClaimTest:
    bounds = Fields(f"{fields.path}.{name}", fields.value(name), _BOUNDS)
    if not bounds.names:
        raise fields.invalid(name, "{}", "give at least one bound")
    return _Number(tuple((_BOUNDS[bound], _bound(bounds, bound)) for bound in bounds.names))


def _bound(fields: Fields, name: str) -> float:
    value = fields.value(name)
    if not _is_number(value):
        raise fields.invalid(name, f"{value!r:.80}", "give a number")
    return value


def _no_older_than(fields: Fields, name: str) -> ClaimTest:
    seconds = fields.positive_integer(name)
    if seconds is None:
        raise fields.invalid(name, "None", "give a positive integer")
    return _NoOlderThan(seconds)


def _not(fields: Fields, name: str) -> ClaimTest:
    test = _parse(f"{fields.path}.{name}", fields.value(name), _REVERSIBLE)
    return _Not(test, test.parameters)


def _comparison(
    kind: Callable[[tuple[Operand, ...], tuple[str, ...]], ClaimTest], fields: Fields, name: str
) -> ClaimTest:
    listed = fields.value(name)
    if not isinstance(listed, list) or not listed:
        raise fields.invalid(name, f"{listed!r:.80}", "give an array of values, not empty")
    values = tuple(_operand(fields, name, item) for item in listed)
    return kind(values, tuple(v.name for v in values if isinstance(v, PathParameter)))


def _operand(fields: Fields, name: str, value: object) -> Operand:
    if isinstance(value, dict):
        parameter = Fields(f"{fields.path}.{name}", value, ("path_parameter",))
        return PathParameter(parameter.text("path_parameter"))
    if isinstance(value, str | int | bool):
        return value
    raise fields.invalid(
        name, f"{value!r:.80}", 'give strings, integers, booleans or {"path_parameter": name}'
    )


# What `not` may turn around: neither another `not`, nor an age, which grants by growing old.
_REVERSIBLE: Final[Mapping[str, Callable[[Fields, str], ClaimTest]]] = {
    "be_one_of": partial(_comparison, _OneOf),
    "contain_all": partial(_comparison, _ContainsAll),
    "contain_any": partial(_comparison, _ContainsAny),
    "be_number": _number,
}
_TESTS: Final[Mapping[str, Callable[[Fields, str], ClaimTest]]] = {
    **_REVERSIBLE,
    "be_no_older_than_seconds": _no_older_than,
    "not": _not,
}


def _wanted(values: tuple[Operand, ...], call: Call) -> tuple[object, ...]:
    return tuple(
        call.path_parameters[value.name] if isinstance(value, PathParameter) else value
        for value in values
    )


def _contains(
    held: object, wanted: tuple[object, ...], enough: Callable[[list[bool]], bool]
) -> bool | None:
    types = {type(value) for value in wanted}
    if not isinstance(held, list) or any(type(member) not in types for member in held):
        return None
    return enough([any(_is_same(member, value) for member in held) for value in wanted])


def _is_same(held: object, wanted: object) -> bool:
    return type(held) is type(wanted) and held == wanted


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
