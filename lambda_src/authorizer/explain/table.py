"""What is explained -> lines for a terminal of 80 columns."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from authorizer.explain.reasons import plain, reason_of
from authorizer.explain.shown import listed
from authorizer.explain.told import Row
from authorizer.explain.walk import Explained

COLUMNS: Final = 80
ALLOWED: Final = "allowed"
_MARK, _CHECK, _EXPECTED, _FOUND = 4, 17, 28, 28
"""Widths; a space stands between two."""

_INDENT: Final = " " * _MARK


@dataclass(frozen=True, slots=True)
class Ink:
    """What is coloured, where somebody sees it."""

    is_on: bool

    def good(self, text: str) -> str:
        """Return a text in green."""
        return self._in("32", text)

    def bad(self, text: str) -> str:
        """Return a text in red."""
        return self._in("31", text)

    def strong(self, text: str) -> str:
        """Return a text in bold."""
        return self._in("1", text)

    def _in(self, code: str, text: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self.is_on else text


def table(explained: Explained, ink: Ink) -> Iterator[str]:
    """Yield the lines of an explanation: each check, then the verdict and its fix."""
    yield ink.strong(_INDENT + " ".join(_columns("check", "expected", "found")).rstrip())
    for row in explained.checks:
        yield from _row(row, ink)
    for name, rows in explained.rules:
        yield f"{_INDENT}{name}: the route asks all of" if len(rows) > 1 else f"{_INDENT}{name}"
        for row in rows:
            yield from _row(row, ink)
    yield ""
    yield from verdict(explained.reason, str(explained.line.get("detail", "")), ink)


def verdict(code: str, detail: str, ink: Ink) -> Iterator[str]:
    """Yield a reason's status, code and detail, then what it means and the fix."""
    reason = reason_of(code)
    status = f"{reason.status} " if reason else ""
    colour = ink.good if code == ALLOWED else ink.bad
    told = f"{listed([code])}: {listed([detail])}" if detail else listed([code])
    first, *further = _wrapped(f"Verdict: {status}{told}", COLUMNS)
    yield colour(first)
    yield from further
    if reason is None:
        yield f"{_INDENT}docs/troubleshooting.md does not know this code"
        return
    fix = [] if code == ALLOWED else [f"Fix: {plain(reason.do)}"]
    for text in (plain(reason.means), *fix):
        yield from (f"{_INDENT}{line}" for line in _wrapped(text, COLUMNS - _MARK))


def _row(row: Row, ink: Ink) -> Iterator[str]:
    mark = ink.bad("NO") if row.reason else ink.good("ok")
    cells = (
        _wrapped(row.check, _CHECK),
        _wrapped(row.expected, _EXPECTED),
        _wrapped(row.found, _FOUND),
    )
    for number in range(max(map(len, cells))):
        texts = (cell[number] if number < len(cell) else "" for cell in cells)
        lead = f"{mark}  " if number == 0 else _INDENT
        yield (lead + " ".join(_columns(*texts))).rstrip()
    if row.reason:
        told = f"{row.reason}: {listed([row.detail])}" if row.detail else row.reason
        yield from (ink.bad(f"{_INDENT}{line}") for line in _wrapped(told, COLUMNS - _MARK))


def _columns(check: str, expected: str, found: str) -> Iterable[str]:
    return (check.ljust(_CHECK), expected.ljust(_EXPECTED), found)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]
