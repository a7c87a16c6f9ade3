"""Reason code -> what it means, where to look, what to do: the contents of `reasons.toml`."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

REASONS_FILE: Final = Path(__file__).with_name("reasons.toml")

_LINK: Final = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


@dataclass(frozen=True, slots=True)
class Reason:
    """What `reasons.toml` says of one code; texts are Markdown.

    Attributes:
        code: As in a decision's line.
        status: What the caller gets.
        means: In a sentence.
        look: Where on-call finds more.
        do: The fix.
        input: What brings it about; `example.py` reads it.
    """

    code: str
    status: int
    means: str
    look: str
    do: str
    input: Mapping[str, object]


@cache
def reasons() -> Mapping[str, Reason]:
    """Return every reason by its code."""
    tables = tomllib.loads(REASONS_FILE.read_text(encoding="utf-8"))
    return {code: Reason(code=code, **table) for code, table in tables.items()}


def reason_of(code: str) -> Reason | None:
    """Return what a reason means; of `missing_scope:orders/read` what stands before the colon."""
    return reasons().get(code.partition(":")[0])


def plain(markdown: str) -> str:
    """Return a text for a terminal: a link as its words and its address, no backticks."""

    def told(link: re.Match[str]) -> str:
        return f"{link[1]} (docs/{link[2]})"

    return _LINK.sub(told, markdown).replace("`", "")
