"""What a rule asks, in words; and where the knowledge of one kind of condition stands."""

from pathlib import Path

import pytest

from aws_jwt_authorizer.access.conditions import rule_in_words
from aws_jwt_authorizer.access.rules import (
    AnyOf,
    ClaimValue,
    Contains,
    ContainsAny,
    NoOlderThan,
    Not,
    Number,
    OneOf,
    PathParameter,
    Rule,
    TokenUse,
)

ROOT = Path(__file__).parents[4]
NAMES = ("cognito", "partner")
CLAIMS: list[tuple[ClaimValue, str]] = [
    ("acme", 'the claim x equal to "acme"'),
    (3, "the claim x equal to 3"),
    (True, "the claim x equal to true"),
    (PathParameter("tenant"), "the claim x equal to {tenant} of the path"),
    (OneOf("a", 1), 'the claim x equal to "a" or 1'),
    (Contains("a"), 'the claim x containing "a"'),
    (Contains("a", PathParameter("b")), 'the claim x containing "a" and {b} of the path'),
    (ContainsAny("a", "b"), 'the claim x containing "a" or "b"'),
    (Number(at_least=3), "the claim x at least 3"),
    (Number(above=1.5, at_most=4, below=9), "the claim x above 1.5 and at most 4 and below 9"),
    (NoOlderThan(900), "the claim x no older than 15 min"),
    (NoOlderThan(90), "the claim x no older than 90 s"),
    (Not("suspended"), 'the claim x not equal to "suspended"'),
    (Not(ContainsAny("a", "b")), 'the claim x not containing "a" or "b"'),
]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(), "a token of cognito or partner"),
        (Rule(token_use=TokenUse.ID), "an ID token of cognito or partner"),
        (
            Rule(("cognito",), TokenUse.ACCESS, scopes_all=("a", "b"), scopes_any=("c", "d")),
            "an access token of cognito with the scopes a, b and the scope c or d",
        ),
        (
            Rule(("cognito",), groups_any=("admins", "support"), groups_all=("g", "h")),
            "a token of cognito with membership of g and h and membership of admins or support",
        ),
        (
            Rule(("cognito",), claims={("a", "b"): 1, "c": "d"}),
            'a token of cognito with the claim a.b equal to 1 and the claim c equal to "d"',
        ),
        (
            Rule(("cognito",), check="delegation:in_person"),
            "a token of cognito with the consent of the check delegation:in_person",
        ),
        (
            AnyOf(Rule(("cognito",), groups_any=("admins",)), Rule(("partner",))),
            "a token of cognito with membership of admins, or a token of partner",
        ),
        *(
            (Rule(("partner",), claims={"x": value}), f"a token of partner with {words}")
            for value, words in CLAIMS
        ),
    ],
)
def test_a_rule_is_told_in_words(rule: Rule | AnyOf, words: str) -> None:
    assert rule_in_words(rule, NAMES) == words


KINDS = (
    *("scopes_all", "scopes_any", "groups_all", "groups_any", "check"),
    *("be_one_of", "contain_all", "contain_any", "be_number", "be_no_older_than_seconds"),
)


TELLING = {
    # How the demo makes who meets a condition, and who does not.
    *("local/this_app/demo/rule_trials.py", "local/this_app/demo/claim_values.py"),
    # What the built-in authorizer is told of a rule; an example that is explained.
    *("local/this_app/explained_app.py", "lambda_src/authorizer/explain/example.py"),
    *("lambda_src/authorizer/explain/table.py", "web/src/steps.ts"),
}


def test_a_kind_of_condition_is_known_to_the_vocabulary_the_decider_the_demo_and_the_page() -> None:
    """The demo's own judgement and the page's foretelling; all else works on any condition."""
    sources = [
        path
        for folder in ("aws_jwt_authorizer", "stacks", "lambda_src", "local", "web/src")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".ts") and path.name != "access.py"
    ]
    for kind in KINDS:
        written = f'"{kind}"'
        knowing = {path for path in sources if written in path.read_text(encoding="utf-8")}
        assert {str(path.relative_to(ROOT)) for path in knowing} - TELLING in (
            {
                f"aws_jwt_authorizer/access/{vocabulary}.py",
                f"lambda_src/authorizer/{vocabulary}.py",
                "local/this_app/demo/granted.py",
                "web/src/conditions.ts",
            }
            for vocabulary in ("conditions", "claim_tests")
        ), kind
