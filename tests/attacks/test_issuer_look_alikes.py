"""Row I1: an issuer is a string, compared exactly."""

import pytest

from tests.attacks.bench import Bench, cases
from tests.attacks.case import Case
from tests.attacks.corpus import identities
from tests.attacks.forge import Mint
from tests.attacks.target import PLAIN_ISSUER

OLD_FORM = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123"
NEW_FORM = "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123"


@pytest.mark.parametrize("case", cases(identities.hostile, "I1"), ids=lambda case: case.label)
def test_a_token_from_a_look_alike_is_refused(case: Case, bench: Bench) -> None:
    verdict = bench.judge(case)
    assert (verdict.status, verdict.reason) == (401, case.reason)


@pytest.mark.parametrize("configured", [OLD_FORM, NEW_FORM])
def test_a_user_pools_other_issuer_form_is_another_issuer_until_it_is_configured(
    configured: str, bench: Bench, mint: Mint
) -> None:
    """I1: no normalisation, though Cognito has two forms for one pool."""
    pool = {**PLAIN_ISSUER, "client_ids": ["web-client"], "jwks_uri": bench.jwks_uri()}
    one = bench.trusting({**pool, "issuer": configured})
    both = bench.trusting({**pool, "issuer": OLD_FORM}, {**pool, "issuer": NEW_FORM})
    for issuer in (OLD_FORM, NEW_FORM):
        token = mint.token(claims=mint.claims(iss=issuer))
        assert one.judge_token(token).status == (200 if issuer == configured else 401)
        assert both.judge_token(token).status == 200
