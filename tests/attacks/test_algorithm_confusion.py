"""Rows A1 to A7: the token's `alg` against the issuer's list and the key."""

import pytest

from jwt_verifier.errors import SettingsInvalid
from tests.attacks.bench import Bench, cases
from tests.attacks.case import Case
from tests.attacks.corpus import algorithms
from tests.attacks.forge import Mint


@pytest.mark.parametrize("case", cases(algorithms.hostile), ids=lambda case: case.label)
def test_a_token_whose_algorithm_is_not_its_keys_is_refused(case: Case, bench: Bench) -> None:
    verdict = bench.judge(case)
    assert (verdict.status, verdict.reason) == (401, case.reason)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "HS512", "rs256", "ES256K", "RSA-OAEP", ""])
def test_no_symmetric_or_unknown_algorithm_can_be_configured(algorithm: str, bench: Bench) -> None:
    """A3, A6: what cannot be configured cannot be confused."""
    with pytest.raises(SettingsInvalid, match="algorithms"):
        bench.target(algorithms=["RS256", algorithm])


def test_an_algorithm_outside_this_issuers_list_is_refused_though_another_issuer_has_it(
    bench: Bench, mint: Mint
) -> None:
    """A4: the list is each issuer's own."""
    narrow = {
        "name": "narrow",
        "issuer": "https://issuer.example",
        "audiences": ["https://orders.example"],
        "algorithms": ["ES256"],
        "jwks_uri": bench.jwks_uri(),
    }
    wide = {**narrow, "name": "wide", "issuer": "https://wide.example", "algorithms": ["RS256"]}
    target = bench.trusting(narrow, wide)
    assert target.judge_token(mint.token()).reason == "algorithm_not_allowed"
    elliptic = mint.token(key=mint.keys.issuer["ES256"])
    assert target.judge_token(elliptic).status == 200
