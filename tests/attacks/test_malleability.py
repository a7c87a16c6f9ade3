"""Rows E1 and E3: one token has one spelling."""

import pytest

from tests.attacks.bench import Bench, cases
from tests.attacks.case import Case
from tests.attacks.corpus import encodings
from tests.attacks.forge import Mint


@pytest.mark.parametrize("case", cases(encodings.hostile, "E1", "E3"), ids=lambda case: case.label)
def test_another_spelling_of_a_good_token_is_refused(case: Case, bench: Bench) -> None:
    verdict = bench.judge(case)
    assert (verdict.status, verdict.reason) == (401, case.reason)


def test_every_change_of_one_character_makes_a_token_that_is_refused(
    bench: Bench, mint: Mint
) -> None:
    """E1: no character of a token is without meaning."""
    target = bench.target()
    token = mint.token()
    for index, character in enumerate(token):
        other = "A" if character != "A" else "B"
        assert target.judge_token(token[:index] + other + token[index + 1 :]).status == 401
    assert target.judge_token(token).status == 200
