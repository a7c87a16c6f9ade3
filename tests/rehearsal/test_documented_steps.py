"""The documented steps that two of the rehearsed edits follow."""

import json
import re
import textwrap
from pathlib import Path

from tests.rehearsal.edits import AUTH0, AUTH0_AT, TICKETS, TICKETS_ROUTES

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: str, section: str, language: str) -> list[str]:
    """The code of one language in a section of a page, without its indentation."""
    text = (DOCS / page).read_text(encoding="utf-8")
    steps = text.split(f"\n## {section}\n")[1].split("\n## ")[0]
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```", steps, re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(block) for _, block in found]


def test_the_documented_steps_of_a_backend_are_those_that_are_rehearsed() -> None:
    section = "Add a route with a backend of its own"
    routes, handler, needs = blocks("backends.md", section, "python")
    sources = TICKETS / "lambda_src" / "tickets"
    assert f"...,\n{TICKETS_ROUTES})" in routes
    assert handler == (sources / "handler.py").read_text(encoding="utf-8")
    assert needs == (sources / "needs.py").read_text(encoding="utf-8")
    assert (sources / "__init__.py").read_text(encoding="utf-8") == ""
    asked = (sources / "requirements.in").read_text(encoding="utf-8").split()
    assert asked
    steps = (DOCS / "backends.md").read_text(encoding="utf-8").split(f"## {section}\n")[1]
    assert all(f"`{name}`" in steps.split("\n## ")[0] for name in asked)


def test_the_documented_steps_to_auth0_are_those_that_are_rehearsed() -> None:
    section = "Auth0 in the place of the user pool"
    [table] = blocks("new-project.md", section, "python")
    assert table in (AUTH0 / "stacks" / "access.py").read_text(encoding="utf-8")
    [stages] = blocks("new-project.md", section, "json")
    assert json.loads(stages) == {
        stage: {"issuers": {"auth0": at}} for stage, at in AUTH0_AT.items()
    }
