"""The roles that a workflow on GitHub takes: whom they trust, and what they may do."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from stacks.pipeline.__main__ import build

REPOSITORY = "somebody/orders"
BOOTSTRAPPED = [
    "cdk-hnb659fds-deploy-role-",
    "cdk-hnb659fds-file-publishing-role-",
    "cdk-hnb659fds-lookup-role-",
]


def template(folder: Path, **context: str) -> dict[str, Any]:
    app = cdk.App(outdir=str(folder), context=context, analytics_reporting=False)
    stack = build(app)
    app.synth()
    made: dict[str, Any] = json.loads((folder / stack.template_file).read_text())
    return made


def resources(made: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [item["Properties"] for item in made["Resources"].values() if item["Type"] == kind]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return template(tmp_path_factory.mktemp("roles"), repository=REPOSITORY)


def test_a_role_trusts_one_environment_of_one_repository(made: dict[str, Any]) -> None:
    trusts = [
        statement
        for role in resources(made, "AWS::IAM::Role")
        for statement in role["AssumeRolePolicyDocument"]["Statement"]
    ]
    assert [trust["Condition"] for trust in trusts] == [
        {
            "StringEquals": {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": f"repo:{REPOSITORY}:environment:{stage}",
            }
        }
        for stage in ("dev", "prod")
    ]
    assert {trust["Action"] for trust in trusts} == {"sts:AssumeRoleWithWebIdentity"}
    [(provider, _)] = [
        (name, item)
        for name, item in made["Resources"].items()
        if item["Type"] == "AWS::IAM::OIDCProvider"
    ]
    assert {json.dumps(trust["Principal"]["Federated"]) for trust in trusts} == {
        json.dumps({"Ref": provider})
    }


def test_a_role_may_take_the_roles_of_bootstrap_and_nothing_else(made: dict[str, Any]) -> None:
    policies = resources(made, "AWS::IAM::Policy")
    assert len(policies) == len(resources(made, "AWS::IAM::Role")) == 2
    for policy in policies:
        [statement] = policy["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Action"]) == ("Allow", "sts:AssumeRole")
        words = [json.dumps(resource) for resource in statement["Resource"]]
        assert len(words) == len(BOOTSTRAPPED)
        for word, name in zip(words, BOOTSTRAPPED, strict=True):
            assert f":role/{name}" in word
            assert '{"Ref": "AWS::AccountId"}' in word
            assert "*" not in word
    assert not any("ManagedPolicyArns" in role for role in resources(made, "AWS::IAM::Role"))


def test_the_arns_that_the_workflow_is_told_are_outputs(made: dict[str, Any]) -> None:
    assert made["Outputs"].keys() == {"DeployRoleArnDev", "DeployRoleArnProd"}


def test_an_account_that_has_the_provider_keeps_it(tmp_path: Path) -> None:
    made = template(tmp_path, repository=REPOSITORY, environments="prod", provider="existing")
    assert resources(made, "AWS::IAM::OIDCProvider") == []
    [role] = resources(made, "AWS::IAM::Role")
    [trust] = role["AssumeRolePolicyDocument"]["Statement"]
    provider = json.dumps(trust["Principal"]["Federated"])
    assert ":oidc-provider/token.actions.githubusercontent.com" in provider
    assert made["Outputs"].keys() == {"DeployRoleArnProd"}


@pytest.mark.parametrize(
    ("context", "line"),
    [
        ({}, "repository is '': it must be OWNER/NAME on GitHub"),
        ({"repository": "somebody/*"}, "repository is 'somebody/*'"),
        ({"repository": "somebody/orders:ref:x"}, "repository is 'somebody/orders:ref:x'"),
        ({"repository": REPOSITORY, "environments": "*"}, "environments is '*'"),
        ({"repository": REPOSITORY, "environments": "dev dev"}, "environments is 'dev dev'"),
        ({"repository": REPOSITORY, "provider": "mine"}, "provider is 'mine'"),
    ],
)
def test_what_would_trust_more_than_was_meant_is_refused_in_one_line(
    context: dict[str, str], line: str
) -> None:
    with pytest.raises(SystemExit) as refused:
        build(cdk.App(context=context))
    assert str(refused.value).startswith(line)
