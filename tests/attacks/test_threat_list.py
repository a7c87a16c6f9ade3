"""Every row of the threat list has a test that says so, and every test names a real row."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.bench import cases
from tests.attacks.corpus.everything import HOSTILE, LEGAL

TESTS = Path(__file__).parent.parent
ROWS = (Path(__file__).parent / "threats.txt").read_text().split()
ROW = re.compile(r"\b[AKSETIRPLN]\d{1,2}\b")


def _rows_of_docstrings() -> Iterator[str]:
    for folder in ("attacks", "integration", "property"):
        for path in sorted((TESTS / folder).rglob("test_*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                    docstring = ast.get_docstring(node) or ""
                    yield from ROW.findall(docstring.partition(":")[0])


def _rows_of_cases() -> Iterator[str]:
    for corpus in (*HOSTILE.values(), LEGAL):
        yield from (case.threat for case in cases(corpus))


COVERED = Counter((*_rows_of_docstrings(), *_rows_of_cases()))


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_the_threat_list_is_covered(row: str) -> None:
    assert COVERED[row] >= 1


def test_no_test_names_a_row_that_does_not_exist() -> None:
    assert set(COVERED) - set(ROWS) == set()


def test_the_set_of_tokens_is_as_large_as_the_comparison_promises() -> None:
    hostile = [case.token for corpus in HOSTILE.values() for case in cases(corpus)]
    assert len(hostile) >= 300
    assert len(cases(LEGAL)) >= 60
