"""Table, pool and stage -> what our Lambda authorizer is told. Imports no CDK."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_jwt_authorizer.access.issuers import Issuer
from aws_jwt_authorizer.access.policy_document import policy_json
from aws_jwt_authorizer.access.rules import AccessTable, HttpBackend
from aws_jwt_authorizer.access.table_checks import AccessInvalid
from stacks.identity.pool_tokens import PoolTokens
from stacks.stage.config import StageConfig
from stacks.stage.fields import METRICS_NAMESPACE
from stacks.stage.parts.identity_provider import ROOT

POLICY_FILE = "policy.json"
ISSUERS_FILE = "issuers.json"

MOST_ISSUER_BYTES = 1_500
"""Of the table's issuers in the environment, of which Lambda takes 4,096 bytes in all; with more
than that they travel in the bundle, where there is room."""

DEFAULTS = {field: getattr(Issuer("", ""), field) for field in Issuer.__slots__}
RENAMED = {"token_type": "typ"}
"""The field of ISSUERS, where the table has another word."""

TOKEN_FIELDS = (
    *("algorithms", "token_type", "token_use", "accept_bound_tokens_as_bearer", "jwks_uri"),
    *("accept_any_audience", "max_lifetime_seconds", "accept_plain_http"),
    *("scopes_claim", "groups_claim", "roles_claim", "client_claim"),
)
"""Fields that are told only where they differ from their default, which is that of ISSUERS too."""

Item = dict[str, object]


@dataclass(frozen=True, slots=True)
class AuthorizerSettings:
    """What the authorizer is told.

    Attributes:
        environment: Its variables: text, or a list that is written as JSON.
        files: Files of its bundle, text by name.
    """

    environment: Mapping[str, object]
    files: Mapping[str, str]


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
    environment: dict[str, object] = {
        "ISSUERS": of_environment,
        "POLICY_FILE": POLICY_FILE,
        "LEEWAY_SECONDS": str(config.leeway_seconds),
        "STAGE": config.stage,
        "JWKS_FRESH_SECONDS": str(config.jwks_fresh_seconds),
        "JWKS_MAX_AGE_SECONDS": str(config.jwks_max_age_seconds),
        "JWKS_COOLDOWN_SECONDS": str(config.jwks_cooldown_seconds),
        "JWKS_FETCH_TIMEOUT_SECONDS": f"{config.jwks_fetch_timeout_ms / 1000:g}",
        "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
    }
    if any(route.cookie for route in access.routes):
        environment["COOKIE_ORIGINS"] = list(cookie_origins)
    files = {POLICY_FILE: policy_json(access)}
    if of_bundle:
        environment["ISSUERS_FILE"] = ISSUERS_FILE
        files[ISSUERS_FILE] = json.dumps(of_bundle, indent=2) + "\n"
    return AuthorizerSettings(environment, files)


def issuer_items(access: AccessTable, pool: PoolTokens) -> tuple[list[Item], list[Item]]:
    """Return the table's issuers as ISSUERS lists them, and those for the file in the bundle.

    What only a deployment knows stands in the environment: the user pool, once for each form that
    is accepted, and the issuers of the stage. The table's own stand there too while they are few
    and none brings its keys along.

    Raises:
        AccessInvalid: If a file that the table names cannot be read.
    """
    tells_servers = any(isinstance(route.backend, HttpBackend) for route in access.routes)
    deployed = [issuer for issuer in access.issuers if issuer.is_pool or issuer.from_stage]
    known = [issuer for issuer in access.issuers if issuer not in deployed]
    items = [_issuer_item(issuer, needs_subject=tells_servers) for issuer in known]
    fits = len(json.dumps(items)) <= MOST_ISSUER_BYTES
    if fits and not any(issuer.jwks_file for issuer in known):
        deployed, items = list(access.issuers), []
    of_environment = [
        item
        for issuer in deployed
        for item in (
            _pool_items(issuer, pool)
            if issuer.is_pool
            else [_issuer_item(issuer, needs_subject=tells_servers)]
        )
    ]
    return of_environment, items


def _pool_items(issuer: Issuer, pool: PoolTokens) -> list[Item]:
    """Return the pool, once for each form of its issuer and once for each replica."""
    clients = [*pool.client_ids, *issuer.client_ids]
    more = {"audiences": list(issuer.audiences)} if issuer.audiences else {}
    required = {"required_claims": list(issuer.required_claims)} if issuer.required_claims else {}
    return [
        {"name": issuer.name, "issuer": url, "client_ids": clients}
        | more
        | required
        | _token_options(issuer)
        | ({"is_replica": True} if url in pool.replica_issuers else {})
        for url in (*pool.accepted_issuers, *pool.replica_issuers)
    ]


def _issuer_item(issuer: Issuer, *, needs_subject: bool) -> Item:
    """Another issuer as the authorizer's ISSUERS lists it."""
    item: Item = {"name": issuer.name, "issuer": issuer.url}
    if issuer.audiences:
        item["audiences"] = list(issuer.audiences)
    if issuer.client_ids:
        item["client_ids"] = list(issuer.client_ids)
    # An HTTP backend is told the subject, which must not be empty.
    required = dict.fromkeys([*issuer.required_claims, *(["sub"] if needs_subject else [])])
    if required:
        item["required_claims"] = list(required)
    if issuer.jwks_file is not None:
        item["jwks"] = _key_set(issuer.name, issuer.jwks_file)
    return item | _token_options(issuer)


def _token_options(issuer: Issuer) -> Item:
    """Return what the table says of the issuer's tokens beyond the defaults of ISSUERS."""
    return {
        RENAMED.get(name, name): list(value) if isinstance(value, tuple) else value
        for name in TOKEN_FIELDS
        if (value := getattr(issuer, name)) != DEFAULTS[name]
    }


def _key_set(name: str, path: str) -> object:
    try:
        return json.loads((ROOT / path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AccessInvalid(
            f"stacks/access.py: issuer {name!r}: jwks_file: {path!r} cannot be read "
            f"({type(error).__name__}): name a JWK set in JSON, by its path in this repository"
        ) from None
