"""Nothing that holds something is replaced, and a change that would do it says what is lost."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.synth.replacements import LOST, create_only, hold_to_record
from tests.synth.synthesis import Synthesis

RECORDS = Path(__file__).parent / "stateful"
IDENTITY, API = "jwt-authorizer-prod-identity", "jwt-authorizer-prod-api"


@pytest.mark.parametrize("stage", ["dev", "prod", "local"])
def test_a_deployment_replaces_nothing_that_holds_something(
    stage: str, request: pytest.FixtureRequest
) -> None:
    made: Synthesis = request.getfixturevalue(stage)
    hold_to_record(made.folder, RECORDS / f"{stage}.json")


@pytest.fixture
def changed(prod: Synthesis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Changed":
    for name in ("UPDATE_SNAPSHOTS", "ACCEPT_REPLACEMENTS"):
        monkeypatch.delenv(name, raising=False)
    return Changed(prod, tmp_path, monkeypatch)


class Changed:
    """The templates of prod in a folder of their own, to be changed, and a copy of the record."""

    def __init__(self, prod: Synthesis, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.record = folder / "prod.json"
        self.record.write_text((RECORDS / "prod.json").read_text())
        self.folder = folder / "cdk.out"
        self.folder.mkdir()
        self._patch = patch
        self.templates = {IDENTITY: deepcopy(prod.identity), API: deepcopy(prod.api)}

    def one(self, stack: str, kind: str, begins: str = "") -> tuple[str, dict[str, Any]]:
        resources: dict[str, Any] = self.templates[stack]["Resources"]
        return next(
            (name, item["Properties"])
            for name, item in resources.items()
            if item["Type"] == kind and name.startswith(begins)
        )

    def hold(self, **variables: str) -> None:
        for stack, template in self.templates.items():
            (self.folder / f"{stack}.template.json").write_text(json.dumps(template))
        with self._patch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, value)
            hold_to_record(self.folder, self.record)


def test_templates_as_they_were_reviewed_lose_nothing(changed: Changed) -> None:
    changed.hold()


@pytest.mark.parametrize(
    ("stack", "kind", "name", "value", "lost"),
    [
        (
            IDENTITY,
            "AWS::Cognito::UserPool",
            "UsernameAttributes",
            ["phone_number"],
            "every account",
        ),
        (IDENTITY, "AWS::Cognito::UserPool", "UsernameConfiguration", None, "every account"),
        (IDENTITY, "AWS::Cognito::UserPoolClient", "GenerateSecret", True, "its id, which apps"),
        (IDENTITY, "AWS::Cognito::UserPoolDomain", "Domain", "orders", "where people sign in"),
        (IDENTITY, "AWS::Cognito::UserPoolGroup", "GroupName", "owners", "who is in the group"),
        (IDENTITY, "AWS::Logs::LogGroup", "LogGroupName", "/mine", "the log"),
        (API, "AWS::ApiGatewayV2::Api", "ProtocolType", "WEBSOCKET", "its address"),
        (API, "AWS::SecretsManager::Secret", "Name", "mine", "sessions that it has sealed"),
        (API, "AWS::DynamoDB::Table", "TableName", "mine", "every item"),
        (API, "AWS::DynamoDB::Table", "KeySchema", [], "every item"),
    ],
)
def test_a_property_that_cannot_be_changed_in_place_is_named_with_what_is_lost(
    changed: Changed, stack: str, kind: str, name: str, value: object, lost: str
) -> None:
    logical_id, properties = changed.one(stack, kind)
    if value is None:
        del properties[name]
    else:
        properties[name] = value
    with pytest.raises(AssertionError) as caught:
        changed.hold()
    said = str(caught.value)
    assert said.startswith(f"{stack}.{logical_id} ({kind}): {name} was ")
    assert lost in said
    assert "make accept-replacements" in said


def test_another_logical_id_is_another_resource(changed: Changed) -> None:
    logical_id, _ = changed.one(IDENTITY, "AWS::Cognito::UserPool")
    resources = changed.templates[IDENTITY]["Resources"]
    resources["UsersPool"] = resources.pop(logical_id)
    with pytest.raises(AssertionError, match=f"{logical_id} .* is gone, or has another logical id"):
        changed.hold()


def test_an_attribute_may_be_added_to_accounts_and_never_changed_or_removed(
    changed: Changed,
) -> None:
    _, pool = changed.one(IDENTITY, "AWS::Cognito::UserPool")
    [tenant] = pool["Schema"]
    pool["Schema"] = [{**tenant, "Mutable": False}]
    with pytest.raises(AssertionError, match=r"Schema\.tenant was .* every account"):
        changed.hold()
    pool["Schema"] = []
    with pytest.raises(AssertionError, match=r"Schema\.tenant was .* every account"):
        changed.hold()
    pool["Schema"] = [tenant, {"Name": "region", "AttributeDataType": "String"}]
    changed.hold(UPDATE_SNAPSHOTS="1")


def test_snapshots_written_anew_accept_no_loss(changed: Changed) -> None:
    was = changed.record.read_text()
    logical_id, properties = changed.one(API, "AWS::DynamoDB::Table")
    properties["TableName"] = "mine"
    with pytest.raises(AssertionError, match=f"{logical_id} .*TableName was None and is 'mine'"):
        changed.hold(UPDATE_SNAPSHOTS="1")
    assert changed.record.read_text() == was


def test_what_is_new_is_recorded_with_the_snapshots(changed: Changed) -> None:
    _, table = changed.one(API, "AWS::DynamoDB::Table")
    changed.templates[API]["Resources"]["More"] = {
        "Type": "AWS::DynamoDB::Table",
        "Properties": table,
    }
    with pytest.raises(AssertionError, match=r"prod\.json lacks jwt-.*\.More: make snapshot"):
        changed.hold()
    changed.hold(UPDATE_SNAPSHOTS="1")
    changed.hold()


def test_a_loss_that_is_wanted_is_accepted_by_its_own_command(changed: Changed) -> None:
    _, properties = changed.one(API, "AWS::DynamoDB::Table")
    properties["TableName"] = "mine"
    changed.hold(ACCEPT_REPLACEMENTS="1")
    changed.hold()


def test_every_type_that_holds_something_has_its_list_from_cloudformation() -> None:
    assert create_only("AWS::Cognito::UserPoolClient") == ("GenerateSecret", "UserPoolId")
    assert "UsernameAttributes" in create_only("AWS::Cognito::UserPool")
    assert create_only("Custom::IssuerReady") == ("ServiceToken",)
    assert all(create_only(kind) for kind in LOST)
