import json
from dataclasses import replace
from typing import Any

import pytest

from authorizer.policy import Decision
from authorizer.response import Unauthorized, not_handed_on, render
from tests.issuer import Issuer
from tests.unit.jwt_verifier.conftest import NOW, Verify

ALLOWED = Decision(allowed=True, reason="allowed")


@pytest.fixture
def context(issuer: Issuer, verify: Verify) -> Any:
    def rendered(**claims: Any) -> dict[str, Any]:
        token = verify(issuer.mint(aud="api", iat=NOW, exp=NOW + 900, **claims))
        answer = render(token, ALLOWED)
        assert answer["isAuthorized"] is True
        handed_over = answer["context"]
        assert isinstance(handed_over, dict)
        json.dumps(answer, ensure_ascii=False, allow_nan=False).encode()
        return handed_over

    return rendered


def test_an_allowed_request_hands_over_who_asks(context: Any, issuer: Issuer) -> None:
    claims = {
        "sub": "alice",
        "client_id": "web",
        "token_use": "access",
        "scope": "a b",
        "groups": ["x y", "z"],
    }
    assert context(**claims) == {
        "sub": "alice",
        "client_id": "web",
        "token_use": "access",
        "issuer": issuer.url,
        "issuer_name": "partner",
        "scope": "a b",
        "groups": '["x y", "z"]',
        "exp": NOW + 900,
        "not_handed_on": "",
    }


def test_a_backend_finds_every_key_whatever_the_token_lacks(context: Any) -> None:
    bare = context(sub=None)
    assert (bare["sub"], bare["client_id"], bare["token_use"]) == ("", "", "")
    assert (bare["scope"], bare["groups"]) == ("", "[]")


def test_a_scope_that_would_arrive_as_two_or_as_none_is_left_out(context: Any) -> None:
    assert context(scp=["a", "b c", "", " ", "d"])["scope"] == "a d"
    assert context(scp=["", ""])["scope"] == ""
    alone = context(scp=["b c"])
    assert (alone["scope"], alone["not_handed_on"]) == ("", "scope")


def test_a_denied_request_hands_over_nothing(issuer: Issuer, verify: Verify) -> None:
    token = verify(issuer.mint(aud="api", iat=NOW, exp=NOW + 900))
    assert render(token, Decision(allowed=False, reason="x")) == {"isAuthorized": False}


@pytest.mark.parametrize("name", ["sub", "client_id", "scope"])
def test_a_value_that_lambda_could_not_send_is_handed_over_empty(name: str, context: Any) -> None:
    assert context(**{name: "a\ud800b"})[name] == ""


def test_groups_are_ascii_whatever_they_are_called(context: Any) -> None:
    assert context(groups=["\ud800", "ä"])["groups"] == '["\\ud800", "\\u00e4"]'


def test_a_value_too_long_is_handed_over_empty(context: Any) -> None:
    assert context(sub="s" * 512)["sub"] == "s" * 512
    assert context(sub="s" * 513)["sub"] == ""
    assert context(sub="ä" * 257)["sub"] == ""
    assert context(scope="s" * 2500)["scope"] == "s" * 2500
    assert context(scope="s" * 2501)["scope"] == ""
    assert context(groups=["g" * 2501])["groups"] == "[]"


@pytest.mark.parametrize(
    ("longest", "too_long"),
    [
        ("ä" * 256, "ä" * 256 + "a"),
        ('"' * 256, '"' * 257),
        ("\\" * 256, "\\" * 257),
        ("\n" * 256, "\n" * 257),
    ],
    ids=["two bytes", "quotation marks", "backslashes", "control characters"],
)
def test_a_value_is_as_long_as_it_is_written(context: Any, longest: str, too_long: str) -> None:
    assert context(sub=longest)["sub"] == longest
    refused = context(sub=too_long)
    assert (refused["sub"], refused["not_handed_on"]) == ("", "sub")


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"sub": None},
        {"sub": "alice", "client_id": "web", "token_use": "access", "scope": "a b"},
        {"scp": ["a", "b"], "groups": ["x y", "z"]},
        {"groups": ["g" * 1_300]},
        {"sub": "s" * 500, "client_id": "c" * 500},
    ],
)
def test_a_claim_of_the_tables_changes_nothing_else_of_the_context(
    issuer: Issuer, verify: Verify, claims: dict[str, Any]
) -> None:
    token = verify(issuer.mint(aud="api", iat=NOW, exp=NOW + 900, **claims))
    alone, beside_another = render(token, ALLOWED), render(token, ALLOWED, {"email": ("email",)})
    context, more = alone["context"], beside_another["context"]
    assert isinstance(context, dict)
    assert isinstance(more, dict)
    assert more == {**context, "email": ""}


