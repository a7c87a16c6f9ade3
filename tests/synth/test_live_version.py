"""A new version of the authorizer: when there is one, who calls it, and what takes it back."""

import json
from pathlib import Path
from typing import Any

import pytest

from authorizer.decision_line import DecisionLines
from tests.synth.synthesis import Synthesis, synthesise, table_of

ALIAS, VERSION = "AWS::Lambda::Alias", "AWS::Lambda::Version"
CANARY = "AWS::CodeDeploy::DeploymentGroup"
ONE_ROUTE = table_of("GET /whoami")


def only(made: Synthesis, kind: str) -> tuple[str, dict[str, Any]]:
    [found] = made.resources(kind)
    return found


def version_of(made: Synthesis) -> str:
    return only(made, VERSION)[0]


@pytest.fixture(params=["dev", "prod"])
def deployed(request: pytest.FixtureRequest) -> Synthesis:
    made = request.getfixturevalue(request.param)
    assert isinstance(made, Synthesis)
    return made


@pytest.fixture(scope="module")
def as_it_was(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    return synthesise(tmp_path_factory.mktemp("version") / "cdk.out", access=ONE_ROUTE)


def test_the_gateway_invokes_the_alias_and_nothing_else_of_the_function(
    deployed: Synthesis,
) -> None:
    alias, resource = only(deployed, ALIAS)
    function = resource["Properties"]["FunctionName"]["Ref"]
    assert resource["Properties"]["Name"] == "live"
    assert resource["Properties"]["FunctionVersion"] == {
        "Fn::GetAtt": [version_of(deployed), "Version"]
    }
    authorizers = [item for _, item in deployed.resources("AWS::ApiGatewayV2::Authorizer")]
    uris = [json.dumps(item["Properties"].get("AuthorizerUri")) for item in authorizers]
    assert all(f'{{"Ref": "{alias}"}}' in uri for uri in uris if uri != "null")
    assert function not in "".join(uris)
    permissions = [item["Properties"] for _, item in deployed.resources("AWS::Lambda::Permission")]
    opened = [item["FunctionName"] for item in permissions]
    assert opened.count({"Ref": alias}) == 3
    assert {"Fn::GetAtt": [function, "Arn"]} not in opened


@pytest.mark.parametrize(
    "change",
    [
        {"leeway_seconds": 5},
        {"log_level": "DEBUG"},
        {"authorizer_snap_start": True},
        {"access": table_of("GET /orders")},
    ],
    ids=["a setting", "the log level", "how it starts", "the policy file"],
)
def test_a_version_is_published_when_what_decides_has_changed(
    as_it_was: Synthesis, folder: Path, change: dict[str, Any]
) -> None:
    made = synthesise(folder, **{"access": ONE_ROUTE, **change})
    assert version_of(made) != version_of(as_it_was)


def test_no_version_is_published_for_what_decides_nothing(
    as_it_was: Synthesis, folder: Path
) -> None:
    """What starts it anew would cost callers cold starts, and a canary its minutes."""
    made = synthesise(
        folder,
        access=ONE_ROUTE,
        tags={"team": "orders"},
        authorizer_reserved_concurrency=50,
        authorizer_provisioned_concurrency=2,
        throttle_burst=7,
        canary="10_percent_30_minutes",
    )
    assert version_of(made) == version_of(as_it_was)
    function = made.function("authorizer")
    assert function["ReservedConcurrentExecutions"] == 50
    assert "SnapStart" not in function
    alias = only(made, ALIAS)[1]["Properties"]
    assert alias["ProvisionedConcurrencyConfig"] == {"ProvisionedConcurrentExecutions": 2}
    group = only(made, CANARY)[1]["Properties"]
    assert group["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent30Minutes"


def test_versions_start_from_a_snapshot_if_the_stage_wants_it(folder: Path) -> None:
    snap: dict[str, Any] = {"authorizer_snap_start": True, "route_throttles": {}}
    made = synthesise(folder, "prod", access=ONE_ROUTE, **snap)
    assert made.function("authorizer")["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    assert warnings(made) == ["jwt-authorizer:placeholder-urls"]


def warnings(made: Synthesis) -> list[str]:
    report = json.loads((made.folder / "manifest.json").read_text())
    stack = report["artifacts"]["jwt-authorizer-prod-api"]
    metadata = stack.get("metadata") or json.loads(
        (made.folder / stack["additionalMetadataFile"]).read_text()
    )
    entries = [entry for entries in metadata.values() for entry in entries]
    told = [entry["data"] for entry in entries if entry["type"] == "aws:cdk:warning"]
    return [line.rpartition("[ack: ")[2].rstrip("]") for line in told]


def test_a_stage_without_a_canary_has_nothing_of_it(dev: Synthesis) -> None:
    kinds = {item["Type"] for _, item in dev.all()}
    assert not any(kind.startswith(("AWS::CodeDeploy::", "AWS::CloudWatch::")) for kind in kinds)
    assert "UpdatePolicy" not in only(dev, ALIAS)[1]
    assert "ReservedConcurrentExecutions" not in dev.function("authorizer")


def test_a_tenth_of_the_calls_goes_to_a_new_version_for_five_minutes(prod: Synthesis) -> None:
    name, group = only(prod, CANARY)
    application, _ = only(prod, "AWS::CodeDeploy::Application")
    properties = group["Properties"]
    assert properties["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
    assert properties["ApplicationName"] == {"Ref": application}
    assert only(prod, ALIAS)[1]["UpdatePolicy"] == {
        "CodeDeployLambdaAliasUpdate": {
            "ApplicationName": {"Ref": application},
            "DeploymentGroupName": {"Ref": name},
        }
    }
    assert prod.function("authorizer")["ReservedConcurrentExecutions"] == 100


def test_an_alarm_takes_a_new_version_back(prod: Synthesis) -> None:
    group = only(prod, CANARY)[1]["Properties"]
    assert group["AutoRollbackConfiguration"] == {
        "Enabled": True,
        "Events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST", "DEPLOYMENT_STOP_ON_ALARM"],
    }
    watched = [alarm["Name"]["Ref"] for alarm in group["AlarmConfiguration"]["Alarms"]]
    assert group["AlarmConfiguration"]["Enabled"] is True
    assert watched == list(alarms(prod))
    for alarm in alarms(prod).values():
        assert (alarm["Threshold"], alarm["TreatMissingData"]) == (1, "notBreaching")
        assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"


def alarms(made: Synthesis) -> dict[str, Any]:
    found = made.api["Resources"].items()
    return {
        name: item["Properties"] for name, item in found if item["Type"] == "AWS::CloudWatch::Alarm"
    }


def test_the_alarms_look_at_what_the_authorizer_writes(prod: Synthesis) -> None:
    """Namespace, name and dimensions are those of its own lines, with the settings it is told."""
    variables = prod.function("authorizer")["Environment"]["Variables"]
    lines = DecisionLines(
        variables["POWERTOOLS_METRICS_NAMESPACE"],
        variables["POWERTOOLS_SERVICE_NAME"],
        variables["STAGE"],
    )
    failed, silent, _ = alarms(prod).values()
    looked_at = [failed, *(item["MetricStat"]["Metric"] for item in silent["Metrics"][2:])]
    assert [metric["MetricName"] for metric in looked_at] == ["failed", "rejected", "failed"]
    for metric in looked_at:
        line = json.loads(lines.line(metric["MetricName"], "any", {}, 0.0))
        [written] = line["_aws"]["CloudWatchMetrics"]
        assert metric["Namespace"] == written["Namespace"]
        assert [item["Name"] for item in metric["Dimensions"]] in written["Dimensions"]
        assert all(item["Value"] == line[item["Name"]] for item in metric["Dimensions"])
        assert line[metric["MetricName"]] == [1.0]


def test_lambdas_own_metrics_are_those_of_the_alias(prod: Synthesis) -> None:
    function = only(prod, ALIAS)[1]["Properties"]["FunctionName"]
    _, silent, throttled = alarms(prod).values()
    expression, errors, *_ = silent["Metrics"]
    assert expression["Expression"] == "FILL(errors,0)-FILL(rejected,0)-FILL(failed,0)"
    assert (silent["DatapointsToAlarm"], silent["EvaluationPeriods"]) == (2, 3)
    for metric in (errors["MetricStat"]["Metric"], throttled):
        assert metric["Namespace"] == "AWS/Lambda"
        assert metric["Dimensions"] == [
            {"Name": "FunctionName", "Value": function},
            {"Name": "Resource", "Value": {"Fn::Join": ["", [function, ":live"]]}},
        ]
    assert errors["MetricStat"]["Metric"]["MetricName"] == "Errors"
    assert throttled["MetricName"] == "Throttles"


def test_prod_keeps_the_version_before_and_none_whose_deployment_failed(
    dev: Synthesis, prod: Synthesis
) -> None:
    assert only(prod, VERSION)[1]["DeletionPolicy"] == "RetainExceptOnCreate"
    assert only(dev, VERSION)[1]["DeletionPolicy"] == "Delete"


def test_codedeploy_may_do_what_aws_lets_it_do_for_lambda(prod: Synthesis) -> None:
    [role] = [
        item["Properties"]
        for name, item in prod.resources("AWS::IAM::Role")
        if name.startswith("TokenAuthorizerLiveCanaryServiceRole")
    ]
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "codedeploy.amazonaws.com"}
    [policy] = role["ManagedPolicyArns"]
    assert json.dumps(policy).endswith('service-role/AWSCodeDeployRoleForLambdaLimited"]]}')
