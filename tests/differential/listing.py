"""`docs/differential.md` -> the differences that are known, each with who is right and why."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from tests.differential.compare import Difference

LISTING: Final = Path(__file__).resolve().parents[2] / "docs" / "differential.md"
COLUMNS: Final = 6


@dataclass(frozen=True)
class Row:
    """One row of the table: patterns for cases and field, and what each gateway answers."""

    cases: tuple[str, ...]
    field: str

    def covers(self, difference: Difference) -> bool:
        """Whether this row tells of a difference."""
        return fnmatchcase(difference.field, self.field) and any(
            fnmatchcase(difference.case, pattern) for pattern in self.cases
        )


def listed_differences(text: str) -> list[Row]:
    """The rows of the table: cases, field, ours, ministack's, right, why.

    Raises:
        ValueError: A row has another number of columns; names it.
    """
    rows = []
    for line in text.splitlines():
        if not line.startswith("| `"):
            continue
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if len(cells) != COLUMNS:
            raise ValueError(f"a row has {COLUMNS} columns, not {len(cells)}: {line}")
        patterns = tuple(pattern.strip("` ") for pattern in cells[0].split("`, `"))
        rows.append(Row(patterns, cells[1].strip("`")))
    return rows
