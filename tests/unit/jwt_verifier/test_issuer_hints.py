"""What the log says of an `iss` that is nearly a configured one."""

import pytest

from jwt_verifier.issuer import TrustedIssuer
from jwt_verifier.issuer_hints import likeness

TENANT = "11111111-2222-3333-4444-555555555555"
OTHER_TENANT = TENANT.replace("1", "9")
AUTH0 = "https://acme.eu.auth0.com/"
ENTRA_V1 = "https://sts.windows.net/{}/"
ENTRA_V2 = "https://login.microsoftonline.com/{}/v2.0"
POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123"


@pytest.mark.parametrize(
    ("unknown", "configured", "words"),
    [
        (AUTH0.rstrip("/"), AUTH0, "it differs from known's by a final slash only"),
        (AUTH0, AUTH0.rstrip("/"), "it differs from known's by a final slash only"),
        (ENTRA_V1.format(TENANT), ENTRA_V2.format(TENANT), "it is the other version (v1.0, v2.0)"),
        (ENTRA_V2.format(TENANT), ENTRA_V1.format(TENANT), "it is the other version (v1.0, v2.0)"),
        (POOL.replace("//cog", "//issuer-cog"), POOL, "it is the other form of known's issuer"),
    ],
)
def test_a_slip_is_told_by_the_configured_name(unknown: str, configured: str, words: str) -> None:
    told = likeness(unknown, [TrustedIssuer("known", configured)])
    assert told is not None
    assert told.startswith(words)
    assert unknown not in told


@pytest.mark.parametrize(
    ("unknown", "configured"),
    [
        ("https://evil.example", AUTH0),
        (ENTRA_V1.format(OTHER_TENANT), ENTRA_V2.format(TENANT)),
        (ENTRA_V2.format("common"), ENTRA_V2.format(TENANT)),
        ("", POOL),
    ],
)
def test_anything_else_is_just_unknown(unknown: str, configured: str) -> None:
    assert likeness(unknown, [TrustedIssuer("known", configured)]) is None
