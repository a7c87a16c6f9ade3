"""Bytes -> a JSON object that any other reader would read alike, or a ValueError. Pure."""

import json
import math
from typing import Any, Final

LONGEST_INTEGER: Final = 308
"""Digits; a longer one is infinite for a reader that knows doubles only, as a browser does."""


def parse_object(text: bytes) -> dict[str, Any]:
    """Read one JSON object in UTF-8 (RFC 8259).

    Raises:
        ValueError: It is something else, names a member twice, or holds an infinite number.
    """
    try:
        value = json.loads(
            text.decode(),
            parse_constant=_refused,
            parse_float=_finite,
            parse_int=_bounded,
            object_pairs_hook=_without_duplicates,
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("it is not a JSON object")  # noqa: TRY004  # as json.loads raises
    return value


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _bounded(text: str) -> int:
    if len(text) > LONGEST_INTEGER:
        raise ValueError("an integer is too long")
    return int(text)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands there twice")
    return members
