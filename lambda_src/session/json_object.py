"""Bytes -> a JSON object, or a ValueError. Pure."""

import json
from typing import Any


def parse_object(text: bytes) -> dict[str, Any]:
    """Read one JSON object in UTF-8.

    Raises:
        ValueError: It is something else.
    """
    try:
        value = json.loads(text.decode())
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004  # as json.loads raises
    return value
