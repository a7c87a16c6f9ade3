"""Rows E6 and E8: size and depth are bounded before anything is parsed."""

import sys

import pytest

from tests.attacks.bench import Bench, cases
from tests.attacks.case import Case
from tests.attacks.corpus import encodings, json_tricks
from tests.attacks.forge import Mint
from tests.attacks.gateway_event import gateway_event
from tests.attacks.target import Target


@pytest.mark.parametrize(
    "case",
    [*cases(encodings.hostile, "E8"), *cases(json_tricks.hostile, "E6")],
    ids=lambda case: case.label,
)
def test_a_token_beyond_bounds_is_refused(case: Case, bench: Bench) -> None:
    verdict = bench.judge(case)
    assert (verdict.status, verdict.reason) == (401, case.reason)


@pytest.mark.parametrize("frames", [0, 300, 600])
def test_the_bound_on_depth_does_not_hang_on_the_callers_stack(
    frames: int, bench: Bench, mint: Mint
) -> None:
    """E6: 64 levels pass and 65 do not, however deep the caller is."""
    target = bench.target()
    deepest = mint.token(claims=_nested(mint, 64))
    too_deep = mint.token(claims=_nested(mint, 65))
    assert sys.getrecursionlimit() >= frames + 200
    assert _from_below(frames, target, deepest) == 200
    assert _from_below(frames, target, too_deep) == 401


def _nested(mint: Mint, levels: int) -> dict[str, object]:
    value: object = 1
    for _ in range(levels - 1):  # the claims themselves are one level
        value = [value]
    return mint.claims(n=value)


def _from_below(frames: int, target: Target, token: str) -> int:
    if frames:
        return _from_below(frames - 1, target, token)
    return target.judge_token(token).status


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("Bearer " + "a" * 20_000, "token_oversized"),
        ("Bearer " * 1_000_000, "token_oversized"),
        (" " * 100_000, "token_oversized"),
        ("Bearer" + " " * 10_000 + "a.b.c", "token_malformed"),
        ("\u00e9" * 10_241, "token_oversized"),
    ],
    ids=["one word", "many words", "blanks", "many blanks between", "not ASCII"],
)
def test_an_oversized_header_is_refused_before_its_parts_are_looked_at(
    value: str, reason: str, bench: Bench
) -> None:
    """E8: the gateway's own limit is 10,240 bytes."""
    verdict = bench.target().judge(gateway_event(value))
    assert (verdict.status, verdict.reason) == (401, reason)


def test_the_longest_token_that_a_gateway_lets_through_is_judged(bench: Bench, mint: Mint) -> None:
    """E8: the bound refuses no real token."""
    room = 10_240 - len("Bearer ") - len(mint.token(claims=mint.claims(pad="")))
    token = mint.token(claims=mint.claims(pad="x" * (room * 3 // 4 - 3)))
    assert len(token) > 10_220
    assert bench.target().judge_token(token).status == 200
