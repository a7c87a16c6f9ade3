"""A Lambda function that verifies an access token of a Cognito user pool by itself."""

import os
from typing import Any

from jwt_verifier import JwtVerifier, KeysUnavailable, TokenRejected

verifier = JwtVerifier.cognito(
    os.environ["USER_POOL_ID"],
    client_ids=[os.environ["CLIENT_ID"]],
    token_use="access",  # noqa: S106  # a kind of token, not a password
)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer an event of payload format 2.0 with whose orders they are."""
    scheme, _, jwt = event["headers"].get("authorization", "").partition(" ")
    try:
        token = verifier.verify(jwt if scheme.lower() == "bearer" else "")
    except TokenRejected:
        return {"statusCode": 401}
    except KeysUnavailable:
        return {"statusCode": 503}
    return {"statusCode": 200, "body": f"orders of {token.subject}"}
