"""A pool that serves real people: its sender, its plan, its protection, and mail that fails."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from stacks import assembly
from stacks.identity.user_pool import UserPool
from stacks.stage.config import stage_config
from tests.sample.paths import CDK_JSON, STAGES
from tests.synth.synthesis import Synthesis

SENDER = {"address": "no-reply@orders.dev", "name": "Orders", "region": "us-east-1"}
POOL = "AWS::Cognito::UserPool"
RESPONSES = "AWS::Cognito::UserPoolRiskConfigurationAttachment"
DELIVERY = "AWS::Cognito::LogDeliveryConfiguration"


def pool_of(folder: Path, stage: str = "dev", **fields: Any) -> dict[str, dict[str, Any]]:
    """The properties of each resource of a stack with this pool alone, by type."""
    app = assembly.new_app(CDK_JSON, str(folder))
    config = stage_config(stage, {stage: {**STAGES[stage], **fields}})
    UserPool(cdk.Stack(app, "one"), "Users", config=config, scopes={}, groups={})
    app.synth()
    template = json.loads((folder / "one.template.json").read_text())
    return {item["Type"]: item["Properties"] for item in template["Resources"].values()}


def test_cognito_sends_the_mail_and_protects_nobody_unless_the_stage_says_so(
    dev: Synthesis,
) -> None:
    pool = dev.only(POOL)
    assert pool["UserPoolTier"] == "ESSENTIALS"
    assert not {"EmailConfiguration", "UserPoolAddOns"} & pool.keys()
    assert not dev.resources(RESPONSES)
    assert not dev.resources(DELIVERY)


@pytest.mark.parametrize(
    ("more", "identity"),
    [({}, "no-reply@orders.dev"), ({"verified_domain": "orders.dev"}, "orders.dev")],
)
def test_the_sender_is_what_is_verified_in_the_region_of_amazon_ses(
    folder: Path, more: dict[str, str], identity: str
) -> None:
    mail = pool_of(folder, email_sender={**SENDER, **more})[POOL]["EmailConfiguration"]
    assert mail["EmailSendingAccount"] == "DEVELOPER"
    assert mail["From"] == "Orders <no-reply@orders.dev>"
    before, account, after = mail["SourceArn"]["Fn::Join"][1][-3:]
    assert (before, account, after) == (
        ":ses:us-east-1:",
        {"Ref": "AWS::AccountId"},
        f":identity/{identity}",
    )


def test_an_invitation_is_good_for_as_long_as_the_stage_says(folder: Path) -> None:
    policy = pool_of(folder, temporary_password_days=30)[POOL]["Policies"]["PasswordPolicy"]
    assert policy["TemporaryPasswordValidityDays"] == 30


def test_the_plan_plus_watches_without_a_response_or_with_one(tmp_path: Path) -> None:
    for mode, written in (("off", "OFF"), ("audit", "AUDIT"), ("enforced", "ENFORCED")):
        made = pool_of(tmp_path / mode, feature_plan="plus", threat_protection=mode)
        assert made[POOL]["UserPoolTier"] == "PLUS"
        assert made[POOL]["UserPoolAddOns"] == {"AdvancedSecurityMode": written}
        assert (RESPONSES in made) == (mode == "enforced")


@pytest.mark.parametrize(("mfa", "high"), [("off", "BLOCK"), ("required", "MFA_REQUIRED")])
def test_enforced_protection_says_what_happens_to_a_risky_sign_in(
    folder: Path, mfa: str, high: str
) -> None:
    plus = {"feature_plan": "plus", "threat_protection": "enforced"}
    made = pool_of(folder, mfa=mfa, **plus)[RESPONSES]
    assert made["ClientId"] == "ALL"
    leaked = made["CompromisedCredentialsRiskConfiguration"]
    assert leaked["Actions"] == {"EventAction": "BLOCK"}
    assert set(leaked["EventFilter"]) == {"SIGN_IN", "SIGN_UP", "PASSWORD_CHANGE"}
    assert made["AccountTakeoverRiskConfiguration"]["Actions"] == {
        "MediumAction": {"EventAction": "MFA_IF_CONFIGURED", "Notify": False},
        "HighAction": {"EventAction": high, "Notify": False},
    }


def test_mail_that_fails_is_logged_where_cognito_may_write_for_as_long_as_the_stage_says(
    prod: Synthesis,
) -> None:
    [(_, delivery)] = prod.resources(DELIVERY)
    [log] = delivery["Properties"]["LogConfigurations"]
    assert (log["EventSource"], log["LogLevel"]) == ("userNotification", "ERROR")
    name = log["CloudWatchLogsConfiguration"]["LogGroupArn"]["Fn::GetAtt"][0]
    group = prod.identity["Resources"][name]["Properties"]
    assert group["RetentionInDays"] == 365
    assert "KmsKeyId" not in group
    begins, unique = group["LogGroupName"]["Fn::Join"][1]
    assert begins == "/aws/vendedlogs/cognito/jwt-authorizer-prod-"
    stack_id = {"Ref": "AWS::StackId"}
    assert unique == {"Fn::Select": [2, {"Fn::Split": ["/", stack_id]}]}


def test_a_stage_that_keeps_its_people_is_told_that_cognito_sends_few_mails(
    prod: Synthesis, dev: Synthesis
) -> None:
    said = "Cognito itself sends at most 50 mails a day"
    [kept] = prod.folder.glob("*-identity.metadata.json")
    assert said in kept.read_text()
    assert all(said not in path.read_text() for path in dev.folder.glob("*.metadata.json"))
