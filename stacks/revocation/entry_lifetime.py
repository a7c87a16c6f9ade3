"""StageConfig and the access table -> how long an entry of the list matters. Imports no CDK."""

from typing import Final

from aws_jwt_authorizer.access.rules import AccessTable, Issuer
from stacks.stage.config import StageConfig

LONGEST_TOKEN_SECONDS: Final = 86_400
"""Of an issuer that the table lets live as long as it likes: no token of it may live longer where
revocation is on, and none of Cognito's can (AccessTokenValidity of CreateUserPoolClient)."""


def longest_token_seconds(issuer: Issuer) -> int:
    """Return the most that `exp - iat` of an issuer's token may be where revocation is on."""
    return issuer.max_lifetime_seconds or LONGEST_TOKEN_SECONDS


def entry_lifetime_seconds(config: StageConfig, access: AccessTable) -> int:
    """Return how long after its writing an entry may still hit a token that has not expired.

    A token may have been issued as much in the future as it is accepted after its end.

    Args:
        config: The stage.
        access: The table of that stage.
    """
    longest = max(longest_token_seconds(issuer) for issuer in access.issuers)
    return longest + 2 * config.leeway_seconds


def renewable_lifetime_seconds(config: StageConfig, access: AccessTable) -> int:
    """Return how long one may hit what a refresh token of the user pool brings.

    Args:
        config: The stage.
        access: The table of that stage.
    """
    return entry_lifetime_seconds(config, access) + config.refresh_token_days * 86_400


def entry_lifetimes(config: StageConfig, access: AccessTable) -> dict[str, str]:
    """Return the variables that tell a function how long an entry that it writes must last."""
    return {
        "REVOCATION_ENTRY_SECONDS": str(entry_lifetime_seconds(config, access)),
        "REVOCATION_RENEWABLE_SECONDS": str(renewable_lifetime_seconds(config, access)),
    }
