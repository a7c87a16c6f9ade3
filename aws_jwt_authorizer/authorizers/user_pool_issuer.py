"""A user pool of the same app, and its clients -> the issuer of their tokens."""

from collections.abc import Sequence

from aws_cdk import aws_cognito as cognito

from aws_jwt_authorizer.access.issuers import Issuer


def user_pool_issuer(
    name: str, pool: cognito.IUserPool, clients: Sequence[cognito.IUserPoolClient]
) -> Issuer:
    """Return the issuer of a user pool that is a construct; `presets.cognito_pool` takes its id.

    Its tokens must have the original form of the issuer, which a pool has unless its
    `IssuerConfiguration` says otherwise (IssuerConfigurationType, Amazon Cognito user pools API).

    Args:
        name: What rules and log lines call it.
        pool: Made in this app, or imported.
        clients: Its app clients that may call the API.
    """
    return Issuer(
        name,
        f"https://cognito-idp.{pool.env.region}.amazonaws.com/{pool.user_pool_id}",
        client_ids=tuple(client.user_pool_client_id for client in clients),
    )
