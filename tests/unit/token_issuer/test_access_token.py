import base64
import json

from token_issuer.access_token import MAX_SCOPE_CHARACTERS, TOKEN_TYPE, Grant
from token_issuer.settings import LONGEST_NAME_CHARACTERS, LONGEST_TOKEN_SECONDS

KMS_BYTES = 4_096
"""What KMS's Sign takes of a RAW message (API reference, "Sign")."""

LONGEST_CLIENT_ID = 64
THUMBPRINT_CHARACTERS = 43


def signing_input_bytes(claims: dict[str, object]) -> int:
    header = {"alg": "RS256", "typ": TOKEN_TYPE, "kid": "k" * THUMBPRINT_CHARACTERS}
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in (header, claims)]
    return len(b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts))


def test_the_largest_token_that_a_client_can_ask_for_is_not_too_large_for_kms() -> None:
    grant = Grant(
        issuer="i" * LONGEST_NAME_CHARACTERS,
        audience="a" * LONGEST_NAME_CHARACTERS,
        client_id="c" * LONGEST_CLIENT_ID,
        scopes=("s" * MAX_SCOPE_CHARACTERS,),
        issued_at=99_999_999_999,
        lifetime_seconds=LONGEST_TOKEN_SECONDS,
        token_id="j" * 22,
    )
    assert signing_input_bytes(grant.claims()) <= KMS_BYTES
