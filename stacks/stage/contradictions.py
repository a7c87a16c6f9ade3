"""Fields of a stage that are right one by one -> do they fit together? Imports no CDK."""

import re
from collections.abc import Iterator

from stacks.stage.config import StageConfig
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.domain_checks import SIGN_IN, domain_problems, domains_of
from stacks.stage.existing_pool_checks import existing_pool_problems
from stacks.stage.fields import MOST_REVOCATION_SECONDS, NO_PROTECTION
from stacks.stage.parts.addresses import PrivateAddress

SECRET_ARN = re.compile(r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[!-~]+")
AUTHORIZATION = "authorization"
HOURS_OF_DAY = 24
MINUTES_OF_HOUR = 60


def check_contradictions(config: StageConfig, region: str | None) -> None:
    """Accept the stage or say which of its fields contradict each other.

    Args:
        config: The stage.
        region: Where it is deployed; None for a region that is not known yet.

    Raises:
        ConfigInvalid: One line that names a field, the one that it contradicts and the fix.
    """
    problems = (
        *existing_pool_problems(config),
        *_cors(config),
        *_plan(config),
        *_lifetimes(config),
        *_revocation(config),
        *_regions(config, region),
        *domain_problems(config),
    )
    for problem in problems:
        raise ConfigInvalid(f"context.stages.{config.stage}.{problem}")


def _cors(config: StageConfig) -> Iterator[str]:
    if config.allowed_origins and AUTHORIZATION not in config.allowed_headers:
        yield (
            f"allowed_headers lacks {AUTHORIZATION!r}, and allowed_origins has "
            f"{', '.join(config.allowed_origins)}: a page there could send no token, so add it, or "
            "empty allowed_origins"
        )


def _plan(config: StageConfig) -> Iterator[str]:
    if config.threat_protection != NO_PROTECTION and config.feature_plan != "plus":
        yield (
            f"threat_protection is {config.threat_protection!r}, and feature_plan is "
            f"{config.feature_plan!r}: Cognito has it in the plan plus alone"
        )


def _lifetimes(config: StageConfig) -> Iterator[str]:
    if config.jwks_max_age_seconds < config.jwks_fresh_seconds:
        yield (
            f"jwks_max_age_seconds is {config.jwks_max_age_seconds}, and jwks_fresh_seconds is "
            f"{config.jwks_fresh_seconds}: keys cannot be too old while they are fresh"
        )
    if config.session_idle_minutes > config.session_hours * MINUTES_OF_HOUR:
        yield (
            f"session_idle_minutes is {config.session_idle_minutes}, and session_hours is "
            f"{config.session_hours}: a session would never be idle before it ends"
        )
    if not config.page_issuer and config.session_hours > config.refresh_token_days * HOURS_OF_DAY:
        yield (
            f"session_hours is {config.session_hours}, and refresh_token_days is "
            f"{config.refresh_token_days}: a session cannot outlive the refresh token that renews "
            f"it, so name at most {config.refresh_token_days * HOURS_OF_DAY} hours or more days"
        )


def _revocation(config: StageConfig) -> Iterator[str]:
    if config.revocation == "off":
        return
    kept, age = config.authorizer_cache_ttl_seconds, config.revocation_list_age_seconds
    if kept + age > MOST_REVOCATION_SECONDS:
        yield (
            f"authorizer_cache_ttl_seconds is {kept}, and revocation_list_age_seconds is {age}: a "
            f"revocation must count within {MOST_REVOCATION_SECONDS} seconds, so name at most "
            f"{MOST_REVOCATION_SECONDS - age} seconds for the cache, or set revocation to off"
        )


def _regions(config: StageConfig, region: str | None) -> Iterator[str]:
    """Yield what is named by its ARN and stands in another region than the stage."""
    if region is not None and region in config.replica_regions:
        yield f"replica_regions has {region}, where the stage itself is deployed: remove it"
    where, expected = "the stage is deployed to", region
    for field, found in _regions_named(config):
        if expected is None:
            where, expected = f"{field} is in", found
        elif found != expected:
            yield f"{field} is in {found}, and {where} {expected}: both must be in one region"


def _regions_named(config: StageConfig) -> Iterator[tuple[str, str]]:
    for field, domain in domains_of(config).items():
        if field == SIGN_IN:
            continue  # served by CloudFront, wherever the pool is
        yield f"{field}.certificate_arn", _region_of(domain.certificate_arn)
    for name, address in config.http_backends.items():
        if isinstance(address, PrivateAddress):
            yield f"http_backends.{name}", _region_of(address.target_arn)
    for field, secret in _secrets(config):
        if secret.startswith("arn:"):
            if not SECRET_ARN.fullmatch(secret):
                raise ConfigInvalid(
                    f"context.stages.{config.stage}.{field}.secret is {secret!r}: it must be the "
                    "name or the whole ARN of a secret of AWS Secrets Manager"
                )
            yield field, _region_of(secret)
    if config.sign_in_web_acl.startswith("arn:"):
        yield "sign_in_web_acl", _region_of(config.sign_in_web_acl)
    if config.alarm_topic.startswith("arn:"):
        yield "alarm_topic", _region_of(config.alarm_topic)


def _secrets(config: StageConfig) -> Iterator[tuple[str, str]]:
    for provider in config.identity_providers:
        if provider.secret:
            field = f"identity_providers ({provider.name}, {provider.secret_field})"
            yield field, provider.secret.secret
    if config.page_issuer:
        wanted = config.page_issuer
        yield f"page_issuer.{wanted.authentication}", wanted.credential.secret


def _region_of(arn: str) -> str:
    return arn.split(":")[3]
