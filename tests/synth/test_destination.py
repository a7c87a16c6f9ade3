"""Where a stage is deployed, as its manifest and templates say it."""

import json
from pathlib import Path

import pytest

from stacks.stage.config_fields import ConfigInvalid
from tests.synth.synthesis import Synthesis, synthesise, table_of

ONE_ROUTE = table_of("GET /me")


def environments(made: Synthesis) -> set[str]:
    artifacts = json.loads((made.folder / "manifest.json").read_text())["artifacts"].values()
    return {item["environment"] for item in artifacts if item["type"] == "aws:cloudformation:stack"}


def warnings(made: Synthesis) -> list[str]:
    manifest = json.loads((made.folder / "manifest.json").read_text())
    artifact = manifest["artifacts"]["jwt-authorizer-prod-api"]
    metadata = artifact.get("metadata") or json.loads(
        (made.folder / artifact["additionalMetadataFile"]).read_text()
    )
    entries = [entry for entries in metadata.values() for entry in entries]
    return [entry["data"] for entry in entries if entry["type"] == "aws:cdk:warning"]


def test_synth_asks_for_no_account_and_its_templates_go_anywhere(dev: Synthesis) -> None:
    assert environments(dev) == {"aws://unknown-account/unknown-region"}


def test_every_stack_of_a_pinned_stage_goes_nowhere_else_and_has_its_tags(folder: Path) -> None:
    """CDK refuses other credentials by the account, and CloudFormation tags what is in a stack."""
    made = synthesise(
        folder,
        access=ONE_ROUTE,
        kms_issuer=True,
        account="111122223333",
        environ={"CDK_DEPLOY_REGION": "eu-west-1"},
        operations=True,
        alarm_topic="own",
        tags={"team": "orders"},
    )
    assert environments(made) == {"aws://111122223333/eu-west-1"}
    assert len(list(folder.glob("*.template.json"))) == 4
    artifacts = json.loads((folder / "manifest.json").read_text())["artifacts"].values()
    stacks = [item for item in artifacts if item["type"] == "aws:cloudformation:stack"]
    assert all(item["properties"]["tags"] == {"team": "orders"} for item in stacks)


def test_the_stage_of_this_machine_heeds_no_environment(folder: Path) -> None:
    made = synthesise(
        folder,
        "local",
        access=ONE_ROUTE,
        environ={"CDK_DEPLOY_REGION": "nowhere at all"},
        http_backends={},
        kms_issuer=False,
    )
    assert environments(made) == {"aws://unknown-account/unknown-region"}


def test_an_environment_that_names_nowhere_stops_synth(folder: Path) -> None:
    with pytest.raises(ConfigInvalid, match="the variable CDK_DEPLOY_REGION is 'nowhere'"):
        synthesise(folder, access=ONE_ROUTE, environ={"CDK_DEPLOY_REGION": "nowhere"})


def test_what_stands_in_another_region_stops_synth(folder: Path) -> None:
    topic = "arn:aws:sns:us-east-1:111122223333:alarms"
    place = {"CDK_DEPLOY_REGION": "eu-west-1"}
    with pytest.raises(ConfigInvalid, match="alarm_topic is in us-east-1, and the stage is deploy"):
        synthesise(folder, access=ONE_ROUTE, alarm_topic=topic, environ=place)


def test_synth_warns_of_placeholder_urls_in_one_line(prod: Synthesis) -> None:
    [warning] = [line for line in warnings(prod) if "placeholder" in line]
    assert warning.startswith("context.stages.prod has placeholder URLs: clients.web (app.")
    assert "\n" not in warning
