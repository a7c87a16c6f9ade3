"""StageConfig and the access table -> how long an entry of the list matters. Imports no CDK."""

from typing import Final

from aws_jwt_authorizer.access.rules import AccessTable, Issuer
from stacks.stage.config import StageConfig

LONGEST_TOKEN_SECONDS: Final = 86_400
"""Of an issuer that the table lets live as long as it likes: no token of it may live longer where
revocation is on, and none of Cognito's can (AccessTokenValidity of CreateUserPoolClient)."""


OF_POOL_SECONDS: Final = 900
"""Of the user pool at least: what `token_validity_minutes` may be, so that no token that is out is
refused where that becomes shorter."""


def longest_token_seconds(issuer: Issuer, config: StageConfig) -> int:
    """Return the most that `exp - iat` of an issuer's token may be where revocation is on.

    Args:
        issuer: Of the table of a stage.
        config: That stage; its clients' tokens live no longer than it says. The clients of others
            that the table lets use the pool's tokens may be set otherwise.
    """
    if issuer.max_lifetime_seconds:
        return issuer.max_lifetime_seconds
    if issuer.is_pool and not issuer.client_ids:
        return max(OF_POOL_SECONDS, config.token_validity_minutes * 60)
    return LONGEST_TOKEN_SECONDS


def entry_lifetime_seconds(
    config: StageConfig, access: AccessTable, issuer_name: str | None = None
) -> int:
    """Return how long after its writing an entry may still hit a token that has not expired.

    A token may have been issued as much in the future as it is accepted after its end.

    Args:
        config: The stage.
        access: The table of that stage.
        issuer_name: Whose tokens it hits; None for those of any issuer.
    """
    issuers = [each for each in access.issuers if issuer_name in (None, each.name)]
    longest = max(longest_token_seconds(issuer, config) for issuer in issuers)
    return longest + 2 * config.leeway_seconds


def renewable_lifetime_seconds(
    config: StageConfig, access: AccessTable, issuer_name: str | None = None
) -> int:
    """Return how long one may hit what a refresh token of the user pool brings.

    Args:
        config: The stage.
        access: The table of that stage.
        issuer_name: Whose tokens it hits; None for those of any issuer.
    """
    of_tokens = entry_lifetime_seconds(config, access, issuer_name)
    return of_tokens + config.refresh_token_days * 86_400


def entry_lifetimes(
    config: StageConfig, access: AccessTable, issuer_name: str | None = None
) -> dict[str, str]:
    """Return the variables that tell a function how long an entry that it writes must last.

    Args:
        config: The stage.
        access: The table of that stage.
        issuer_name: Whose tokens its entries hit; None for those of any issuer. A sign-out of the
            page is an entry, so those must not last longer than they need.
    """
    return {
        "REVOCATION_ENTRY_SECONDS": str(entry_lifetime_seconds(config, access, issuer_name)),
        "REVOCATION_RENEWABLE_SECONDS": str(
            renewable_lifetime_seconds(config, access, issuer_name)
        ),
    }
