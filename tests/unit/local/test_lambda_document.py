"""What docs/local-lambda.md says of tests, held to the files themselves."""

import ast
import re
from pathlib import Path

import pytest

from local.template.lambda_ignored_properties import IGNORED_PROPERTIES

ROOT = Path(__file__).parents[3]
DOCUMENT = (ROOT / "docs" / "local-lambda.md").read_text(encoding="utf-8")
TEST = re.compile(r"`([\w/]*test_\w+\.py)::(test_\w+)`")
ROWS = [line for line in DOCUMENT.splitlines() if re.match(r"\| .* \| (served|refused) \|", line)]


WITHOUT = re.findall(r"^\| `([\w.]+)` \| ([^|]+) \|$", DOCUMENT, re.MULTILINE)


def names_in(path: str) -> frozenset[str]:
    file = ROOT / path if "/" in path else ROOT / "tests" / "integration" / path
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("named", sorted(set(TEST.findall(DOCUMENT))), ids="::".join)
def test_a_test_that_the_page_names_is_there(named: tuple[str, str]) -> None:
    assert named[1] in names_in(named[0])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row).split("|")[1].strip())
def test_what_is_served_or_refused_names_its_test(row: str) -> None:
    assert TEST.search(row)


def test_the_list_of_ignored_properties_is_the_one_in_the_code() -> None:
    assert list(IGNORED_PROPERTIES.items()) == WITHOUT
