"""docs/runbook.md: a heading for each alarm, and queries that are saved."""

import re
from pathlib import Path

from tests.alarms import alarms
from tests.saved_queries import queries

ROOT = Path(__file__).parents[3]
RUNBOOK = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
TROUBLESHOOTING = (ROOT / "docs/troubleshooting.md").read_text(encoding="utf-8")
PARTS = ("Means", "Look", "Do")


def headings(chapter: str) -> dict[str, str]:
    """The text under each heading of a chapter."""
    [body] = re.findall(rf"^## {chapter}\n(.*?)(?=^## |\Z)", RUNBOOK, re.MULTILINE | re.DOTALL)
    parts = re.split(r"^### (.+)\n", body, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_each_alarm_has_a_heading_and_no_heading_is_without_an_alarm() -> None:
    assert headings("Alarms").keys() == alarms().keys()


def test_each_heading_says_what_it_means_how_to_look_and_what_to_do() -> None:
    for name, text in headings("Alarms").items():
        assert re.findall(r"^- \*\*(\w+)\.\*\* \S", text, re.MULTILINE) == list(PARTS), name


def test_each_saved_query_is_named_and_each_that_is_named_is_saved() -> None:
    pages = RUNBOOK + TROUBLESHOOTING.partition("## Reason codes")[2]
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", pages))
    assert queries().keys() <= named
    assert named - queries().keys() <= alarms().keys() | {"rotate-now", "apigw-requestid"}
