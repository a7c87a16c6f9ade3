"""The README's first screen, the index of documents and the FAQ, held to what they are about."""

import json
import re
import runpy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = ROOT / "docs"
FIRST_SCREEN = README.partition("## Two commands")[0]
COMPLAINTS = 10
NEARLY_AS_FAST = 1.5
MUCH_SLOWER = 3
COLD_START = 2.5


@cache
def figures() -> Any:
    return json.loads((DOCS / "performance.json").read_text(encoding="utf-8"))["parts"]


def row(page: str, title: str) -> list[str]:
    (line,) = [line for line in page.splitlines() if line.startswith(f"| {title} |")]
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def median(found: list[float]) -> float:
    return found[0]


def test_the_first_screen_says_for_whom_when_not_status_licence_and_has_one_picture() -> None:
    for word in ("It is for teams", "**Use it if**", "**Do not use it if**", "**Status:**"):
        assert word in FIRST_SCREEN
    assert "[Apache-2.0](LICENSE)" in FIRST_SCREEN
    assert FIRST_SCREEN.count("```mermaid") == 1


def test_the_status_is_the_version_of_the_distribution() -> None:
    version = runpy.run_path(str(ROOT / "lambda_src/jwt_verifier/version.py"))["VERSION"]
    assert f"**Status:** {version}, before 1.0" in FIRST_SCREEN


def test_the_example_of_the_verifier_runs_as_it_stands() -> None:
    (example,) = re.findall(
        r"^```python\n(from jwt_verifier .*?)^```", README, re.MULTILINE | re.DOTALL
    )
    names: dict[str, Any] = {}
    exec(compile(example, "README.md", "exec"), names)  # noqa: S102  # our own page
    status, why = names["status_of"]("not a token")
    assert status == 401
    assert why


def test_the_table_quotes_how_the_same_tokens_were_judged() -> None:
    comparison = (DOCS / "comparison.md").read_text(encoding="utf-8")
    who = row(comparison, "class of tokens")[1:]
    columns = [
        next(i for i, name in enumerate(who) if name.startswith(n))
        for n in ("ours", "aws", "Power")
    ]
    holes = row(comparison, "**holes: hostile tokens accepted**")[1:]
    refusals = row(comparison, "**false refusals**")[1:]
    assert row(README, "hostile tokens accepted, of 692")[:3] == [holes[i] for i in columns]
    good = row(comparison, "good tokens")[0]
    assert row(README, f"good tokens refused, of {good}")[:3] == [refusals[i] for i in columns]


def test_the_table_says_of_times_what_was_measured() -> None:
    ours, _one, powertools, *_ = row(README, "a verification, to aws-jwt-verify's")
    measured = figures()["verify"]["ratio_to"]["aws-jwt-verify"]
    assert ours == f"less than {NEARLY_AS_FAST} x"
    assert median(measured["ours"]) < NEARLY_AS_FAST
    assert powertools == f"more than {MUCH_SLOWER} x"
    assert median(measured["Powertools alpha"]) > MUCH_SLOWER
    title = "a cold start, to that of Node with aws-jwt-verify and Powertools in one file"
    assert row(README, title)[0] == f"less than {COLD_START} x"
    cold = figures()["cold"]["answer_ms"]
    assert median(cold["ours"]) / median(cold["Node + PT, bundled"]) < COLD_START


def test_the_index_leads_to_every_page_and_the_readme_to_the_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in DOCS.glob("*.md")} - {"README.md"}
    assert pages - set(re.findall(r"\]\(([\w-]+\.md)(?:#[\w-]+)?\)", index)) == set()
    assert "](docs/README.md)" in README


def test_the_faq_answers_ten_complaints_in_two_to_five_sentences_with_a_link() -> None:
    faq = (DOCS / "faq.md").read_text(encoding="utf-8")
    answers = re.split(r"^### .+\n", faq, flags=re.MULTILINE)[1:]
    assert len(answers) == COMPLAINTS
    for answer in answers:
        sentences = re.findall(r"[.?](?=\s|$)", re.sub(r"\]\([^)]*\)", "]", answer))
        assert 2 <= len(sentences) <= 5, answer
        assert re.search(r"\]\([\w./-]+\.md", answer), answer


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("web-page.md", "sequenceDiagram"),
        ("issuer.md", "stateDiagram-v2"),
        ("architecture.md", "flowchart LR"),
    ],
)
def test_a_session_a_keys_life_and_the_stacks_are_drawn(page: str, kind: str) -> None:
    assert f"```mermaid\n{kind}\n" in (DOCS / page).read_text(encoding="utf-8")
