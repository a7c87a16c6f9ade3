"""Bytes -> a JSON object, or `JsonInvalid`. Takes nothing that two parsers could read differently.

Python's own parser guesses UTF-16, takes NaN, keeps the last of two equal members and recurses as
deep as the sender likes; each of these has been a hole in some JWT library.
"""

import json
import math
import re
from collections.abc import Callable
from typing import Any, Final, Never

MAX_DEPTH = 64
MAX_INTEGER_DIGITS = 308
"""As many digits as a double always holds, so that no later arithmetic overflows."""

# An unterminated string runs to the end: a pattern that failed there would be tried again at every
# quotation mark, which makes the time grow with the square of the length.
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)


class JsonInvalid(ValueError):
    """The bytes are not a strict JSON object; the message never quotes them."""


class RepeatedMembers:
    """A JSON object in which a name stands more than once; `pairs` holds all its members."""

    __slots__ = ("pairs",)

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        self.pairs = pairs


def parse(raw: bytes) -> object:
    """Parse strict JSON (RFC 8259, RFC 7493).

    Args:
        raw: UTF-8 without a byte order mark.

    Returns:
        The value.

    Raises:
        JsonInvalid: other encodings, a mark, duplicate members at any depth (RFC 7515 section 4,
            RFC 7519 section 4), NaN or infinity, more than 64 levels, or an integer of more than
            308 digits.
    """
    return _decode(_text(raw), _STRICT)


def parse_object(raw: bytes) -> dict[str, object]:
    """Parse as `parse` does, and raise JsonInvalid too if the value is not an object."""
    text = _text(raw)
    members = _plain_members(text)
    if members is not None:
        return members
    document = _decode(text, _STRICT)
    if not isinstance(document, dict):
        raise JsonInvalid("not a JSON object")
    return document


def parse_tolerating_repeats(raw: bytes) -> object:
    """Parse as `parse` does, but hand over an object with duplicate members as such.

    Returns:
        The document; each object with duplicate members in it is a `RepeatedMembers`, so that one
        such key in a JWKS costs itself and not the whole set.

    Raises:
        JsonInvalid: as for `parse`, duplicate members apart.
    """
    return _decode(_text(raw), _TOLERATING_REPEATS)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise JsonInvalid("not UTF-8") from None


def _decode(text: str, decoder: json.JSONDecoder) -> object:
    _check_depth(text)
    try:
        return decoder.decode(text)
    except json.JSONDecodeError:
        raise JsonInvalid("not JSON") from None


def _check_depth(text: str) -> None:
    # Counting is enough for nearly every document: depth never exceeds the number of openings.
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for character in _STRING.sub("", text):
        if character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise JsonInvalid("nested too deep")
        elif character in "]}":
            depth -= 1


def _plain_members(text: str) -> dict[str, object] | None:
    """Read an object as most tokens hold it, without a call of ours for each of its parts.

    Python's parser keeps the last of two equal members. Where no string has an escape, the text has
    two quotation marks for each name and each string value, so a member that was dropped is missed
    when those of the result are counted.

    Returns:
        The members, each a string, a number, a boolean, null or an array of strings; None if the
        text is anything else, for the decoder that checks each part to judge.
    """
    if "\\" in text:
        return None
    try:
        members, end = _PLAIN(text)
    except (ValueError, RecursionError):
        return None
    if end != len(text) or not isinstance(members, dict):
        return None
    strings = _strings(members)
    return members if strings is not None and 2 * strings == text.count('"') else None


def _strings(members: dict[str, object]) -> int | None:
    """Return how many strings were written in a plain object; None if it is not plain."""
    others = [value for value in members.values() if type(value) is not str]
    strings = 2 * len(members) - len(others)
    for value in others:
        if isinstance(value, int):
            if not -_LARGE < value < _LARGE:
                return None
        elif isinstance(value, list):
            if not _ONLY_STRINGS.issuperset(map(type, value)):
                return None
            strings += len(value)
        elif isinstance(value, float):
            if not -_LARGE < value < _LARGE:  # NaN is not either
                return None
        elif value is not None:
            return None
    return strings


def _unique_members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise JsonInvalid("duplicate members")
    return members


def _members(pairs: list[tuple[str, object]]) -> dict[str, object] | RepeatedMembers:
    members = dict(pairs)
    return members if len(members) == len(pairs) else RepeatedMembers(pairs)


def _bounded_integer(digits: str) -> int:
    if len(digits) > MAX_INTEGER_DIGITS:
        raise JsonInvalid("integer too long")
    return int(digits)


def _finite_float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise JsonInvalid("number out of range")
    return number


def _no_constant(_name: str) -> Never:
    raise JsonInvalid("NaN or infinity")


def _decoder(members: Callable[[list[tuple[str, Any]]], object]) -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=members,
        parse_int=_bounded_integer,
        parse_float=_finite_float,
        parse_constant=_no_constant,
    )


_STRICT = _decoder(_unique_members)
_TOLERATING_REPEATS = _decoder(_members)

_PLAIN: Final = json.JSONDecoder().raw_decode
_ONLY_STRINGS: Final = frozenset({str})
_LARGE: Final = 10**300
"""Below it no number is too long or out of range; others are for the strict decoder to judge."""
