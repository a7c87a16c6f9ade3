"""Rows S1 to S9: the whole signature is checked, before any claim is believed."""

import pytest

from jwt_verifier.tokens import UnverifiedToken, fingerprint
from tests.attacks.bench import Bench, cases
from tests.attacks.case import Case
from tests.attacks.corpus import rsa_blocks, signatures
from tests.attacks.forge import Mint
from tests.attacks.keyring import rsa_key
from tests.attacks.pkcs1 import SHA256_PREFIX, padded, pss_block, raw_signer


@pytest.mark.parametrize(
    "case", [*cases(signatures.hostile), *cases(rsa_blocks.hostile)], ids=lambda case: case.label
)
def test_a_faulty_signature_is_refused(case: Case, bench: Bench) -> None:
    verdict = bench.judge(case)
    assert (verdict.status, verdict.reason) == (401, case.reason)


def test_the_workshop_that_makes_faulty_blocks_makes_good_ones_too(
    bench: Bench, mint: Mint
) -> None:
    """S5, S6: or the faulty blocks would be refused for a mistake of the forger's."""
    rs256 = raw_signer(rsa_key(mint.key), lambda d, n: padded(SHA256_PREFIX + d, n))
    ps256_key = mint.keys.issuer["PS256"]
    ps256 = raw_signer(rsa_key(ps256_key), pss_block)
    target = bench.target()
    assert target.judge_token(mint.token(sign=rs256)).status == 200
    assert target.judge_token(mint.token(key=ps256_key, sign=ps256)).status == 200


@pytest.mark.parametrize("case", cases(signatures.legal), ids=lambda case: case.label)
def test_the_second_text_of_an_ecdsa_token_is_the_same_token(case: Case, bench: Bench) -> None:
    """S8: it passes, so nothing that we keep may be keyed by the token's text."""
    assert bench.judge(case).status == 200
    first = UnverifiedToken(case.token.rpartition(".")[0] + ".AAAA")
    assert fingerprint(UnverifiedToken(case.token)) == fingerprint(first)
