from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

from stacks.stage.config import StageConfig, stage_config
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.fields import CHECKS, PARTS
from tests.sample.paths import STAGES


def refusal(**changes: Any) -> str:
    with pytest.raises(ConfigInvalid) as caught:
        stage_config("dev", {"dev": {**STAGES["dev"], **changes}})
    text = str(caught.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize("stage", ["dev", "prod", "local"])
def test_every_stage_of_cdk_json_can_be_used(stage: str) -> None:
    config = stage_config(stage, STAGES)
    assert config.stage == stage
    assert config.leeway_seconds == 60
    assert isinstance(config.clients["web"].callback_urls, tuple)


def test_every_field_is_checked() -> None:
    assert [field.name for field in fields(StageConfig)] == ["stage", *CHECKS, *PARTS, "app_name"]


def test_a_config_cannot_be_changed() -> None:
    config = stage_config("dev", STAGES)
    with pytest.raises(FrozenInstanceError):
        config.leeway_seconds = 0  # type: ignore[misc]  # what is tested


@pytest.mark.parametrize("name", [*CHECKS, *PARTS])
def test_a_missing_field_is_named_with_what_it_must_be(name: str) -> None:
    stage = {key: value for key, value in STAGES["dev"].items() if key != name}
    with pytest.raises(ConfigInvalid, match=f"context.stages.dev.{name} is missing: it must be "):
        stage_config("dev", {"dev": stage})


def test_an_unknown_field_is_named_with_those_that_there_are() -> None:
    text = refusal(mfa_mode="off")
    assert text.startswith(
        "context.stages.dev.mfa_mode is unknown: the fields are account, region,"
    )


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize("value", [None, {}, "may be", -1, 1.5, [1], ["x", "x"]])
def test_a_wrong_value_is_refused_by_its_field(name: str, value: object) -> None:
    text = refusal(**{name: value})
    assert text == f"context.stages.dev.{name} is {value!r}: it must be {CHECKS[name].allowed}"


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize(
    ("value", "kind"),
    [(None, "null"), ("s3cret", "a string"), (["s3cret"], "a list"), (True, "true or false")],
)
def test_what_must_be_an_object_is_refused_unseen(name: str, value: object, kind: str) -> None:
    text = refusal(**{name: value})
    assert text == f"context.stages.dev.{name} is {kind}: it must be an object of fields"


def test_a_run_may_replace_fields_of_the_stage_and_is_checked_alike() -> None:
    config = stage_config("dev", STAGES, {"leeway_seconds": 5, "tenant_claim": False})
    assert (config.leeway_seconds, config.tenant_claim, config.mfa) == (5, False, "optional")
    for overrides, text in (
        ({"leeway_seconds": 999}, "context.overrides.leeway_seconds is 999: it must be a whole"),
        ({"leeway": 5}, "context.overrides.leeway is unknown: the fields are account, region,"),
        ("leeway", "context.overrides is a string: it must be an object of fields"),
        ({"issuers": []}, "context.overrides.issuers is a list: it must be an object of fields"),
    ):
        with pytest.raises(ConfigInvalid, match=text):
            stage_config("dev", STAGES, overrides)


@pytest.mark.parametrize("prefix", ["auto", "a", "orders-2", "x" * 63])
def test_a_domain_prefix_is_one_label(prefix: str) -> None:
    config = stage_config("dev", STAGES, {"domain_prefix": prefix})
    assert config.domain_prefix == prefix


@pytest.mark.parametrize(
    "prefix", ["", "-a", "a-", "A", "a.b", "a_b", "x" * 64, "my-aws", "cognito-login", "amazonia"]
)
def test_a_domain_prefix_that_cognito_refuses_is_refused_at_synth(prefix: str) -> None:
    assert "domain_prefix is" in refusal(domain_prefix=prefix)


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [
        ("token_validity_minutes", 5, 15),
        ("refresh_token_days", 1, 3650),
        ("throttle_rate_per_second", 1, 10_000),
        ("throttle_burst", 1, 10_000),
        ("public_rate_per_second", 1, 10_000),
        ("public_burst", 1, 10_000),
        ("temporary_password_days", 1, 365),
        ("authorizer_cache_ttl_seconds", 0, 3600),
        ("revocation_list_age_seconds", 1, 10),
        ("leeway_seconds", 0, 300),
    ],
)
def test_a_number_is_allowed_up_to_its_bounds_and_no_further(
    name: str, lowest: int, highest: int
) -> None:
    for value in (lowest, highest):
        stage_config("dev", {"dev": {**STAGES["dev"], name: value}})
    for value in (lowest - 1, highest + 1):
        assert f"a whole number from {lowest} to {highest}" in refusal(**{name: value})


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            {"authorizer_provisioned_concurrency": 2, "authorizer_snap_start": True},
            "authorizer_provisioned_concurrency is 2 and authorizer_snap_start is true: ",
        ),
        (
            {"authorizer_provisioned_concurrency": 9, "authorizer_reserved_concurrency": 8},
            "authorizer_provisioned_concurrency is 9: it must be at most authorizer_reserved_",
        ),
    ],
)
def test_fields_that_contradict_each_other_are_named(fields: dict[str, Any], text: str) -> None:
    assert refusal(**fields).startswith(f"context.stages.dev.{text}")


@pytest.mark.parametrize(
    "fields",
    [
        {"authorizer_provisioned_concurrency": 8, "authorizer_reserved_concurrency": 8},
        {"authorizer_provisioned_concurrency": 8, "authorizer_reserved_concurrency": 0},
        {"authorizer_snap_start": True, "authorizer_reserved_concurrency": 8},
    ],
)
def test_fields_that_fit_each_other_are_taken(fields: dict[str, Any]) -> None:
    stage_config("dev", STAGES, fields)


