"""What a rule may ask of one claim, each with its form in the policy and in words.

A test holds only for a claim of the type that it asks about: `1` is neither `True` nor `1.0` nor
`"1"`, an array is not its only member, and a claim that is absent or null passes none. Imports no
CDK.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

MINUTE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class PathParameter:
    """Stands in a rule for what the called path holds in the place of `{name}`."""

    name: str


Operand = str | int | bool | PathParameter


@dataclass(frozen=True, slots=True, init=False, repr=False)
class _Comparison:
    """What compares with values that are given one by one, as in OneOf("a", "b").

    Args:
        values: Strings, whole numbers, True or False, or parameters of the path; at least one.
    """

    values: tuple[Operand, ...]

    def __init__(self, *values: Operand) -> None:
        object.__setattr__(self, "values", values)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self.values))})"


class OneOf(_Comparison):
    """The claim is equal to one of the values."""

    __slots__ = ()


class Contains(_Comparison):
    """The claim is an array that contains each of the values."""

    __slots__ = ()


class ContainsAny(_Comparison):
    """The claim is an array that contains at least one of the values."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Number:
    """The claim is a number within all of the bounds that are given.

    Attributes:
        at_least: The least that it may be.
        above: What it must be greater than.
        at_most: The most that it may be.
        below: What it must be less than.
    """

    at_least: int | float | None = None
    above: int | float | None = None
    at_most: int | float | None = None
    below: int | float | None = None


@dataclass(frozen=True, slots=True)
class NoOlderThan:
    """The claim is a time in seconds since the epoch (NumericDate) that is not long past.

    No decision by it is cached. A time more than 5 minutes ahead of our clock does not pass.

    Attributes:
        seconds: How long ago the time may be: 900 for a sign-in of the last 15 minutes.
    """

    seconds: int


@dataclass(frozen=True, slots=True)
class Not:
    """The claim is of the type that the value or test asks about, and something else than that.

    A claim that is absent, null or of another type does not pass: silence never grants.

    Attributes:
        of: A value, or a test: Not("suspended"), Not(Contains("contractor")).
    """

    of: Operand | OneOf | Contains | ContainsAny | Number


ClaimValue = Operand | OneOf | Contains | ContainsAny | Number | NoOlderThan | Not


@dataclass(frozen=True, slots=True)
class ClaimTest:
    """A test of a claim, in every form that anything needs of it.

    Attributes:
        document: As the policy has it: one member, what the claim must be or do.
        words: As a person reads it, behind "the claim tenant": `equal to "acme"`.
        operands: What the claim is compared with.
        reads_clock: Whether the answer changes as time goes by.
        problems: What is wrong with it, behind the claim's name, each with the fix.
    """

    document: Mapping[str, object]
    words: str
    operands: tuple[Operand, ...] = ()
    reads_clock: bool = False
    problems: tuple[str, ...] = ()


def claim_test(value: ClaimValue) -> ClaimTest:
    """Return the test that a rule writes for a claim; a value alone asks to be equal to it."""
    match OneOf(value) if isinstance(value, str | int | PathParameter) else value:
        case OneOf() as test:
            return _comparison(test, "be_one_of", f"equal to {_listed(test, ' or ')}")
        case Contains() as test:
            return _comparison(test, "contain_all", f"containing {_listed(test, ' and ')}")
        case ContainsAny() as test:
            return _comparison(test, "contain_any", f"containing {_listed(test, ' or ')}")
        case Number() as number:
            return _number(number)
        case NoOlderThan(seconds):
            return _no_older_than(seconds)
        case Not(of):
            inner = claim_test(of)
            return replace(inner, document={"not": inner.document}, words=f"not {inner.words}")


def _comparison(value: _Comparison, name: str, words: str) -> ClaimTest:
    lacks = f"has {type(value).__name__}() without a value: name at least one"
    documents = [_operand_document(operand) for operand in value.values]
    problems = () if value.values else (lacks,)
    return ClaimTest({name: documents}, words, value.values, problems=problems)


def _bounds(number: Number) -> dict[str, int | float]:
    named = {field.name: getattr(number, field.name) for field in fields(number)}
    return {name: bound for name, bound in named.items() if bound is not None}


def _number(number: Number) -> ClaimTest:
    bounds = _bounds(number)
    words = " and ".join(f"{name.replace('_', ' ')} {bounds[name]}" for name in bounds)
    problems = tuple(_number_problems(number, bounds, words))
    return ClaimTest({"be_number": bounds}, words, problems=problems)


def _no_older_than(seconds: int) -> ClaimTest:
    words = f"no older than {_duration(seconds)}"
    problems = () if seconds > 0 else (f"must be {words}: give seconds above zero",)
    return ClaimTest(
        {"be_no_older_than_seconds": seconds}, words, reads_clock=True, problems=problems
    )


def _number_problems(
    number: Number, bounds: Mapping[str, int | float], words: str
) -> Iterator[str]:
    if not bounds:
        yield "has Number() without a bound: give at_least, above, at_most or below"
    elif not all(math.isfinite(bound) for bound in bounds.values()):
        yield f"must be {words}: give bounds that are finite"
    elif _is_empty(number):
        yield f"must be {words}, which no number is: mend its bounds"


def _is_empty(number: Number) -> bool:
    low = max(_given(number.at_least, number.above), default=-math.inf)
    high = min(_given(number.at_most, number.below), default=math.inf)
    return low > high or (low == high and (number.above == low or number.below == high))


def _given(*bounds: float | None) -> Sequence[int | float]:
    return [bound for bound in bounds if bound is not None]


def _duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, MINUTE_SECONDS)
    return f"{seconds} s" if rest else f"{minutes} min"


def _listed(value: _Comparison, glue: str) -> str:
    return glue.join(_operand_in_words(operand) for operand in value.values)


def _operand_document(value: Operand) -> object:
    return {"path_parameter": value.name} if isinstance(value, PathParameter) else value


def _operand_in_words(value: Operand) -> str:
    if isinstance(value, PathParameter):
        return f"{{{value.name}}} of the path"
    return json.dumps(value)
