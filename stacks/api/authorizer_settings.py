"""Table, pool and stage -> what our Lambda authorizer is told. Imports no CDK."""

from collections.abc import Sequence

from aws_jwt_authorizer.access.rules import AccessTable, HttpBackend, Issuer
from stacks.identity.pool_tokens import PoolTokens
from stacks.stage.config import StageConfig

POLICY_FILE = "policy.json"
METRICS_NAMESPACE = "JwtAuthorizer"


def authorizer_settings(
    config: StageConfig, access: AccessTable, pool: PoolTokens, cookie_origins: Sequence[str]
) -> dict[str, object]:
    """Return the authorizer's variables by name: text, or a list that is written as JSON.

    Args:
        config: The stage.
        access: The table of that stage.
        pool: What the user pool's tokens carry.
        cookie_origins: The origins of the pages whose cookie may hold the token; told only if a
            route of the table takes a cookie.
    """
    settings: dict[str, object] = {
        "ISSUERS": issuer_items(access, pool),
        "POLICY_FILE": POLICY_FILE,
        "LEEWAY_SECONDS": str(config.leeway_seconds),
        "STAGE": config.stage,
        "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
    }
    if any(route.cookie for route in access.routes):
        settings["COOKIE_ORIGINS"] = list(cookie_origins)
    return settings


def issuer_items(access: AccessTable, pool: PoolTokens) -> list[dict[str, object]]:
    """Return the table's issuers as ISSUERS lists them; the pool once for each accepted form."""
    tells_servers = any(isinstance(route.backend, HttpBackend) for route in access.routes)
    return [
        item
        for issuer in access.issuers
        for item in _issuer_items(issuer, pool, needs_subject=tells_servers)
    ]


def _issuer_items(
    issuer: Issuer, pool: PoolTokens, *, needs_subject: bool
) -> list[dict[str, object]]:
    """Return one issuer as ISSUERS lists it; the pool once for each accepted form."""
    if issuer.url is None:
        return [
            {"name": issuer.name, "issuer": url, "client_ids": list(pool.client_ids)}
            | _token_options(issuer)
            for url in pool.accepted_issuers
        ]
    item: dict[str, object] = {
        "name": issuer.name,
        "issuer": issuer.url,
        "audiences": list(issuer.audiences),
    }
    if needs_subject:  # an HTTP backend is told the subject, which must not be empty
        item["required_claims"] = ["sub"]
    return [item | _token_options(issuer)]


def _token_options(issuer: Issuer) -> dict[str, object]:
    """Return what the table says of the issuer's tokens beyond the defaults of ISSUERS."""
    options: dict[str, object] = {}
    if issuer.algorithms != ("RS256",):
        options["algorithms"] = list(issuer.algorithms)
    if issuer.token_type is not None:
        options["typ"] = issuer.token_type
    if issuer.token_use is not None:
        options["token_use"] = issuer.token_use
    if issuer.accept_bound_tokens_as_bearer:
        options["accept_bound_tokens_as_bearer"] = True
    return options
