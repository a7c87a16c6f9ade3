"""The table's issuers -> API Gateway's built-in JWT authorizer, one for each issuer.

One is created in the template only when a route uses it.
"""

from collections.abc import Iterable

from aws_cdk import aws_apigatewayv2_authorizers as authorizers

from aws_jwt_authorizer.access.rules import Issuer
from stacks.identity.pool_tokens import PoolTokens


def jwt_authorizers(
    issuers: Iterable[Issuer], pool: PoolTokens
) -> dict[str, authorizers.HttpJwtAuthorizer]:
    """Return a JWT authorizer for each issuer, by the issuer's name.

    A Cognito access token has no `aud`: the gateway then compares its `client_id` with the
    audiences, so a pool's are the ids of its clients.

    Args:
        issuers: The table's issuers.
        pool: What the user pool's tokens carry.
    """
    return {
        issuer.name: authorizers.HttpJwtAuthorizer(
            f"JwtAuthorizer-{issuer.name}",
            issuer.url or pool.issuer,
            jwt_audience=list(_audiences(issuer, pool)),
            identity_source=["$request.header.Authorization"],
        )
        for issuer in issuers
    }


def _audiences(issuer: Issuer, pool: PoolTokens) -> tuple[str, ...]:
    if issuer.is_pool:
        return pool.accepted_clients(issuer.client_ids)
    return issuer.audiences or issuer.client_ids
