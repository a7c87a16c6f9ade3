import json
import platform
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from stacks.functions.log_group import RETENTION_BY_DAYS
from stacks.stage.fields import CHECKS
from tests.synth.synthesis import Synthesis, synthesise

STATEFUL_IDS = {
    "UsersPoolBFC35D3B": "AWS::Cognito::UserPool",
    "UsersPoolResourceServerordersCF5FF694": "AWS::Cognito::UserPoolResourceServer",
    "UsersGroupadmins3798C999": "AWS::Cognito::UserPoolGroup",
    "UsersGroupsupport7DC380E5": "AWS::Cognito::UserPoolGroup",
    "UsersGroupbuyersDC450595": "AWS::Cognito::UserPoolGroup",
    "ClientsWeb07B7DC21": "AWS::Cognito::UserPoolClient",
    "ClientsCli17F65A01": "AWS::Cognito::UserPoolClient",
    "ClientsMachine80061248": "AWS::Cognito::UserPoolClient",
    "UsersPoolDomainEEA57DAC": "AWS::Cognito::UserPoolDomain",
}
FAILED_MAIL = "AWS::Cognito::LogDeliveryConfiguration"
"""Only where the stage logs failed mail."""
STATELESS_TYPES = {
    *("AWS::Cognito::ManagedLoginBranding", "AWS::IAM::Policy", "AWS::IAM::Role"),
    *("AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::Logs::LogGroup"),
}

MORE_THAN_A_LOG = {
    "BackendsOrdersRole": [
        ("dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"),
        ("dynamodb:Query",),
    ],
    "BackendsSessionRole": [
        ("dynamodb:GetItem", "dynamodb:PutItem"),
        ("secretsmanager:GetSecretValue",),
    ],
    "BrowserAppSecretsRotationRole": [
        (
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetSecretValue",
            "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecretVersionStage",
        ),
        ("cognito-idp:DescribeUserPoolClient",),
    ],
}
"""By the beginning of a role's name, what its function may do besides writing its log."""

CANARY_ROLE = "TokenAuthorizerLiveCanaryServiceRole"
"""CodeDeploy's, with the policy that AWS keeps for it: test_live_version.py."""


@pytest.fixture(params=["dev", "prod"])
def deployed(request: pytest.FixtureRequest) -> Synthesis:
    made = request.getfixturevalue(request.param)
    assert isinstance(made, Synthesis)
    return made


def termination_protection(made: Synthesis, stack: str) -> bool:
    manifest = json.loads((made.folder / "manifest.json").read_text())
    properties = manifest["artifacts"][stack]["properties"]
    return bool(properties.get("terminationProtection", False))


