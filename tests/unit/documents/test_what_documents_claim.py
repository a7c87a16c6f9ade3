"""Sentences and figures of documents, held to what they are about."""

import json
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.compare_verifiers import all_cases
from benchmarks.comparison_page import GOOD, Judged, report
from tests.attacks.bench import usual_mint
from tests.mutation.run import MUTATED, survivors_counted_by, survivors_explained_by

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text()
COMPARISON = (ROOT / "docs" / "comparison.md").read_text()
MUTATION = (ROOT / "docs" / "mutation.md").read_text()


def _json(path: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ROOT / path).read_text())
    return document


def _row(title: str) -> list[str]:
    (row,) = [line for line in COMPARISON.splitlines() if line.startswith(f"| {title} |")]
    return [cell.strip() for cell in row.strip("|").split("|")]


@cache
def _tokens_by_class() -> Counter[str]:
    return Counter(name for name, _case in all_cases(usual_mint()))


def _peers() -> dict[str, str]:
    """Each verifier beside ours in the table, with its version."""
    _classes, _how_many, ours, *peers = _row("class of tokens")
    assert ours == "ours"
    return dict(peer.rsplit(" ", 1) for peer in peers)


def test_the_licence_is_apache_2_and_names_its_holder() -> None:
    licence = (ROOT / "LICENSE").read_text()
    assert licence.lstrip().startswith("Apache License\n                           Version 2.0")
    assert "Copyright 2026 the aws-jwt-authorizer authors" in licence


def test_each_package_file_names_the_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "Apache-2.0"
    assert _json("package.json")["license"] == "Apache-2.0"
    assert _json("benchmarks/node_peers/package.json")["license"] == "Apache-2.0"


def test_the_comparison_shows_each_peer_at_its_pinned_version() -> None:
    node = _json("benchmarks/node_peers/package.json")["dependencies"]
    pins = (ROOT / "benchmarks" / "peers-requirements.txt").read_text()
    python = dict(re.findall(r"^([a-z-]+)(?:\[[a-z]+\])?==([0-9.]+)", pins, re.MULTILINE))
    assert _peers() == {
        "aws-jwt-verify": node["aws-jwt-verify"],
        "jose": node["jose"],
        "PyJWT": python["pyjwt"],
        "joserfc": python["joserfc"],
        "Powertools alpha": python["aws-lambda-powertools"],
    }


@pytest.mark.parametrize("page", ["comparison.md", "performance.md"])
def test_measured_figures_say_day_machine_and_versions(page: str) -> None:
    text = (ROOT / "docs" / page).read_text()
    assert re.search(
        r"^Measured 20\d\d-\d\d-\d\d on \d+ cores of .+\. Python 3\.\d+", text, re.MULTILINE
    )


def test_the_comparison_is_dated_where_it_is_written() -> None:
    written = report([], [Judged("ours", "", [], 1.0)], "2026-01-02 on 2 cores of X. Python 3.11.7")
    assert "\nMeasured 2026-01-02 on 2 cores of X. Python 3.11.7.\n" in written


def test_the_comparison_says_how_each_peer_was_asked() -> None:
    for name in _peers():
        assert f"- **{name}**: " in COMPARISON


def test_the_comparison_shows_how_many_tokens_there_are_today() -> None:
    shown = {name: int(_row(name)[1]) for name in _tokens_by_class()}
    assert shown == _tokens_by_class(), "make bench writes docs/comparison.md anew"


def test_the_readme_quotes_the_comparison() -> None:
    quoted = re.search(
        r"of \[(\d+) hostile tokens\]\(docs/comparison.md\) it accepts (\d+), "
        r"aws-jwt-verify (\d+)\.",
        README,
    )
    assert quoted
    hostile = sum(many for name, many in _tokens_by_class().items() if name != GOOD)
    holes = _row("**holes: hostile tokens accepted**")
    assert quoted.groups() == (str(hostile), holes[2], holes[3])


def test_the_readme_says_what_the_coverage_is_of() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    measured = " and ".join(project["tool"]["coverage"]["run"]["source"])
    sentence = f"100 % is of the lines and branches of {measured}; no other folder is measured."
    assert sentence in README
    assert sentence in (ROOT / "Makefile").read_text()


@pytest.mark.parametrize("module", MUTATED)
def test_the_mutation_page_names_each_module(module: str) -> None:
    assert f"`{module}.py`" in MUTATION


def test_the_mutation_page_lists_as_many_survivors_as_it_counts() -> None:
    assert survivors_explained_by(MUTATION) == survivors_counted_by(MUTATION)
