"""Rows I4 to I6: an ID token is no access token, and a logout token is neither."""

import pytest

from tests.attacks.bench import Bench, cases
from tests.attacks.case import Case
from tests.attacks.corpus import identities
from tests.attacks.forge import ABSENT, Mint


@pytest.mark.parametrize(
    "case", cases(identities.hostile, "I4", "I5", "I6"), ids=lambda case: case.label
)
def test_a_token_of_another_kind_is_refused(case: Case, bench: Bench) -> None:
    verdict = bench.judge(case)
    assert (verdict.status, verdict.reason) == (401, case.reason)


@pytest.mark.parametrize(
    ("typ", "status"),
    [
        ("at+jwt", 200),
        ("AT+JWT", 200),
        ("application/at+jwt", 200),
        ("JWT", 401),
        (ABSENT, 401),
        ("jwt", 401),
    ],
    ids=str,
)
def test_an_issuer_may_demand_the_type_of_access_tokens(
    typ: object, status: int, bench: Bench, mint: Mint
) -> None:
    """I4, I5: RFC 9068 section 4 demands `at+jwt`."""
    target = bench.target(typ="at+jwt")
    assert target.judge_token(mint.token(mint.header(typ=typ))).status == status


def test_a_type_and_a_token_use_that_contradict_each_other_are_refused(
    bench: Bench, mint: Mint
) -> None:
    """I4: the header calls it an access token, the claims an ID token."""
    target = bench.target(token_use=None)
    token = mint.token(mint.header(typ="at+jwt"), mint.claims(token_use="id"))
    assert target.judge_token(token).reason == "token_use_mismatch"
