"""Verified tokens of the tests, as the verifier makes them."""

from typing import Any

from jwt_verifier.tokens import VerifiedToken


def token(issuer_name: str = "cognito", **claims: Any) -> VerifiedToken:
    """A token with these claims; its client is its `client_id`."""
    return VerifiedToken(
        issuer=f"https://{issuer_name}.example",
        issuer_name=issuer_name,
        key_id="k",
        subject=claims.get("sub"),
        client_id=claims.get("client_id"),
        token_use=None,
        scopes=(),
        groups=(),
        expires_at=claims.get("exp", 0.0),
        claims=claims,
    )
