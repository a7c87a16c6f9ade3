"""What the user pool's tokens carry: all that the API's stack knows of the pool."""

from dataclasses import dataclass

from stacks.identity.cognito_issuer import cognito_issuer, other_form
from stacks.stage.config import StageConfig

NO_CLIENT = "no-client"
"""Stands where a client's id is asked for and the pool has no client: no id has a hyphen
("ClientIdType", Amazon Cognito user pools API reference), so it lets nobody in."""


@dataclass(frozen=True, slots=True)
class PoolTokens:
    """How a token of the pool is known.

    Attributes:
        pool_id: The pool's, "<region>_<id>".
        issuer: The `iss` of new tokens.
        accepted_issuers: Every `iss` that is accepted; during a switch both of Cognito's forms.
        replica_issuers: The `iss` of its replicas' tokens.
        client_ids: The pool's app clients: an access token's `client_id`, an ID token's `aud`.
    """

    pool_id: str
    issuer: str
    accepted_issuers: tuple[str, ...]
    client_ids: tuple[str, ...]
    replica_issuers: tuple[str, ...] = ()

    def accepted_clients(self, made_elsewhere: tuple[str, ...]) -> tuple[str, ...]:
        """Return whose tokens are accepted; never nobody's, which would mean anybody's.

        Args:
            made_elsewhere: Further app clients of the pool.
        """
        return (*self.client_ids, *made_elsewhere) or (NO_CLIENT,)


NO_POOL = PoolTokens("", "", (), ())
"""Of an app whose access table has no user pool."""


def pool_tokens(
    config: StageConfig, region: str, pool_id: str, client_ids: tuple[str, ...]
) -> PoolTokens:
    """Return what the tokens of a stage's pool carry; a CDK token will do for each text."""
    forms = [config.cognito_issuer]
    if config.accept_both_cognito_issuers:
        forms.append(other_form(config.cognito_issuer))
    accepted = tuple(cognito_issuer(region, pool_id, form) for form in forms)
    replicas = tuple(
        cognito_issuer(replica, pool_id, "original") for replica in config.replica_regions
    )
    return PoolTokens(pool_id, accepted[0], accepted, client_ids, replicas)


def existing_pool_tokens(config: StageConfig) -> PoolTokens:
    """Return what the tokens of a stage's existing pool carry; `NO_POOL` without one."""
    pool = config.user_pool
    return pool_tokens(config, pool.region, pool.id, pool.client_ids) if pool else NO_POOL
