"""An access table -> each field that does not hold what its type in `rules.py` says.

Python checks no types by itself: a forgotten comma makes `("orders-api")` a string, of which every
letter would count as a name. The annotations are read, so no new field can be forgotten.
"""

import types
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from aws_jwt_authorizer.access.rules import (
    AccessTable,
    HttpBackend,
    Issuer,
    MachineClient,
    NativeClient,
    Route,
    WebClient,
)

LONGEST_SHOWN_CHARACTERS = 80
LABELS = {
    Issuer: ("issuer", "name"),
    HttpBackend: ("backend", "name"),
    Route: ("route", "key"),
    **dict.fromkeys((WebClient, NativeClient, MachineClient), ("client", "name")),
}
"""What a problem calls an object, and the field that it is known by."""

PLAIN = {
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    types.NoneType: "None",
}


def type_problems(table: AccessTable) -> Iterator[str]:
    """List every value of a table that has the wrong type: place, value and fix, a line each.

    Args:
        table: Whatever its fields hold.
    """
    for name, hint in get_type_hints(AccessTable).items():
        yield from _problems("", name.upper(), getattr(table, name), hint)


def field_problems(held: object) -> Iterator[str]:
    """List every field of an object, and of what it holds, that has the wrong type.

    Args:
        held: Whatever its fields hold.
    """
    for name, hint in get_type_hints(type(held)).items():
        yield from _problems("", name, getattr(held, name), hint)


def _problems(owner: str, place: str, value: Any, hint: Any) -> Iterator[str]:  # noqa: ANN401  # a value of any type
    """List what is wrong with a value and with all that it holds.

    Args:
        owner: The named object that it belongs to, "route 'GET /x': ", or "".
        place: Where it stands in there, "rule.scopes_all".
        value: What was written.
        hint: The annotation that it must satisfy.
    """
    options = _options(hint)
    kind = next((option for option in options if _is_of(value, option)), None)
    origin = get_origin(kind)
    if kind is None:
        yield f"{owner}{place} is {_shown(value)}, {_fix(value, options)}"
    elif origin is tuple and get_args(kind)[0] is str:
        yield from _name_problems(f"{owner}{place}", value)
    elif origin is tuple:
        for index, item in enumerate(value):
            yield from _problems(owner, f"{place}[{index}]", item, get_args(kind)[0])
    elif origin is Mapping:
        key_hint, item_hint = get_args(kind)
        key_options = _options(key_hint)
        for key, item in value.items():
            if any(_is_of(key, option) for option in key_options):
                yield from _problems(owner, f"{place}: the key", key, key_hint)
                yield from _problems(owner, f"{place}[{key!r}]", item, item_hint)
            else:
                yield f"{owner}{place} has the key {_shown(key)}, {_fix(key, key_options)}"
    elif is_dataclass(kind):
        yield from _object_problems(owner, place, value, kind)


def _options(hint: Any) -> tuple[Any, ...]:  # noqa: ANN401  # an annotation
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _name_problems(where: str, names: tuple[object, ...]) -> Iterator[str]:
    if not all(isinstance(name, str) and name for name in names):
        yield f"{where} is {_shown(names)}, it must be a tuple of names, none of them empty"
    elif len(set(names)) != len(names):
        yield f"{where} is {_shown(names)}, name each only once"


def _object_problems(owner: str, place: str, value: Any, kind: Any) -> Iterator[str]:  # noqa: ANN401  # as above
    label, known_by = LABELS.get(kind, ("", ""))
    name = getattr(value, known_by, None)
    inside = f"{owner}{label} {name!r}: " if isinstance(name, str) else None
    for field, hint in get_type_hints(kind).items():
        held = getattr(value, field)
        if inside is None:
            yield from _problems(owner, f"{place}.{field}", held, hint)
        else:
            yield from _problems(inside, field, held, hint)


def _is_of(value: object, option: Any) -> bool:  # noqa: ANN401  # an annotation
    """Return whether a value is of a kind, whatever it holds inside."""
    origin = get_origin(option)
    if origin is Literal:
        return isinstance(value, str) and value in get_args(option)
    if origin is not None:
        return isinstance(value, origin)
    if option is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if issubclass(option, Enum):
        return isinstance(value, str) and value in set(option)
    return isinstance(value, option)


def _fix(value: object, options: tuple[Any, ...]) -> str:
    for option in options:
        if get_origin(option) is tuple and any(
            _is_of(value, item) for item in _options(get_args(option)[0])
        ):
            return f"which is not a tuple: write ({_shown(value)},) with a comma"
    words = [word for option in options for word in _words(option)]
    return f"it must be {' or '.join(filter(None, (', '.join(words[:-1]), words[-1])))}"


def _words(option: Any) -> tuple[str, ...]:  # noqa: ANN401  # an annotation
    origin = get_origin(option)
    if origin is Literal:
        return tuple(repr(word) for word in get_args(option))
    if origin is tuple:
        [item, _] = get_args(option)
        return ("a tuple of names" if item is str else f"a tuple of {_plural(item)}",)
    if origin is Mapping:
        return ("a dictionary",)
    if option in PLAIN:
        return (PLAIN[option],)
    if issubclass(option, Enum):
        return tuple(repr(str(word)) for word in option)
    article = "an" if option.__name__.startswith("A") else "a"
    return (f"{article} {option.__name__}",)


def _plural(item: Any) -> str:  # noqa: ANN401  # an annotation
    names = [option.__name__ for option in _options(item) if isinstance(option, type)]
    return f"{' or '.join(names)} objects" if names else "values"


def _shown(value: object) -> str:
    """Return a value on one line, cut where it is long."""
    text = " ".join(repr(value).split())
    if len(text) <= LONGEST_SHOWN_CHARACTERS:
        return text
    return f"{text[:LONGEST_SHOWN_CHARACTERS]}…"
