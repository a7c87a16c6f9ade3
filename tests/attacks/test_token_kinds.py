"""Rows I4 to I6: an ID token is not an access token, and a logout token is neither."""

import pytest

from tests.attacks.bench import Bench, cases
from tests.attacks.case import Case
from tests.attacks.corpus import identities
from tests.attacks.forge import ABSENT, ISSUER, Mint
from tests.attacks.target import PLAIN_ISSUER


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


@pytest.mark.parametrize("cnf", [{"jkt": "x"}, {"x5t#S256": "x"}, {}], ids=str)
def test_an_issuer_may_have_its_bound_tokens_taken_as_bearer_tokens(
    cnf: object, bench: Bench, mint: Mint
) -> None:
    """I5: RFC 9449 section 7.2; only if its configuration says so in words."""
    token = mint.token(claims=mint.claims(cnf=cnf))
    assert bench.target(accept_bound_tokens_as_bearer=True).judge_token(token).status == 200
    verdict = bench.target(accept_bound_tokens_as_bearer=False).judge_token(token)
    assert (verdict.status, verdict.reason) == (401, "binding_not_verified")


@pytest.mark.parametrize("cnf", [None, "jkt", ["jkt"]], ids=str)
def test_a_confirmation_of_another_type_is_refused_even_then(
    cnf: object, bench: Bench, mint: Mint
) -> None:
    """I5: RFC 7800 section 3.1 says that it is an object."""
    target = bench.target(accept_bound_tokens_as_bearer=True)
    verdict = target.judge_token(mint.token(claims=mint.claims(cnf=cnf)))
    assert (verdict.status, verdict.reason) == (401, "claim_rejected")


def test_one_issuers_word_on_bound_tokens_is_not_anothers(bench: Bench, mint: Mint) -> None:
    """I5: the leave is the issuer's own."""
    lenient = {
        **PLAIN_ISSUER,
        "jwks_uri": bench.jwks_uri(),
        "issuer": "https://lenient.example",
        "accept_bound_tokens_as_bearer": True,
    }
    target = bench.trusting({**PLAIN_ISSUER, "jwks_uri": bench.jwks_uri()}, lenient)
    for issuer, status in ((ISSUER, 401), ("https://lenient.example", 200)):
        token = mint.token(claims=mint.claims(iss=issuer, cnf={"jkt": "x"}))
        assert target.judge_token(token).status == status


def test_a_type_and_a_token_use_that_contradict_each_other_are_refused(
    bench: Bench, mint: Mint
) -> None:
    """I4: the header calls it an access token, the claims an ID token."""
    target = bench.target(token_use=None)
    token = mint.token(mint.header(typ="at+jwt"), mint.claims(token_use="id"))
    assert target.judge_token(token).reason == "token_use_mismatch"
