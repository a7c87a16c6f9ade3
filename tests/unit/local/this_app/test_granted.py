"""The demo's own judgement reads rules as an oracle that is written from the table does."""

import json
from random import Random
from typing import Any

import pytest

from aws_jwt_authorizer.access.policy_document import rule_document
from aws_jwt_authorizer.access.rules import AnyOf, Rule
from local.this_app.demo.granted import Bearer, granted
from tests.property.random_rules import NOW, Case, allows, random_call, random_rule


def declared(asked: Rule | AnyOf) -> Any:
    """What the sources print of a rule."""
    return json.loads(json.dumps(rule_document(asked)))


def bearer(case: Case) -> Bearer:
    """Who calls, with a path whose parameters are clear."""
    token = case.token
    claims: Any = token.claims
    return Bearer(
        issuer=token.issuer_name,
        use=token.token_use,
        scopes=frozenset(token.scopes),
        groups=frozenset(token.groups),
        claims=claims,
        parameters=case.path,
        now=NOW,
    )


@pytest.mark.parametrize("seed", range(2))
def test_the_demo_judges_as_the_table_says(seed: int) -> None:
    random = Random(seed)
    for _ in range(1_500):
        asked = random_rule(random)
        case = random_call(random, asked)
        clear = Case(asked, case.token, {"i": "x", "j": "1"})  # as the demo calls every route
        assert granted(declared(asked), bearer(clear)) is allows(clear), clear


CHECK = Rule(check="delegation:in_person")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (CHECK, None),
        (AnyOf(CHECK, Rule()), True),
        (AnyOf(CHECK, Rule(groups_any=("nobody",))), None),
        (Rule(groups_any=("nobody",), check="delegation:in_person"), False),
    ],
)
def test_what_only_a_check_of_the_users_own_can_tell_is_not_declared(
    asked: Rule | AnyOf, answer: bool | None
) -> None:
    someone = Bearer("cognito", "access", frozenset(), frozenset(), {}, {}, NOW)
    assert granted(declared(asked), someone) is answer