def test_prod_keeps_its_users_whatever_is_deleted(prod: Synthesis) -> None:
    assert prod.only("AWS::Cognito::UserPool")["DeletionProtection"] == "ACTIVE"
    [(_, pool)] = prod.resources("AWS::Cognito::UserPool")
    assert (pool["DeletionPolicy"], pool["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert termination_protection(prod, "jwt-authorizer-prod-identity")
    for _, log_group in prod.resources("AWS::Logs::LogGroup"):
        # A first deployment that fails leaves none behind; what is protected it cannot delete.
        assert log_group["DeletionPolicy"] == "RetainExceptOnCreate"
        assert log_group["UpdateReplacePolicy"] == "Retain"


def test_dev_can_be_destroyed_and_leaves_nothing(dev: Synthesis) -> None:
    assert dev.only("AWS::Cognito::UserPool")["DeletionProtection"] == "INACTIVE"
    assert not termination_protection(dev, "jwt-authorizer-dev-identity")
    for _, item in dev.all():
        assert item.get("DeletionPolicy", "Delete") == "Delete"


def test_stateful_logical_ids_stay_put(deployed: Synthesis) -> None:
    ids = {name: item["Type"] for name, item in deployed.identity["Resources"].items()}
    assert STATEFUL_IDS.items() <= ids.items()
    further = {kind for name, kind in ids.items() if name not in STATEFUL_IDS}
    assert further - {FAILED_MAIL} == STATELESS_TYPES


def test_every_log_group_forgets_when_the_stage_says_so(dev: Synthesis, prod: Synthesis) -> None:
    for made, days, number in ((dev, 14, 10), (prod, 365, 11)):
        groups = [item["Properties"] for _, item in made.resources("AWS::Logs::LogGroup")]
        assert [group["RetentionInDays"] for group in groups] == [days] * number


def test_every_function_logs_to_a_group_of_its_own(deployed: Synthesis) -> None:
    functions = [item["Properties"] for _, item in deployed.resources("AWS::Lambda::Function")]
    groups = {item["LoggingConfig"]["LogGroup"]["Ref"] for item in functions}
    assert len(groups) == len(functions) == 9


def test_every_function_may_write_its_log_and_do_nothing_that_is_not_named(
    deployed: Synthesis,
) -> None:
    roles = [
        item["Properties"]
        for name, item in deployed.resources("AWS::IAM::Role")
        if not name.startswith(CANARY_ROLE)
    ]
    assert len(roles) == 9
    assert not any("ManagedPolicyArns" in role or "Policies" in role for role in roles)
    for _, policy in deployed.resources("AWS::IAM::Policy"):
        logs, *more = policy["Properties"]["PolicyDocument"]["Statement"]
        assert logs["Effect"] == "Allow"
        assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
        log_group, attribute = logs["Resource"]["Fn::GetAtt"]
        resources = deployed.identity["Resources"] | deployed.api["Resources"]
        assert resources[log_group]["Type"] == "AWS::Logs::LogGroup"
        assert attribute == "Arn"
        [role] = [role["Ref"] for role in policy["Properties"]["Roles"]]
        named = {
            kind: actions for kind, actions in MORE_THAN_A_LOG.items() if role.startswith(kind)
        }
        assert [_actions(statement) for statement in more] == [
            action for actions in named.values() for action in actions
        ]


def _actions(statement: dict[str, Any]) -> tuple[str, ...]:
    actions = statement["Action"]
    return (actions,) if isinstance(actions, str) else tuple(actions)


def test_no_policy_names_everybody_or_everything(deployed: Synthesis) -> None:
    for _, item in deployed.all():
        text = json.dumps(item.get("Properties", {}))
        assert not re.search(r'"(Action|Principal|Resource|AWS)": (\[\s*)?"[^"]*\*"', text)


def test_nothing_has_a_physical_name_but_what_has_no_other(deployed: Synthesis) -> None:
    physical = {
        "AWS::Cognito::UserPool": "UserPoolName",
        "AWS::IAM::Role": "RoleName",
        "AWS::Lambda::Function": "FunctionName",
        "AWS::Logs::LogGroup": "LogGroupName",
    }
    named = {
        name
        for name, item in deployed.all()
        if physical.get(item["Type"], "-") in item.get("Properties", {})
    }
    # tests/synth/test_user_pool.py: its name must begin as Cognito's logs do.
    assert named <= {name for name in named if name.startswith("UsersFailedMail")}


def test_a_template_holds_no_account_and_no_path_of_the_machine(
    deployed: Synthesis, local: Synthesis
) -> None:
    for made in (deployed, local):
        text = json.dumps([made.identity, made.api])
        assert not re.search(r"(?<![0-9a-f])[0-9]{12}(?![0-9a-f])", text)
        assert str(Path(__file__).parents[2]) not in text
        assert str(Path.home()) not in text


def test_the_pool_and_its_clients_cannot_go_while_the_api_trusts_them(
    deployed: Synthesis, local: Synthesis
) -> None:
    """CloudFormation keeps what another stack imports; of a reference to an output it knows nothing."""
    for made in (deployed, local):
        text = json.dumps(made.api)
        assert "Fn::GetStackOutput" not in text
        names = set(re.findall(r'"Fn::ImportValue": "([^"]+)"', text))
        values = [made.imported({"Fn::ImportValue": name}) for name in names]
        kept = {made.identity["Resources"][item["Ref"]]["Type"] for item in values if "Ref" in item}
        assert kept == {"AWS::Cognito::UserPool", "AWS::Cognito::UserPoolClient"}
        issuers = [item["Fn::GetAtt"][1] for item in values if "Ref" not in item]
        assert issuers == (["ApiEndpoint"] if made is local else [])


def test_the_local_stage_is_built_for_this_machine(local: Synthesis) -> None:
    arm = platform.machine().lower() in ("arm64", "aarch64")
    for _, item in local.resources("AWS::Lambda::Function"):
        assert item["Properties"]["Architectures"] == ["arm64" if arm else "x86_64"]
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        assert item["Properties"]["Runtime"] == version


def test_the_same_commit_gives_the_same_templates_and_the_same_bundles(
    local: Synthesis, folder: Path
) -> None:
    again = synthesise(folder, "local", bundled=True)
    assert names_and_bytes(again.folder) == names_and_bytes(local.folder)
    assets = {path.name for path in again.folder.glob("asset.*")}
    assert assets == {path.name for path in local.folder.glob("asset.*")}
    assert len(assets) == 12


def names_and_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.template.json")}


def test_every_retention_that_a_stage_may_name_is_one_that_cdk_knows() -> None:
    allowed = CHECKS["log_retention_days"]
    assert all(allowed.accepts(days) for days in RETENTION_BY_DAYS)
    words: Any = allowed.allowed.removeprefix("one of ").split(", ")
    assert [int(word) for word in words] == list(RETENTION_BY_DAYS)
