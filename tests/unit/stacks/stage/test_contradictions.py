"""Fields that are right one by one and cannot be meant together."""

from typing import Any

import pytest

from stacks.stage.config import stage_config
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.contradictions import check_contradictions
from tests.sample.paths import STAGES
from tests.synth.everything_on import EXISTING_POOL, LINK, VARIANTS

LISTENER_THERE = (
    "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/a/50dc6c495c0c9188/f2"
)
SERVICE_HERE = "arn:aws:servicediscovery:eu-west-1:111122223333:service/srv-abcdefghij"
TOPIC_THERE = "arn:aws:sns:us-east-1:111122223333:alarms"
SECRET_THERE = "arn:aws:secretsmanager:us-east-1:111122223333:secret:login-AbCdEf"
THERE = {"alb_listener_arn": LISTENER_THERE, **LINK}
HERE = {"service_arn": SERVICE_HERE, **LINK}


def google_with(secret: str) -> dict[str, object]:
    provider = {
        "kind": "google",
        "client_id": "id-1",
        "client_secret": {"secret": secret, "json_key": "k"},
        "attributes": {"email": "email"},
    }
    return {"identity_providers": {"google": provider}}


def check(**fields: Any) -> None:
    config = stage_config("dev", {"dev": {**STAGES["dev"], **fields}})
    check_contradictions(config, fields.get("region"))


CONTRADICTIONS: list[tuple[dict[str, Any], str]] = [
    (
        {"user_pool": EXISTING_POOL["user_pool"]},
        "clients says how a user pool is made, and user_pool names eu-west-1_AbC123xyz, which is ",
    ),
    (
        {**EXISTING_POOL, "sign_in_web_acl": "own"},
        "sign_in_web_acl guards a user pool that is made here, and user_pool names eu-west-1_",
    ),
    (
        {"threat_protection": "audit"},
        "threat_protection is 'audit', and feature_plan is 'essentials': Cognito has it in the ",
    ),
    (
        {"allowed_headers": ["content-type"]},
        "allowed_headers lacks 'authorization', and allowed_origins has http://localhost:5173: a ",
    ),
    (
        {"jwks_fresh_seconds": 86_400, "jwks_max_age_seconds": 3600},
        "jwks_max_age_seconds is 3600, and jwks_fresh_seconds is 86400: keys cannot be too old",
    ),
    (
        {"session_idle_minutes": 61, "session_hours": 1},
        "session_idle_minutes is 61, and session_hours is 1: a session would never be idle",
    ),
    (
        {"session_hours": 25, "refresh_token_days": 1},
        "session_hours is 25, and refresh_token_days is 1: a session cannot outlive the refresh ",
    ),
    (
        {
            "revocation": "closed",
            "authorizer_cache_ttl_seconds": 6,
            "revocation_list_age_seconds": 5,
        },
        "authorizer_cache_ttl_seconds is 6, and revocation_list_age_seconds is 5: a revocation must",
    ),
    (
        {"http_backends": {"inventory": HERE, "stock": THERE}},
        "http_backends.stock is in us-east-1, and http_backends.inventory is in eu-west-1: both",
    ),
    (
        {"alarm_topic": TOPIC_THERE, "region": "eu-west-1"},
        "alarm_topic is in us-east-1, and the stage is deployed to eu-west-1: both must be in one",
    ),
    (
        {**google_with(SECRET_THERE), "region": "eu-west-1"},
        "identity_providers (Google, client_secret) is in us-east-1, and the stage is deployed to",
    ),
    (
        google_with("arn:aws:secretsmanager:us-east-1"),
        "identity_providers (Google, client_secret).secret is 'arn:aws:secretsmanager:us-east-1': ",
    ),
    (
        {"replica_regions": ["us-east-1", "eu-west-1"], "region": "eu-west-1"},
        "replica_regions has eu-west-1, where the stage itself is deployed: remove it",
    ),
]


@pytest.mark.parametrize(("fields", "words"), CONTRADICTIONS)
def test_a_contradiction_is_one_line_that_names_both_fields(
    fields: dict[str, Any], words: str
) -> None:
    with pytest.raises(ConfigInvalid) as refusal:
        check(**fields)
    assert str(refusal.value).startswith(f"context.stages.dev.{words}")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"jwks_fresh_seconds": 60, "jwks_max_age_seconds": 60},
        {"session_idle_minutes": 60, "session_hours": 1},
        {"session_hours": 24, "refresh_token_days": 1},
        {"revocation": "open", "authorizer_cache_ttl_seconds": 5},
        {"replica_regions": ["us-east-1"], "region": "eu-west-1"},
        {"alarm_topic": TOPIC_THERE},
        google_with("prod/login"),
        google_with(SECRET_THERE),
        {"feature_plan": "plus"},
        {"feature_plan": "plus", "threat_protection": "audit"},
        *VARIANTS.values(),
    ],
)
def test_what_fits_together_is_accepted(fields: dict[str, Any]) -> None:
    check(**{**fields, **_topic(fields)})


def _topic(fields: dict[str, Any]) -> dict[str, Any]:
    return {"operations": True, "alarm_topic": "own"} if "alarm_emails" in fields else {}


def test_a_session_at_another_issuer_lasts_as_long_as_that_one_lets_it() -> None:
    by_partner = VARIANTS["page by partner's secret"]["page_issuer"]
    check(session_hours=720, refresh_token_days=1, page_issuer=by_partner)


def test_a_secret_of_the_page_stands_where_the_page_does() -> None:
    page: Any = {**_page(), "client_secret": {"secret": SECRET_THERE, "json_key": "k"}}
    with pytest.raises(ConfigInvalid, match=r"page_issuer.client_secret is in us-east-1, and"):
        check(region="eu-west-1", page_issuer=page)


def _page() -> dict[str, Any]:
    page = VARIANTS["page by partner's secret"]["page_issuer"]
    assert isinstance(page, dict)
    return page
