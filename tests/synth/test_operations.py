"""Every alarm can ring: who prints its metric, or which document of AWS names it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from local.template.read import read_local_app
from tests.alarms import MADE_TO_RING_IN, alarms, metrics_of, operations_template
from tests.saved_queries import OF_OTHERS, OF_THE_API, queries
from tests.synth.synthesis import Synthesis

ROOT = Path(__file__).parents[2]
OWN_NAMESPACE = "JwtAuthorizer"
OF_AWS = {
    # "Types of metrics for Lambda functions", AWS Lambda developer guide.
    "AWS/Lambda": (
        "FunctionName",
        "AWS::Lambda::Function",
        {"Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"},
    ),
    # "Work with metrics for HTTP APIs", API Gateway developer guide.
    "AWS/ApiGateway": (
        "ApiId",
        "AWS::ApiGatewayV2::Api",
        {"4xx", "5xx", "Count", "IntegrationLatency", "Latency", "DataProcessed"},
    ),
    # "Monitoring with CloudWatch metrics", Amazon CloudWatch Logs user guide.
    "AWS/Logs": ("LogGroupName", "AWS::Logs::LogGroup", {"IncomingLogEvents"}),
    # "Available CloudWatch metrics for Amazon SQS", Amazon SQS developer guide.
    "AWS/SQS": (
        "QueueName",
        "AWS::SQS::Queue",
        {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
    ),
}
STATISTICS = {"Sum", "Maximum", "Minimum", "p50", "p99"}


@pytest.fixture
def made(with_issuer: Synthesis) -> Synthesis:
    return with_issuer


def test_each_alarm_is_made_to_ring_by_a_test_or_looks_at_aws_alone() -> None:
    assert alarms().keys() == MADE_TO_RING_IN.keys()
    for name, file in MADE_TO_RING_IN.items():
        if file is not None:
            assert re.search(rf'assert rings\(\s*"{name}"', (ROOT / file).read_text()), name
        namespaces = {metric["Namespace"] for metric in metrics_of(alarms()[name]).values()}
        assert namespaces <= ({OWN_NAMESPACE} if file else OF_AWS.keys()), name


def test_the_alarms_are_those_that_this_synth_makes(made: Synthesis) -> None:
    assert made.template("operations") == operations_template()


@pytest.mark.parametrize("name", [name for name, file in MADE_TO_RING_IN.items() if file is None])
def test_a_metric_of_aws_is_one_that_it_documents_of_a_resource_that_there_is(
    name: str, made: Synthesis
) -> None:
    for metric in metrics_of(alarms()[name]).values():
        dimension, resource_type, names = OF_AWS[metric["Namespace"]]
        assert metric["MetricName"] in names
        assert metric["Stat"] in STATISTICS
        [given] = metric["Dimensions"]
        assert given["Name"] == dimension
        assert referred(made, given["Value"])["Type"] == resource_type


def referred(made: Synthesis, value: dict[str, Any]) -> dict[str, Any]:
    """The resource of another stack whose id a reference gives."""
    if "Fn::ImportValue" in value:
        stack, _, name = value["Fn::ImportValue"].partition(":")
        exported: dict[str, Any] = made.template(stack.rpartition("-")[2])
        [output] = [
            item
            for item in exported["Outputs"].values()
            if item.get("Export", {}).get("Name") == f"{stack}:{name}"
        ]
    else:
        asked = value["Fn::GetStackOutput"]
        exported = made.template(asked["StackName"].rpartition("-")[2])
        output = exported["Outputs"][asked["OutputName"]]
    value = output["Value"]
    logical_id = value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0]
    resource: dict[str, Any] = exported["Resources"][logical_id]
    return resource


def test_an_api_cannot_be_pulled_away_under_its_alarms(made: Synthesis) -> None:
    [metric] = metrics_of(alarms()["api-server-errors"]).values()
    assert "Fn::ImportValue" in metric["Dimensions"][0]["Value"]
    assert referred(made, metric["Dimensions"][0]["Value"])["Type"] == "AWS::ApiGatewayV2::Api"


@pytest.mark.parametrize("name", MADE_TO_RING_IN)
def test_silence_is_no_fault_and_each_alarm_tells_the_topic(name: str) -> None:
    alarm = alarms()[name]
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["AlarmActions"] == alarm["OKActions"]
    assert alarm["AlarmDescription"].endswith(f" docs/runbook.md#{name}")


def test_an_undelivered_event_of_the_schedule_is_kept_and_may_be_put_there(
    made: Synthesis,
) -> None:
    issuer = made.template("issuer")["Resources"]
    [rule] = [item for item in issuer.values() if item["Type"] == "AWS::Events::Rule"]
    [target] = rule["Properties"]["Targets"]
    queue = target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0]
    assert issuer[queue]["Type"] == "AWS::SQS::Queue"
    assert target["RetryPolicy"]["MaximumRetryAttempts"] == 2
    policies = [item for item in issuer.values() if item["Type"] == "AWS::SQS::QueuePolicy"]
    assert any(
        statement["Effect"] == "Allow"
        and statement["Principal"] == {"Service": "events.amazonaws.com"}
        and statement["Action"] == "sqs:SendMessage"
        for policy in policies
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    )


def test_routes_have_metrics_of_their_own_where_the_stage_says_so(
    dev: Synthesis, prod: Synthesis
) -> None:
    for stage, wanted in ((dev, False), (prod, True)):
        settings = stage.only("AWS::ApiGatewayV2::Stage")
        routes = (settings["DefaultRouteSettings"], *settings["RouteSettings"].values())
        assert {item["DetailedMetricsEnabled"] for item in routes} == {wanted}


def test_the_access_log_names_the_user_agent(prod: Synthesis) -> None:
    settings = prod.only("AWS::ApiGatewayV2::Stage")["AccessLogSettings"]
    assert json.loads(settings["Format"])["userAgent"] == "$context.identity.userAgent"


def test_each_saved_query_is_held_to_the_lines_of_a_real_function() -> None:
    assert queries().keys() == {*OF_THE_API, *OF_OTHERS}
    tests = "".join(path.read_text() for path in (ROOT / "tests/integration").rglob("test_*.py"))
    for name in OF_OTHERS:
        assert f'wrong_in("{name}"' in tests


def test_the_dashboard_shows_what_the_alarms_look_at_and_asks_only_saved_questions(
    made: Synthesis,
) -> None:
    every = made.template("operations")["Resources"].values()
    [dashboard] = [item for item in every if item["Type"] == "AWS::CloudWatch::Dashboard"]
    text = json.dumps(dashboard["Properties"]["DashboardBody"])
    for name in ("allowed", "denied", "rejected", "failed", "jwks_fetch_failed", "Throttles"):
        assert name in text, name
    for name in ("Latency", "4xx", "5xx", "signing_key_age", "next_key_signs_in", "p50", "p99"):
        assert name in text, name
    for name in ("refusals-by-route", "cold-starts"):
        assert json.dumps(json.dumps(queries()[name]))[3:-3] in text, name


def test_the_local_stack_reads_it_and_lists_it_as_the_deployments_alone(made: Synthesis) -> None:
    app = read_local_app(made.folder, frozenset({"Custom::IssuerReady"}))
    watching = [
        item["Type"]
        for stack in ("api", "operations")
        for item in made.template(stack)["Resources"].values()
    ]
    for kind in ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::SNS::Topic"):
        assert app.deployed_only[kind] == watching.count(kind) > 0
    assert app.deployed_only["AWS::Logs::QueryDefinition"] == len(queries())
    assert [name for name in app.scheduled if "KeyRotation" in name]


def test_every_log_group_masks_tokens_where_the_stage_protects_its_logs(
    dev: Synthesis, made: Synthesis
) -> None:
    stacks = ("identity", "api", "issuer")
    protected = [
        item["Properties"]["DataProtectionPolicy"]["Statement"]
        for stack in stacks
        for item in made.template(stack)["Resources"].values()
        if item["Type"] == "AWS::Logs::LogGroup"
    ]
    assert protected
    for statements in protected:
        operations = [next(iter(statement["Operation"])) for statement in statements]
        assert operations == ["Audit", "Deidentify"]
        assert {tuple(statement["DataIdentifier"]) for statement in statements} == {
            ("JsonWebToken",)
        }
    groups = [item["Properties"] for _, item in dev.resources("AWS::Logs::LogGroup")]
    assert not [group for group in groups if "DataProtectionPolicy" in group]


def test_the_stacks_are_drawn_as_they_depend_on_each_other(with_issuer: Synthesis) -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").partition("## Four walks")[0]
    drawing = page.rpartition("```mermaid")[2]
    drawn = set(re.findall(r'^ +(\w+)(?:\[".*?"\])? --> (\w+)', drawing, re.MULTILINE))
    artifacts = json.loads((with_issuer.folder / "manifest.json").read_text())["artifacts"]
    stacks = {name for name, item in artifacts.items() if item["type"].endswith(":stack")}
    assert drawn == {
        (before.rpartition("-")[2], name.rpartition("-")[2])
        for name in stacks
        for before in artifacts[name].get("dependencies", ())
        if before in stacks
    }
