"""`docs/local-cognito.md` against what there is: its tests, and the properties without effect."""

import re
from pathlib import Path

import pytest

from local.template.cognito_ignored_properties import IGNORED_PROPERTIES

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent.relative_to(ROOT)
DOCUMENT = (ROOT / "docs" / "local-cognito.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in DOCUMENT.splitlines()
    if line.startswith("| ") and not line.startswith(("| ---", "| Feature", "| Resource"))
]
FEATURES = [row for row in ROWS if len(row) == 4]
WITHOUT = [row for row in ROWS if len(row) == 3]


@pytest.mark.parametrize("row", FEATURES, ids=[row[0] for row in FEATURES])
def test_each_row_names_tests_that_there_are(row: list[str]) -> None:
    _, verdict, explanation, tests = row
    assert verdict in {"served", "refused", "different"}
    assert explanation
    named = re.findall(r"`(\S+?)::(\w+)`", tests)
    assert named
    assert re.sub(r"`\S+?::\w+`", "", tests).strip() == ""
    for file, test in named:
        path = ROOT / file if file.startswith("tests/") else ROOT / HERE / file
        assert f"def {test}(" in path.read_text(encoding="utf-8")


def test_the_list_of_ignored_properties_is_the_one_in_the_code() -> None:
    assert [(kind, path.strip("`"), reason) for kind, path, reason in WITHOUT] == [
        (kind, path, reason)
        for kind, paths in IGNORED_PROPERTIES.items()
        for path, reason in paths.items()
    ]
