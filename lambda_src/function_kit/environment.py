"""A function's environment -> values, or an error that names the variable, its problem and the fix.

Pure: a function's `handler.py` names the real environment.
"""

import math
import re
from collections.abc import Collection, Mapping
from typing import TypeVar

from jwt_verifier.errors import SettingsInvalid

Environment = Mapping[str, str]
Choice = TypeVar("Choice", bound=str)


def required(environment: Environment, name: str) -> str:
    """Return a variable's text, which must not be empty.

    Raises:
        SettingsInvalid: it is missing or empty.
    """
    value = environment.get(name, "")
    if not value:
        raise SettingsInvalid(f"{name}: missing; set it in the function's environment")
    return value


def matching(environment: Environment, name: str, pattern: re.Pattern[str], fix: str) -> str:
    """Return a variable's text if all of it matches.

    Args:
        environment: any mapping.
        name: the variable's.
        pattern: what its text must be.
        fix: what to give in its place, as "give the ARN of a role".

    Raises:
        SettingsInvalid: it is missing, or is something else.
    """
    text = required(environment, name)
    if not pattern.fullmatch(text):
        raise wrong(name, text, fix)
    return text


def one_of(environment: Environment, name: str, allowed: Collection[Choice]) -> Choice:
    """Return the one of the allowed texts that a variable holds.

    Raises:
        SettingsInvalid: it is missing, or holds none of them.
    """
    text = required(environment, name)
    for choice in allowed:
        if choice == text:
            return choice
    raise wrong(name, text, f"give {' or '.join(allowed)}")


def whole_number(environment: Environment, name: str, low: int, high: int) -> int:
    """Return a variable's decimal number, from `low` to `high`.

    Raises:
        SettingsInvalid: it is missing, not such a number, or out of range.
    """
    text = required(environment, name)
    is_short = len(text) <= len(str(high))
    if not (text.isascii() and text.isdigit() and is_short) or not low <= int(text) <= high:
        raise wrong(name, text, f"give a whole number from {low} to {high}")
    return int(text)


def seconds(environment: Environment, name: str, default: float, low: float, high: float) -> float:
    """Return a variable's time in seconds, from `low` to `high`; the default where it is absent.

    Raises:
        SettingsInvalid: it is not a number, or out of range.
    """
    text = environment.get(name)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise wrong(name, text, f"give seconds from {low:g} to {high:g}")
    return value


def wrong(name: str, text: str, fix: str) -> SettingsInvalid:
    """Return the error for a variable that holds a wrong text."""
    return SettingsInvalid(f"{name}: {text!r:.80}; {fix}")
