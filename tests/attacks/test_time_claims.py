"""Rows T1 to T7: dates are numbers, and every token dies in time."""

import pytest

from jwt_verifier.errors import SettingsInvalid
from tests.attacks.bench import NOW, Bench, cases
from tests.attacks.case import Case
from tests.attacks.corpus import times
from tests.attacks.forge import ABSENT, Mint
from tests.attacks.target import PLAIN_ISSUER, build_target


@pytest.mark.parametrize("case", cases(times.hostile), ids=lambda case: case.label)
def test_a_token_with_a_wrong_date_is_refused(case: Case, bench: Bench) -> None:
    verdict = bench.judge(case)
    assert (verdict.status, verdict.reason) == (401, case.reason)


@pytest.mark.parametrize("exp", [10**307, 1e300, 1.7e308, 2**63, 10**18])
def test_an_absurd_future_does_not_overflow(exp: float, bench: Bench, mint: Mint) -> None:
    """T4: it is the issuer's business how long a token lives, unless we set a maximum."""
    token = mint.token(claims=mint.claims(exp=exp))
    assert bench.target().judge_token(token).status == 200
    bounded = bench.target(max_lifetime_seconds=3600)
    assert bounded.judge_token(token).reason == "lifetime_exceeded"


def test_a_maximum_lifetime_cannot_be_dodged_without_iat(bench: Bench, mint: Mint) -> None:
    """T4: without iat nobody knows how long the token lives."""
    target = bench.target(max_lifetime_seconds=900)
    token = mint.token(claims=mint.claims(iat=ABSENT))
    assert target.judge_token(token).reason == "claim_rejected"


@pytest.mark.parametrize("leeway", ["301", "-1", "nan", "inf", "1e9", "sixty"])
def test_a_leeway_of_more_than_five_minutes_cannot_be_configured(leeway: str) -> None:
    """T6: RFC 7519 section 4.1.4 speaks of a few minutes at most."""
    with pytest.raises(SettingsInvalid, match="LEEWAY_SECONDS"):
        build_target(PLAIN_ISSUER, LEEWAY_SECONDS=leeway)


def test_the_leeway_is_exactly_what_is_configured(bench: Bench, mint: Mint) -> None:
    """T6: the last moment passes and the next does not."""
    issuer = {**PLAIN_ISSUER, "jwks_uri": bench.jwks_uri()}
    for leeway in (0, 60, 300):
        target = build_target(issuer, wall_clock=lambda: NOW, LEEWAY_SECONDS=str(leeway))
        for late, status in ((leeway - 0.001, 200), (leeway, 401)):
            token = mint.token(claims=mint.claims(exp=NOW - late))
            assert target.judge_token(token).status == status
        for early, status in ((leeway, 200), (leeway + 0.001, 401)):
            token = mint.token(claims=mint.claims(nbf=NOW + early))
            assert target.judge_token(token).status == status


def test_a_verdict_is_not_remembered_past_the_tokens_end(bench: Bench, mint: Mint) -> None:
    """T7: the same token, allowed once, is refused when its time has come."""
    clock = [float(NOW)]
    issuer = {**PLAIN_ISSUER, "jwks_uri": bench.jwks_uri()}
    target = build_target(issuer, wall_clock=lambda: clock[0])
    token = mint.token()
    assert target.judge_token(token).status == 200
    clock[0] += 900 + 59
    assert target.judge_token(token).status == 200
    clock[0] += 1
    assert target.judge_token(token).reason == "token_expired"
