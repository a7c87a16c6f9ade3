"""Which claims a table may hand on to backends, and under which names."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from authorizer.policy import Decision, RoutePolicy
from authorizer.response import render
from aws_jwt_authorizer.access.backend_claims import ALWAYS_THERE, backend_claim_problems
from aws_jwt_authorizer.access.policy_document import policy_json
from aws_jwt_authorizer.access.rules import ClaimPath
from aws_jwt_authorizer.access.table_checks import AccessInvalid, check_table
from jwt_verifier.tokens import VerifiedToken
from tests.property.random_rules import NOW
from tests.sample.access import ACCESS

Claims = Mapping[str, str | ClaimPath]


def problems(claims: Claims) -> list[str]:
    return list(backend_claim_problems(replace(ACCESS, claims_for_backends=claims)))


def test_claims_reach_the_policy_by_their_paths() -> None:
    claims: Claims = {"email": "email", "actor": ("act", "sub"), "role": "https://a.b/role"}
    table = replace(ACCESS, claims_for_backends=claims)
    check_table(table)
    found = RoutePolicy.from_json(policy_json(table).encode()).claims_for_backends
    assert found == {"email": ("email",), "actor": ("act", "sub"), "role": ("https://a.b/role",)}


@pytest.mark.parametrize("name", ["Email", "e-mail", "", "1a", "a" * 25, "a b", "é"])
def test_a_name_is_one_that_every_backend_can_read(name: str) -> None:
    assert any("name it in lower-case letters" in text for text in problems({name: "email"}))


def test_a_name_that_the_context_always_has_is_refused() -> None:
    token = VerifiedToken("i", "n", "k", "s", "c", "access", (), (), NOW, {})
    context = render(token, Decision(allowed=True, reason="allowed"))["context"]
    assert isinstance(context, dict)
    assert context.keys() == ALWAYS_THERE
    for name in ALWAYS_THERE:
        assert problems({name: "email"}) == [
            f"CLAIMS_FOR_BACKENDS[{name!r}]: the context always has {name}, give the claim another name"
        ]


@pytest.mark.parametrize("path", ["a.b", (), ("a", ""), ""])
def test_a_claim_is_where_a_token_can_have_it(path: str | ClaimPath) -> None:
    with pytest.raises(AccessInvalid, match="CLAIMS_FOR_BACKENDS"):
        check_table(replace(ACCESS, claims_for_backends={"a": path}))


def test_there_is_room_for_ten_claims_and_not_for_eleven() -> None:
    named = {f"c{number}": "c" for number in range(10)}
    assert problems(named) == []
    assert problems({**named, "more": "c"}) == [
        "CLAIMS_FOR_BACKENDS: name at most 10, the context has to hold them"
    ]


def test_a_table_that_names_none_hands_on_none() -> None:
    table = replace(ACCESS, claims_for_backends={})
    assert json.loads(policy_json(table))["claims_for_backends"] == {}
