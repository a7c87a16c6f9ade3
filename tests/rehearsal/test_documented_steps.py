"""The steps of docs/backends.md, which one of the rehearsed edits follows."""

import re
import textwrap
from pathlib import Path

from tests.rehearsal.edits import TICKETS, TICKETS_ROUTES

PAGE = (Path(__file__).parents[2] / "docs" / "backends.md").read_text(encoding="utf-8")
STEPS = PAGE.split("## Add a route with a backend of its own\n")[1].split("\n## ")[0]


def test_the_documented_steps_are_those_that_are_rehearsed() -> None:
    found = re.findall(r"^( *)```python\n(.*?)^\1```", STEPS, re.DOTALL | re.MULTILINE)
    routes, handler, needs = (textwrap.dedent(block) for _, block in found)
    sources = TICKETS / "lambda_src" / "tickets"
    assert f"...,\n{TICKETS_ROUTES})" in routes
    assert handler == (sources / "handler.py").read_text(encoding="utf-8")
    assert needs == (sources / "needs.py").read_text(encoding="utf-8")
    assert (sources / "__init__.py").read_text(encoding="utf-8") == ""
    asked = (sources / "requirements.in").read_text(encoding="utf-8").split()
    assert asked
    assert all(f"`{name}`" in STEPS for name in asked)
