"""What SECURITY.md and docs/web-page.md say of attacks is held by tests that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NAMED = re.compile(r"`(tests/[\w/]+\.py)`")


@pytest.mark.parametrize("document", ["SECURITY.md", "docs/web-page.md"])
def test_each_test_that_a_table_names_is_there(document: str) -> None:
    named = NAMED.findall((ROOT / document).read_text(encoding="utf-8"))
    assert named
    assert [path for path in named if not (ROOT / path).is_file()] == []
