"""What documents say of tests and constants, held to the files themselves."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

import local.behaviour

ROOT = Path(__file__).parents[3]
THROUGH_A_SOCKET = ROOT / "tests" / "e2e" / "gateway"
PLACES = (THROUGH_A_SOCKET, ROOT / "tests" / "unit" / "local")
ROW = re.compile(r"^\| (?P<feature>[^|]+) \| (?P<status>[a-z]+) \| (?P<rest>.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(test_\w+\.py)::(test_\w+)`")
DOCUMENT = (ROOT / "docs" / "local.md").read_text(encoding="utf-8")
ROWS = [match.groupdict() for match in ROW.finditer(DOCUMENT)]


BEHAVIOURS = tomllib.loads((ROOT / "local" / "behaviour.toml").read_text(encoding="utf-8"))[
    "behaviours"
]
EVIDENCE = {"O", "I", "?"}  # observed by a named third party, inferred, not measured by anybody


@cache
def names_in(path: Path) -> frozenset[str]:
    if not path.exists():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda each: str(each["point"]))
def test_a_choice_of_ours_has_a_test_through_a_socket(behaviour: dict[str, str]) -> None:
    file, _, name = behaviour["test"].partition("::")
    assert name in names_in(THROUGH_A_SOCKET / file)
    assert behaviour["evidence"] in EVIDENCE
    assert behaviour["source"]
    assert behaviour["choice"]
    assert set(behaviour) - {"constant"} == {"point", "evidence", "source", "choice", "test"}


def test_no_behaviour_stands_twice() -> None:
    points = [behaviour["point"] for behaviour in BEHAVIOURS]
    assert len(set(points)) == len(points)


def test_every_constant_of_ours_has_its_row() -> None:
    constants = {name for name in vars(local.behaviour) if re.fullmatch(r"[A-Z][A-Z_]+", name)}
    assert constants == {each["constant"] for each in BEHAVIOURS if "constant" in each}


def test_the_document_has_rows_of_every_kind() -> None:
    assert {row["status"] for row in ROWS} == {"served", "refused", "different"}
    features = [row["feature"] for row in ROWS]
    assert len(set(features)) == len(features)
    assert len(ROWS) == DOCUMENT.count("\n| ") - 2 * DOCUMENT.count("\n| Feature ")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["feature"]))
def test_a_feature_that_is_served_or_refused_names_its_test(row: dict[str, str]) -> None:
    named = TEST.findall(row["rest"])
    if row["status"] == "different":
        assert not named
        return
    assert len(named) == 1
    [(file, name)] = named
    places = PLACES if row["status"] == "refused" else (THROUGH_A_SOCKET,)
    assert any(name in names_in(place / file) for place in places)
