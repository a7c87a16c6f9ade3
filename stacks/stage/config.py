"""cdk.json's `context.stages.<stage>` -> StageConfig.

A field that is unknown, missing or wrong stops synth with one line that names it. Imports no CDK.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from stacks.stage.app_name import DEFAULT_APP_NAME, metrics_namespace
from stacks.stage.concurrency import check_concurrency
from stacks.stage.config_fields import ConfigFields, ConfigInvalid
from stacks.stage.fields import CHECKS, LOCAL_STAGE, OWN_TOPIC, PARTS
from stacks.stage.parts.addresses import HttpAddress, IssuerAddress
from stacks.stage.parts.client_addresses import ClientAddresses
from stacks.stage.parts.domain import Domain, IssuerDomain
from stacks.stage.parts.email_sender import EmailSender
from stacks.stage.parts.existing_pool import ExistingPool
from stacks.stage.parts.identity_provider import IdentityProvider
from stacks.stage.parts.page_issuer import PageIssuer
from stacks.stage.parts.route_throttles import Throttle

STAGE_NAME = re.compile(r"[a-z][a-z0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class StageConfig:
    """What differs between stages; `fields.py` says what each field means and may hold.

    Attributes:
        app_name: Of the app that the stage is of; the same for every stage.
    """

    stage: str
    account: str
    region: str
    self_sign_up: bool
    mfa: Literal["off", "optional", "required"]
    feature_plan: Literal["essentials", "plus"]
    threat_protection: Literal["off", "audit", "enforced"]
    temporary_password_days: int
    log_failed_mail: bool
    retain: bool
    cognito_issuer: Literal["original", "updated"]
    accept_both_cognito_issuers: bool
    replica_regions: tuple[str, ...]
    token_validity_minutes: int
    refresh_token_days: int
    allowed_origins: tuple[str, ...]
    allowed_headers: tuple[str, ...]
    throttle_rate_per_second: int
    throttle_burst: int
    public_rate_per_second: int
    public_burst: int
    canary: str
    authorizer_reserved_concurrency: int
    authorizer_provisioned_concurrency: int
    authorizer_snap_start: bool
    origin_header_sha256: tuple[str, ...]
    authorizer_cache_ttl_seconds: int
    revocation: Literal["off", "closed", "open"]
    revocation_list_age_seconds: int
    leeway_seconds: int
    jwks_fresh_seconds: int
    jwks_max_age_seconds: int
    jwks_cooldown_seconds: int
    jwks_fetch_timeout_ms: int
    log_retention_days: int
    log_protection: bool
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"]
    domain_prefix: str
    sign_in_web_acl: str
    tenant_claim: bool
    kms_issuer: bool
    browser_storage_mode: bool
    session_idle_minutes: int
    session_hours: int
    session_reserved_concurrency: int
    browser_rate_per_second: int
    browser_burst: int
    on_left_out: Literal["say", "stop"]
    route_metrics: bool
    operations: bool
    alarm_topic: str
    alarm_emails: tuple[str, ...]
    user_pool: ExistingPool | None
    route_throttles: Mapping[str, Throttle]
    domain: Domain | None
    issuer_domain: IssuerDomain | None
    clients: Mapping[str, ClientAddresses]
    sign_in_domain: Domain | None
    identity_providers: tuple[IdentityProvider, ...]
    email_sender: EmailSender | None
    issuers: Mapping[str, IssuerAddress]
    http_backends: Mapping[str, HttpAddress]
    page_issuer: PageIssuer | None
    tags: Mapping[str, str]
    app_name: str = DEFAULT_APP_NAME

    @property
    def prefix(self) -> str:
        """What the names of this stage's resources begin with, before a hyphen."""
        return f"{self.app_name}-{self.stage}"

    @property
    def metrics_namespace(self) -> str:
        """Of every metric that a function of this app writes."""
        return metrics_namespace(self.app_name)


def stage_config(
    stage: object, stages: object, overrides: object = None, app_name: str = DEFAULT_APP_NAME
) -> StageConfig:
    """Pick one stage and check every field of it.

    Args:
        stage: The stage's name, as context gives it.
        stages: The object under `context.stages` in cdk.json, untrusted.
        overrides: Fields that replace the stage's own, for one run: the object under
            `context.overrides`, untrusted; None for none.
        app_name: Of the app, checked.

    Raises:
        ConfigInvalid: One line: the field's path, its value, what is allowed.
    """
    if not isinstance(stages, Mapping):
        raise ConfigInvalid(f"context.stages is {stages!r}: it must be an object of stages")
    if not isinstance(stage, str) or stage not in stages or not STAGE_NAME.fullmatch(stage):
        known = ", ".join(str(name) for name in stages)
        raise ConfigInvalid(
            f"context.stage is {stage!r}: it must be one of {known} (pass -c stage=<name>), "
            "in at most 16 lower-case letters and digits"
        )
    own = ConfigFields(f"context.stages.{stage}", stages[stage])
    given = ConfigFields("context.overrides", {} if overrides is None else overrides)
    for fields in (own, given):
        fields.only((*CHECKS, *PARTS))
    loopback = stage == LOCAL_STAGE
    values = {
        name: (given if name in given else own).take(name, field) for name, field in CHECKS.items()
    }
    parts = {
        name: read((given if name in given else own).part(name), loopback)
        for name, read in PARTS.items()
    }
    config = StageConfig(stage=stage, app_name=app_name, **values, **parts)  # type: ignore[arg-type]  # each has its type from its reader
    _check_alarm_topic(config)
    check_concurrency(
        f"context.stages.{config.stage}",
        reserved=config.authorizer_reserved_concurrency,
        provisioned=config.authorizer_provisioned_concurrency,
        snap_start=config.authorizer_snap_start,
    )
    return config


def _check_alarm_topic(config: StageConfig) -> None:
    path = f"context.stages.{config.stage}"
    if config.alarm_topic == OWN_TOPIC and not config.operations:
        raise ConfigInvalid(
            f"{path}.alarm_topic is 'own', a topic of the operations stack: set operations to true"
        )
    if config.alarm_emails and config.alarm_topic != OWN_TOPIC:
        raise ConfigInvalid(
            f"{path}.alarm_emails must be empty, for alarm_topic is {config.alarm_topic!r}: set it "
            "to 'own', or subscribe these addresses to your topic"
        )


def with_issuer(config: StageConfig, name: str, address: IssuerAddress) -> StageConfig:
    """Return the stage with the address of an issuer that is deployed with it.

    Raises:
        ConfigInvalid: If the stage names an address for it too.
    """
    if name in config.issuers:
        raise ConfigInvalid(
            f"context.stages.{config.stage}.issuers.{name}: remove it, or set kms_issuer to false"
        )
    return replace(config, issuers={**config.issuers, name: address})