@pytest.mark.parametrize(
    "tags", [{}, {"team": "orders"}, {"cost-center": "4711", "a b/c:d": "x@y=z"}]
)
def test_a_stage_has_the_tags_that_it_names(tags: dict[str, str]) -> None:
    assert stage_config("dev", STAGES, {"tags": tags}).tags == tags


@pytest.mark.parametrize(
    ("tags", "text"),
    [
        ({"AWS:x": "1"}, "tags has the key 'AWS:x': it must be 1 to 128 letters"),
        ({"": "1"}, "tags has the key '': it must be"),
        ({"team": ""}, "tags.team is '': it must be 1 to 256 letters"),
        ({"team": ["a"]}, "tags.team is ['a']: it must be 1 to 256 letters"),
        ({"team": "a;b"}, "tags.team is 'a;b': it must be"),
        ({f"t{n}": "x" for n in range(51)}, "tags has 51 tags: CloudFormation takes 50"),
    ],
)
def test_a_tag_that_cloudformation_refuses_is_refused_at_synth(
    tags: dict[str, Any], text: str
) -> None:
    assert refusal(tags=tags).startswith(f"context.stages.dev.{text}")


def test_true_is_no_number_and_one_is_no_truth() -> None:
    assert "leeway_seconds is True" in refusal(leeway_seconds=True)
    assert "retain is 1" in refusal(retain=1)


def test_a_retention_that_cloudwatch_does_not_know_is_refused() -> None:
    assert "log_retention_days is 15: it must be one of 1, 3, 5, 7, 14," in refusal(
        log_retention_days=15
    )


def test_cors_can_be_off() -> None:
    config = stage_config("dev", {"dev": {**STAGES["dev"], "allowed_origins": []}})
    assert config.allowed_origins == ()


@pytest.mark.parametrize(
    "origin",
    ["*", "https://app.example.com/", "https://APP.example.com", "null", "http://app.example.com"],
)
def test_only_an_origin_as_a_browser_sends_it_may_be_listed(origin: str) -> None:
    assert "allowed_origins is" in refusal(allowed_origins=[origin])


@pytest.mark.parametrize("header", ["*", "Authorization", "x id", "x-id:", ""])
def test_a_header_is_named_and_never_any_header(header: str) -> None:
    assert "allowed_headers is" in refusal(allowed_headers=[header])
    assert "allowed_headers is" in refusal(allowed_headers=[])


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (
            {"rate_per_second": 0, "burst": 1},
            "rate_per_second is 0: it must be a whole number from",
        ),
        ({"rate_per_second": 1, "burst": 10_001}, "burst is 10001: it must be a whole number from"),
        ({"rate_per_second": 1}, "burst is missing: it must be a whole number from 1 to 10000"),
        ({"rate_per_second": 1, "burst": 1, "rate": 1}, "rate is unknown: the fields are rate_per"),
    ],
)
def test_a_limit_of_a_route_says_both_numbers_and_nothing_else(
    limits: dict[str, int], text: str
) -> None:
    said = refusal(route_throttles={"GET /me": limits})
    assert said.startswith(f"context.stages.dev.route_throttles.GET /me.{text}")


@pytest.mark.parametrize("stage", [None, 1, "", "production", "Dev", ["dev"]])
def test_a_stage_that_is_not_there_is_refused_with_those_that_are(stage: object) -> None:
    with pytest.raises(ConfigInvalid, match="it must be one of dev, prod, local") as caught:
        stage_config(stage, STAGES)
    assert str(caught.value).startswith(f"context.stage is {stage!r}")


@pytest.mark.parametrize("stages", [None, [], "dev"])
def test_stages_must_be_an_object(stages: object) -> None:
    with pytest.raises(ConfigInvalid, match="it must be an object of stages"):
        stage_config("dev", stages)


def test_a_stage_must_be_an_object() -> None:
    with pytest.raises(ConfigInvalid, match="context.stages.dev is a number: it must be an object"):
        stage_config("dev", {"dev": 3})


def test_a_stage_name_must_fit_into_a_stack_name() -> None:
    with pytest.raises(ConfigInvalid, match="lower-case letters and digits"):
        stage_config("a/b", {"a/b": STAGES["dev"]})


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            {"alarm_topic": "own"},
            "alarm_topic is 'own', a topic of the operations stack: set operations to true",
        ),
        (
            {"alarm_emails": ["oncall@example.com"]},
            "alarm_emails must be empty, for alarm_topic is 'none': set it to 'own', or subscribe these addresses to your topic",
        ),
    ],
)
def test_an_alarm_topic_that_nothing_would_make_or_reach_is_refused(
    fields: dict[str, Any], text: str
) -> None:
    assert refusal(**fields) == f"context.stages.dev.{text}"


@pytest.mark.parametrize(
    "topic", ["", "pager", "arn:aws:sns:eu-west-1:123456789012:pager.fifo", "arn:aws:sqs:a:1:b"]
)
def test_an_alarm_topic_is_a_word_or_a_topics_arn(topic: str) -> None:
    assert "alarm_topic is" in refusal(alarm_topic=topic)


def test_alarms_go_to_a_topic_that_is_there_without_a_stack_of_ours() -> None:
    topic = "arn:aws:sns:eu-west-1:123456789012:pager"
    assert stage_config("dev", STAGES, {"alarm_topic": topic}).alarm_topic == topic


@pytest.mark.parametrize("address", ["", "oncall", "on call@example.com", "a@b", "a@@example.com"])
def test_what_is_no_e_mail_address_is_refused(address: str) -> None:
    changes = {"operations": True, "alarm_topic": "own", "alarm_emails": [address]}
    assert "alarm_emails is" in refusal(**changes)
