"""A value of a token -> what may stand on a terminal: ASCII, cut, no control character."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

MOST_CHARACTERS: Final = 200
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def shown(value: object) -> str:
    """Return a value as JSON in ASCII, cut: whatever it holds, a terminal does nothing with it."""
    return cut(json.dumps(value, default=str))


def listed(values: Iterable[object], nothing: str = "none") -> str:
    """Return values beside one another, each as it is if it is plain, or else as JSON."""
    texts = [_plain(value) for value in values]
    return cut(", ".join(texts)) if texts else nothing


def at_time(seconds: object, now: float) -> str:
    """Return a NumericDate with how far it is from now, or what stands in its place."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return shown(seconds)
    try:
        clock = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return shown(seconds)
    apart = duration(abs(now - seconds))
    return f"{clock}, {f'{apart} ago' if seconds <= now else f'in {apart}'}"


def duration(seconds: float) -> str:
    """Return a duration in the largest unit of which there are at least two."""
    for unit, name in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds:.0f} s"


def cut(text: str) -> str:
    """Return a text, or its beginning and how much is left out."""
    if len(text) <= MOST_CHARACTERS:
        return text
    return f"{text[:MOST_CHARACTERS]}... ({len(text)} characters)"


def _plain(value: object) -> str:
    is_plain = isinstance(value, str) and value.isascii() and value.isprintable()
    return str(value) if is_plain and value else shown(value)
