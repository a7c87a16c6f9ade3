"""Table, pool and stage -> what our Lambda authorizer is told. Imports no CDK."""

from collections.abc import Sequence

from aws_jwt_authorizer.access.issuers import Issuer
from aws_jwt_authorizer.access.policy_document import policy_json
from aws_jwt_authorizer.access.rules import AccessTable, HttpBackend
from aws_jwt_authorizer.access.table_checks import AccessInvalid
from aws_jwt_authorizer.settings.authorizer_settings import AuthorizerSettings, told
from aws_jwt_authorizer.settings.issuer_items import (
    Item,
    KeysUnreadable,
    divided,
    items_of_issuer,
    token_options,
)
from stacks.identity.pool_tokens import PoolTokens
from stacks.revocation.entry_lifetime import longest_token_seconds
from stacks.stage.config import StageConfig
from stacks.stage.parts.identity_provider import ROOT


def authorizer_settings(
    config: StageConfig, access: AccessTable, pool: PoolTokens, cookie_origins: Sequence[str]
) -> AuthorizerSettings:
    """Return what the authorizer of a stage is told.

    Args:
        config: The stage.
        access: The table of that stage.
        pool: What the user pool's tokens carry.
        cookie_origins: The origins of the pages whose cookie may hold the token; told only if a
            route of the table takes a cookie.

    Raises:
        AccessInvalid: If a file that the table names cannot be read.
    """
    of_environment, of_bundle = issuer_items(access, pool)
    if config.revocation != "off":
        # What was taken back is forgotten once every token that it hits has expired.
        longest = {each.name: longest_token_seconds(each, config) for each in access.issuers}
        for item in (*of_environment, *of_bundle):
            item["max_lifetime_seconds"] = longest[str(item["name"])]
    further: dict[str, object] = {
        "LEEWAY_SECONDS": str(config.leeway_seconds),
        "STAGE": config.stage,
        "JWKS_FRESH_SECONDS": str(config.jwks_fresh_seconds),
        "JWKS_MAX_AGE_SECONDS": str(config.jwks_max_age_seconds),
        "JWKS_COOLDOWN_SECONDS": str(config.jwks_cooldown_seconds),
        "JWKS_FETCH_TIMEOUT_SECONDS": f"{config.jwks_fetch_timeout_ms / 1000:g}",
        "POWERTOOLS_METRICS_NAMESPACE": config.metrics_namespace,
    }
    if config.revocation != "off":
        further["REVOCATION_LIST_AGE_SECONDS"] = str(config.revocation_list_age_seconds)
        further["REVOCATION_UNREADABLE"] = config.revocation
    if any(route.cookie for route in access.routes):
        further["COOKIE_ORIGINS"] = list(cookie_origins)
    if config.origin_header_sha256:
        further["ORIGIN_HEADER_SHA256"] = list(config.origin_header_sha256)
    return told(of_environment, of_bundle, policy_json(access), further)


def issuer_items(access: AccessTable, pool: PoolTokens) -> tuple[list[Item], list[Item]]:
    """Return the table's issuers as ISSUERS lists them, and those for the file in the bundle.

    What only a deployment knows stands in the environment: the user pool, once for each form that
    is accepted, and the issuers of the stage. The table's own stand there too while they are few
    and none brings its keys along.

    Raises:
        AccessInvalid: If a file that the table names cannot be read.
    """
    # An HTTP backend is told the subject, which must not be empty.
    tells_servers = any(isinstance(route.backend, HttpBackend) for route in access.routes)

    def items_of(issuer: Issuer) -> list[Item]:
        if issuer.is_pool:
            return _pool_items(issuer, pool)
        return items_of_issuer(issuer, ROOT, needs_subject=tells_servers)

    try:
        return divided(access.issuers, lambda issuer: issuer.is_pool or issuer.from_stage, items_of)
    except KeysUnreadable as error:
        raise AccessInvalid(f"stacks/access.py: {error}") from None


def _pool_items(issuer: Issuer, pool: PoolTokens) -> list[Item]:
    """Return the pool, once for each form of its issuer and once for each replica."""
    clients = list(pool.accepted_clients(issuer.client_ids))
    more = {"audiences": list(issuer.audiences)} if issuer.audiences else {}
    required = {"required_claims": list(issuer.required_claims)} if issuer.required_claims else {}
    return [
        {"name": issuer.name, "issuer": url, "client_ids": clients}
        | more
        | required
        | token_options(issuer)
        | ({"is_replica": True} if url in pool.replica_issuers else {})
        for url in (*pool.accepted_issuers, *pool.replica_issuers)
    ]
