"""docs/cost.md is what `make snapshot` renders of the templates and the prices, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.cost import page
from benchmarks.cost.prices import PRICES
from benchmarks.cost.standing import snapshots_of, standing, templates_of
from benchmarks.speed.cost import kept_warm


def of(**resources: dict[str, Any]) -> dict[str, float]:
    """What each part of a template costs a month."""
    counted = standing([{"Resources": resources}])
    return {charge.part: count * charge.each for charge, count in counted.items()}


def test_the_page_is_what_the_templates_and_the_prices_make_of_it() -> None:
    assert page.PAGE.read_text() == page.render(), "make snapshot writes it anew"


@pytest.mark.parametrize("stage", page.STAGES)
def test_each_resource_that_is_shipped_is_priced_or_known_to_be_free(stage: str) -> None:
    templates = snapshots_of(page.SNAPSHOTS, stage)
    assert templates
    assert standing(templates)


def test_an_assembly_s_templates_are_those_of_its_manifest(tmp_path: Path) -> None:
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "new.json"}}
    artifacts = {"new": stack, "assets": {"type": "cdk:asset-manifest"}}
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    for name in ("new", "left-over"):
        (tmp_path / f"{name}.json").write_text(json.dumps({"Resources": {name: {}}}))
    assert templates_of(tmp_path) == [{"Resources": {"new": {}}}]


def test_a_type_that_nobody_has_priced_is_named() -> None:
    with pytest.raises(ValueError, match=r"^AWS::RDS::DBInstance has no price"):
        of(Database={"Type": "AWS::RDS::DBInstance"})


def test_an_alarm_costs_what_the_metrics_that_it_reads_cost() -> None:
    plain = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"MetricName": "Errors"}}
    metrics = [{"Expression": "a / b"}, {"MetricStat": {}}, {"MetricStat": {}}]
    ratio = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": metrics}}
    assert of(A=plain, B=ratio) == {"metrics that alarms watch": pytest.approx(0.30)}


def test_a_client_costs_only_if_it_is_a_machine_s() -> None:
    kind = "AWS::Cognito::UserPoolClient"
    person = {"Type": kind, "Properties": {"AllowedOAuthFlows": ["code"]}}
    machine = {"Type": kind, "Properties": {"AllowedOAuthFlows": ["client_credentials"]}}
    assert of(A=person) == {}
    assert of(A=person, B=machine) == {"Cognito's clients of machines": 6.0}


def test_detailed_metrics_cost_for_each_route() -> None:
    stage = {
        "Type": "AWS::ApiGatewayV2::Stage",
        "Properties": {"DefaultRouteSettings": {"DetailedMetricsEnabled": True}},
    }
    route = {"Type": "AWS::ApiGatewayV2::Route", "Properties": {}}
    made = {"Resources": {"S": stage, "A": route, "B": route}}
    [(part, dollars)] = of(**made["Resources"]).items()
    assert part.startswith("metrics of routes")
    assert dollars == pytest.approx(2 * 6 * 0.30)
    table = page.standing_table([made])
    assert "| **while nobody calls it** |  |  | **0.00** |" in table
    assert "| **at most, while it is called** |  |  | **3.60** |" in table


def test_environments_that_are_kept_warm_cost_by_their_memory() -> None:
    function = {"Type": "AWS::Lambda::Function", "Properties": {"MemorySize": 256}}
    alias = {
        "Type": "AWS::Lambda::Alias",
        "Properties": {
            "FunctionName": {"Ref": "F"},
            "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 3},
        },
    }
    dollars = of(F=function, A=alias)["provisioned environments"]
    assert dollars == pytest.approx(3 * kept_warm(256)["provisioned"])
    snap = {**function["Properties"], "SnapStart": {"ApplyOn": "PublishedVersions"}}  # type: ignore[dict-item]
    assert of(F={"Type": "AWS::Lambda::Function", "Properties": snap}) == {
        "versions kept by SnapStart": pytest.approx(kept_warm(256)["snapstart_cached"])
    }


def test_what_a_prod_stage_is_shipped_with_adds_up() -> None:
    counted = standing(snapshots_of(page.SNAPSHOTS, "prod"))
    total = sum(count * charge.each for charge, count in counted.items() if charge.is_idle)
    table = page.standing_table(snapshots_of(page.SNAPSHOTS, "prod"))
    assert f"| **while nobody calls it** |  |  | **{total:.2f}** |" in table
    assert total >= 2 * PRICES["secret"] + PRICES["cognito_machine_client"]
