import time

import pytest

from local.cognito.customisation import NOTHING
from local.cognito.oauth.codes import CODE_SECONDS, Codes, Grant, challenge_of
from local.cognito.oauth.errors import OAuthError

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
GRANT = Grant("web", "uri", "someone", ("openid",), None, None, 0, NOTHING)


def test_the_challenge_is_the_one_of_the_standards_example() -> None:
    assert challenge_of(VERIFIER) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_code_expires_after_five_minutes() -> None:
    now = [0.0]
    codes = Codes(clock=lambda: now[0])
    early, late = codes.issue(GRANT), codes.issue(GRANT)
    now[0] = CODE_SECONDS - 1
    assert codes.redeem(early, "web", "uri", None) == GRANT
    now[0] = CODE_SECONDS
    with pytest.raises(OAuthError, match="expired"):
        codes.redeem(late, "web", "uri", None)


def test_a_verifier_without_a_challenge_is_refused() -> None:
    codes = Codes(time.time)
    code = codes.issue(GRANT)
    with pytest.raises(OAuthError, match="code_verifier"):
        codes.redeem(code, "web", "uri", VERIFIER)
