"""Rows E7, P8 and P9: the answer is one that Lambda can send, and it gives nothing away."""

import json
from typing import Any

import pytest

from authorizer.response import Unauthorized
from tests.attacks.bench import Bench, cases
from tests.attacks.corpus.everything import HOSTILE
from tests.attacks.forge import ABSENT, Mint
from tests.attacks.gateway_event import bearer, gateway_event
from tests.attacks.target import Target, policy_of

MAX_CONTEXT_BYTES = 8192
KEYS = {
    *("sub", "client_id", "token_use", "issuer", "issuer_name", "scope", "groups", "exp"),
    "not_handed_on",
}


@pytest.fixture(scope="module")
def target(bench: Bench) -> Target:
    return bench.target()


def as_lambda_sends_it(answer: Any) -> bytes:
    """The runtime's own way (awslambdaric): no ASCII escapes, then UTF-8; we allow no NaN."""
    return json.dumps(answer, ensure_ascii=False, allow_nan=False).encode("utf-8")


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "\ud800"},
        {"sub": "\udfff tail"},
        {"client_id": "\ud83d"},
        {"scope": "orders/read \udc00"},
        {"groups": ["admins", "\ud800"]},
        {"name": "\ud800"},
        {"sub": "x" * 6000},
        {"client_id": "\u4e2d" * 1500},
        {"scope": "s " * 3000},
        {"groups": ["g" * 100] * 60},
        {"groups": ["\u4e2d" * 100] * 10},
        {"sub": "\x00" * 512},
        {"sub": '"' * 512, "client_id": "\\" * 512},
        {"scope": "\x01" * 1000},
        {"groups": ["\x01" * 300]},
        {"sub": "\x01" * 512, "client_id": "\x01" * 512, "groups": [""] * 325, "jti": ABSENT},
        {"exp": 1e300},
        {"exp": 10**300},
        {"n": 1e308, "m": -1e308},
        {"sub": ABSENT, "client_id": ABSENT, "scope": ABSENT},
        {"cognito:groups": {"a": [1, {"b": None}]}},
    ],
    ids=lambda claims: ascii(claims)[:40],
)
def test_the_answer_can_be_sent_whatever_a_good_token_holds(
    claims: dict[str, Any], target: Target, mint: Mint
) -> None:
    """E7, P8: flat, finite, encodable, under 8 KB as it is sent."""
    text = json.dumps(mint.claims(**claims), separators=(",", ":"), ensure_ascii=False)
    raw = text.encode("utf-8", "backslashreplace")  # which is how JSON writes a lone surrogate
    verdict = target.judge_token(mint.token(claims=raw))
    assert verdict.status == 200
    sent = as_lambda_sends_it(verdict.answer)
    assert len(sent) < MAX_CONTEXT_BYTES
    assert verdict.context.keys() == KEYS
    for name, value in verdict.context.items():
        assert type(value) in ((int, float) if name == "exp" else (str,))


def test_the_context_holds_chosen_claims_and_nothing_of_the_token(
    target: Target, mint: Mint
) -> None:
    """P8: an unknown claim, the e-mail address or the token itself never reach a backend."""
    token = mint.token(claims=mint.claims(email="a@example.com", secret="s3cret", name={"a": 1}))
    verdict = target.judge_token(token)
    sent = as_lambda_sends_it(verdict.answer).decode()
    for private in ("a@example.com", "s3cret", *token.split(".")):
        assert private not in sent


def test_a_value_too_long_to_hand_over_is_empty_and_never_cut(target: Target, mint: Mint) -> None:
    """P8: half a scope list or half a subject could be somebody else's."""
    for name, value in {"sub": "x" * 5000, "scope": "orders/read " * 400}.items():
        verdict = target.judge_token(mint.token(claims=mint.claims(**{name: value})))
        assert verdict.context[name] == ""


def test_all_refusals_look_alike(target: Target) -> None:
    """P9: which check failed is for our log alone."""
    answers = set()
    for corpus in HOSTILE.values():
        for case in cases(corpus):
            if case.jwks is None:
                answers.add(_refusal(target, bearer(case.token)))
    answers.add(_refusal(target, gateway_event("")))
    answers.add(_refusal(target, {}))
    assert answers == {("Unauthorized", None, False)}


def _refusal(target: Target, event: object) -> tuple[str, BaseException | None, bool]:
    with pytest.raises(Unauthorized) as refusal:
        target.authorizer(event)
    return str(refusal.value), refusal.value.__cause__, hasattr(refusal.value, "__notes__")


def test_all_denials_look_alike(bench: Bench, mint: Mint) -> None:
    """P9: 403 says neither which scope nor which group was missing."""
    rules = (
        {"scopes_all": ["a"]},
        {"scopes_any": ["b"]},
        {"groups_any": ["c"]},
        {"claims": {"d": 1}},
        {"issuers": ["e"]},
        {"token_use": "id"},
    )
    for rule in rules:
        verdict = bench.target(policy=policy_of(orders=rule)).judge_token(mint.token())
        assert verdict.answer == {"isAuthorized": False}