def test_the_context_stays_under_eight_kilobytes(context: Any) -> None:
    largest = context(
        sub="s" * 512,
        client_id="c" * 512,
        token_use="access",
        scope="s" * 2500,
        groups=["g" * 2494],
    )
    assert len(json.dumps(largest)) < 8000
    assert largest.pop("not_handed_on") == ""
    assert all(largest.values())


MANY = {f"a_claim_of_some_length_{n}": (f"c{n}",) for n in range(10)}


def test_with_ten_more_claims_it_stays_under_eight_kilobytes(
    issuer: Issuer, verify: Verify
) -> None:
    claims = {name: "x" * 500 for [name] in MANY.values()}
    identity = {"sub": "s" * 512, "client_id": "c" * 512, "token_use": "access"}
    token = replace(
        verify(issuer.mint(aud="api", iat=NOW, exp=NOW + 900, **identity)),
        scopes=("s" * 2500,),
        groups=("g" * 2494,),
        claims=claims,
    )
    answer = render(token, ALLOWED, MANY)
    assert len(json.dumps(answer["context"])) < 8192
    assert not_handed_on(answer) == "scope groups"


@pytest.mark.parametrize(
    ("held", "sent"),
    [
        ("a@example.com", "a@example.com"),
        (True, True),
        (7, 7),
        (1.5, 1.5),
        (["a", "b"], '["a","b"]'),
        ({"sub": "agent"}, '{"sub":"agent"}'),
        (None, ""),
    ],
)
def test_a_claim_that_the_table_names_is_handed_on_flat(
    issuer: Issuer, verify: Verify, held: object, sent: object
) -> None:
    token = verify(issuer.mint(aud="api", iat=NOW, exp=NOW + 900, deep={"er": held}, flat=held))
    answer = render(token, ALLOWED, {"one": ("deep", "er"), "two": ("flat",), "no": ("x", "y")})
    context = answer["context"]
    assert isinstance(context, dict)
    assert [context[name] for name in ("one", "two", "no")] == [sent, sent, ""]
    assert [type(context[name]) for name in ("one", "two")] == [type(sent)] * 2
    assert not_handed_on(answer) == ""


@pytest.mark.parametrize("held", ["x" * 513, "\ud800", ["x" * 511], {"a": "x" * 506}])
def test_a_claim_that_cannot_be_handed_on_is_empty_and_named(
    issuer: Issuer, verify: Verify, held: object
) -> None:
    token = verify(issuer.mint(aud="api", iat=NOW, exp=NOW + 900, deep=held))
    answer = render(token, ALLOWED, {"email": ("deep",)})
    context = answer["context"]
    assert isinstance(context, dict)
    assert (context["email"], context["not_handed_on"]) == ("", "email")


def test_groups_that_are_too_many_are_named_and_not_silently_none(context: Any) -> None:
    handed_over = context(groups=[f"group-{n:03}" for n in range(200)])
    assert (handed_over["groups"], handed_over["not_handed_on"]) == ("[]", "groups")


def test_what_is_left_out_is_named_once(context: Any) -> None:
    assert context(scp=["a", "b c"])["not_handed_on"] == "scope"
    assert context(scp=["a" * 2501, "b c"], sub="s" * 513)["not_handed_on"] == "sub scope"


def test_a_denial_leaves_nothing_out(issuer: Issuer, verify: Verify) -> None:
    token = verify(issuer.mint(aud="api", iat=NOW, exp=NOW + 900, sub="s" * 513))
    assert not_handed_on(render(token, Decision(allowed=False, reason="x"))) == ""


def test_the_gateway_knows_a_401_by_exactly_this_word() -> None:
    assert str(Unauthorized()) == "Unauthorized"
