"""Who is told: the stage's topic, by its name alone, so that no stack waits for another's."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import assertions
from aws_cdk import aws_cloudwatch as cloudwatch

from stacks.operations.alarm import AlarmSpec, add_alarm
from stacks.stage.config import stage_config
from tests.sample.paths import STAGES
from tests.synth.synthesis import Synthesis, synthesise

PAGER = "arn:aws:sns:eu-west-1:123456789012:pager"


def alarm_of(fields: Mapping[str, object]) -> dict[str, Any]:
    """One alarm, as the template of a stage with these fields has it."""
    stack = cdk.Stack(cdk.App(), "Any")
    spec = AlarmSpec(
        name="too-many-things",
        means="There are too many things.",
        metric=cloudwatch.Metric(namespace="Things", metric_name="things"),
        threshold=1,
    )
    add_alarm(stack, spec, stage_config("prod", STAGES, fields))
    found = assertions.Template.from_stack(stack).find_resources("AWS::CloudWatch::Alarm")
    [alarm] = found.values()
    properties: dict[str, Any] = alarm["Properties"]
    return properties


def test_an_alarm_is_named_after_its_heading_of_the_runbook() -> None:
    alarm = alarm_of({})
    assert alarm["AlarmName"] == "jwt-authorizer-prod-too-many-things"
    assert alarm["AlarmDescription"] == (
        "There are too many things. docs/runbook.md#too-many-things"
    )


def test_silence_does_not_ring() -> None:
    assert alarm_of({})["TreatMissingData"] == "notBreaching"


def test_the_topic_is_told_when_it_rings_and_when_that_is_over() -> None:
    alarm = alarm_of({"alarm_topic": PAGER})
    assert alarm["AlarmActions"] == alarm["OKActions"] == [PAGER]


def test_the_own_topic_is_known_by_its_name_in_every_stack() -> None:
    [arn] = alarm_of({"alarm_topic": "own"})["AlarmActions"]
    assert arn["Fn::Join"][1][-1] == ":jwt-authorizer-prod-alarms"
    assert "Fn::ImportValue" not in str(arn)


def test_a_stage_without_a_topic_tells_nobody() -> None:
    alarm = alarm_of({"alarm_topic": "none"})
    assert "AlarmActions" not in alarm
    assert "OKActions" not in alarm


def test_alarms_may_publish_to_the_own_topic_and_nobody_may_without_tls(prod: Synthesis) -> None:
    template = assertions.Template.from_json(prod.template("operations"))
    template.has_resource_properties("AWS::SNS::Topic", {"TopicName": "jwt-authorizer-prod-alarms"})
    [policy] = template.find_resources("AWS::SNS::TopicPolicy").values()
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    allowed = [item for item in statements if item["Effect"] == "Allow"]
    assert [item["Principal"] for item in allowed] == [{"Service": "cloudwatch.amazonaws.com"}]
    assert allowed[0]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    }
    [denied] = [item for item in statements if item["Effect"] == "Deny"]
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_each_address_of_the_stage_gets_mail(folder: Path) -> None:
    emails = ["oncall@example.com", "lead@example.com"]
    made = assertions.Template.from_json(
        synthesise(folder, "prod", alarm_emails=emails, log_level="ERROR").template("operations")
    )
    subscribed = [
        item["Properties"] for item in made.find_resources("AWS::SNS::Subscription").values()
    ]
    assert [(item["Protocol"], item["Endpoint"]) for item in subscribed] == [
        ("email", address) for address in emails
    ]
    said = metadata_of(folder, "operations")
    assert "log_level is ERROR: no decision is logged, so no query finds one" in said
    assert "alarm_emails is empty" not in said


def test_synth_says_that_a_topic_has_no_subscriber(prod: Synthesis) -> None:
    said = metadata_of(prod.folder, "operations")
    assert "context.stages.prod.alarm_emails is empty: alarms tell whoever subscribes to" in said
    assert "no decision is logged" not in said


def metadata_of(folder: Path, stack: str) -> str:
    [path] = folder.glob(f"*-{stack}.metadata.json")
    return path.read_text()


def test_a_stage_without_operations_has_no_such_stack(dev: Synthesis) -> None:
    assert not list(Path(dev.folder).glob("*operations*"))


def test_the_authorizer_does_not_know_the_topic(prod: Synthesis) -> None:
    """An alarm topic that cannot be reached does not stop decisions."""
    assert "sns" not in str(prod.api).lower()
