"""docs/access-table.md: every word of the table, each with an example and the policy it makes."""

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from authorizer.policy import RoutePolicy
from aws_jwt_authorizer.access import rules
from aws_jwt_authorizer.access.backend_claims import ALWAYS_THERE
from aws_jwt_authorizer.access.policy_document import rule_document
from aws_jwt_authorizer.access.rules import AccessTable, Number, Route, Rule

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "access-table.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)\n```\n```json\n(.*?)\n```", PAGE, re.DOTALL)
VOCABULARY = {name: getattr(rules, name) for name in rules.__all__}


def test_every_example_has_its_policy_beside_it() -> None:
    assert len(EXAMPLES) == PAGE.count("```python") == PAGE.count("```json") > 10


@pytest.mark.parametrize(("python", "policy"), EXAMPLES, ids=[python for python, _ in EXAMPLES])
def test_an_example_makes_the_policy_beside_it(python: str, policy: str) -> None:
    asked: Any = eval(python, dict(VOCABULARY))  # noqa: S307  # our own page
    assert rule_document(asked) == json.loads(policy)
    route = {"in_words": "w", "any_of": json.loads(policy), "cookie": False}
    RoutePolicy.from_json(json.dumps({"version": 2, "routes": {"GET /x": route}}).encode())


@pytest.mark.parametrize(
    "word",
    [
        *(field.name for kind in (AccessTable, Route, Rule, Number) for field in fields(kind)),
        *sorted(set(rules.__all__) - {"ClaimPath", "ClaimValue"}),
        *sorted(ALWAYS_THERE),
    ],
)
def test_every_word_stands_on_the_page(word: str) -> None:
    assert re.search(rf"\b{word}\b", PAGE)


def test_every_reason_stands_on_the_page() -> None:
    sources = [
        ROOT / "lambda_src" / "authorizer" / f"{name}.py" for name in ("conditions", "policy")
    ]
    found = {
        reason
        for path in sources
        for reason in re.findall(
            r"\"((?:\w+_not_allowed|missing_\w+|claim_mismatch|path_parameter_unclear|check_denied"
            r"|no_rule_met|route_not_in_policy))[:\"]",
            path.read_text(encoding="utf-8"),
        )
    }
    assert len(found) == 9
    for reason in found:
        assert f"`{reason}" in PAGE
