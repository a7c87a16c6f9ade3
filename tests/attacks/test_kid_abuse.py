"""Rows K4 to K9: a kid is compared with the issuer's published ones, and does nothing else."""

import pytest

from tests.attacks.bench import Bench, cases
from tests.attacks.case import Case, key_set
from tests.attacks.corpus import key_selection
from tests.attacks.forge import ISSUER, Mint, signer
from tests.attacks.target import PLAIN_ISSUER


@pytest.mark.parametrize(
    "case", cases(key_selection.hostile, "K4", "K5", "K6", "K9"), ids=lambda case: case.label
)
def test_a_kid_that_is_not_exactly_the_issuers_is_refused(case: Case, bench: Bench) -> None:
    verdict = bench.judge(case)
    assert (verdict.status, verdict.reason) == (401, case.reason)


def test_a_kid_is_not_used_as_an_address_or_a_path(bench: Bench, mint: Mint) -> None:
    """K4: the server that a kid names gets no request, and no file is read."""
    trap = bench.jwks_uri(mint.jwks_text())
    target = bench.target()
    for kid in (trap, trap.removeprefix(bench.server.url), f"file://{__file__}"):
        forged = mint.token(mint.header(kid=kid), sign=signer(mint.keys.attacker))
        assert target.judge_token(forged).reason == "key_unknown"
    assert bench.server.requests[trap.removeprefix(bench.server.url)] == 0


def test_a_kid_storm_costs_one_fetch_until_the_cool_down_is_over(bench: Bench, mint: Mint) -> None:
    """K7: the issuer is asked once, though every kid is new."""
    target = bench.target()
    assert target.judge_token(mint.token()).status == 200
    before = bench.server.requests.total()
    for index in range(500):
        assert target.judge_token(mint.token(mint.header(kid=f"kid-{index}"))).status == 401
    assert bench.server.requests.total() - before <= 1


def test_an_unknown_issuer_triggers_no_discovery(bench: Bench, mint: Mint) -> None:
    """K8: issuers come from the configuration alone."""
    target = bench.target()
    foreign = bench.server.url
    before = bench.server.requests.total()
    token = mint.token(claims=mint.claims(iss=foreign))
    assert target.judge_token(token).reason == "issuer_unknown"
    assert bench.server.requests.total() == before


def test_one_issuers_key_never_verifies_anothers_claims(bench: Bench, mint: Mint) -> None:
    """K9: both issuers publish a key under the same kid; each is good for its own claims alone."""
    other_key = mint.keys.other_issuer
    ours = {**PLAIN_ISSUER, "jwks_uri": bench.jwks_uri()}
    theirs = {
        **PLAIN_ISSUER,
        "name": "other",
        "issuer": "https://other.example",
        "jwks_uri": bench.jwks_uri(key_set(other_key.jwk)),
    }
    target = bench.trusting(ours, theirs)
    for issuer, right, wrong in (
        (ISSUER, mint.key, other_key),
        ("https://other.example", other_key, mint.key),
    ):
        claims = mint.claims(iss=issuer)
        header = mint.header()
        assert target.judge_token(mint.token(header, claims, sign=signer(right))).status == 200
        forged = mint.token(header, claims, sign=signer(wrong))
        assert target.judge_token(forged).reason == "signature_invalid"
