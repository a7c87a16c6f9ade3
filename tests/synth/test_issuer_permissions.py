"""What each role of the issuer may really do, as an evaluator that knows conditions decides it.

The policies are those of the synthesised template and the key policy that the rotation gives to
each key; the evaluator is `@cloud-copilot/iam-simulate`. A name found in a statement proves nothing.
"""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from key_rotation.key_policy import key_policy
from tests.synth.synthesis import synthesise

SIMULATE = Path(__file__).with_name("iam_simulate.mjs")
ACCOUNT, REGION = "123456789012", "eu-west-1"
PSEUDO_PARAMETERS = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
}
TAG = "jwt-authorizer-issuer"
STACKS = {"dev": "jwt-authorizer-dev-issuer", "prod": "jwt-authorizer-prod-issuer"}
SIGN = {"kms:SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256", "kms:MessageType": "RAW"}
RSA = {"kms:KeySpec": "RSA_2048", "kms:KeyUsage": "SIGN_VERIFY"}
KEY_ACTIONS = [
    "CancelKeyDeletion",
    "CreateGrant",
    "DescribeKey",
    "DisableKey",
    "EnableKey",
    "GetKeyPolicy",
    "GetPublicKey",
    "ListResourceTags",
    "PutKeyPolicy",
    "ScheduleKeyDeletion",
    "Sign",
    "TagResource",
    "UntagResource",
    "Verify",
]


@dataclass(frozen=True)
class Key:
    """A key of the account: its policy and the tag that it has."""

    policy: dict[str, Any]
    owner: str | None


@dataclass(frozen=True)
class Question:
    principal: str
    action: str
    key: Key
    context: dict[str, Any]

    def asked(self, policies: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
        tagged = {f"aws:ResourceTag/{TAG}": self.key.owner} if self.key.owner else {}
        named = self.action not in ("CreateKey", "ListKeys")
        resource = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k" if named else "*"
        return {
            "request": {
                "principal": self.principal,
                "action": f"kms:{self.action}",
                "resource": {"resource": resource, "accountId": ACCOUNT},
                "contextVariables": {**tagged, **RSA, **self.context},
            },
            "identityPolicies": [
                {"name": f"p{number}", "policy": policy}
                for number, policy in enumerate(policies.get(self.principal, ()))
            ],
            **({"resourcePolicy": self.key.policy} if named else {}),
        }


def role(stage: str, name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{stage}-{name}"


def own_key(stage: str) -> Key:
    policy = key_policy(role(stage, "token_issuer"), role(stage, "key_rotation"))
    return Key(dict(policy), STACKS[stage])


def default_key(owner: str | None) -> Key:
    """What KMS gives a key that is made without a policy: IAM decides alone."""
    root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    statement = {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}
    return Key({"Version": "2012-10-17", "Statement": [statement]}, owner)


def resolved(value: Any) -> Any:
    """A policy of the template with plain ARNs in place of CloudFormation's functions."""
    match value:
        case {"Fn::Join": [delimiter, parts]}:
            return delimiter.join(map(resolved, parts))
        case {"Ref": name}:
            return PSEUDO_PARAMETERS[name]
        case {"Fn::GetAtt": [name, "Arn"]}:
            return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
        case dict():
            return {name: resolved(item) for name, item in value.items()}
        case list():
            return [resolved(item) for item in value]
    return value


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """The policies of each role of both stages, which share an account and a region."""
    found: dict[str, list[dict[str, Any]]] = {}
    for stage, stack in STACKS.items():
        folder = tmp_path_factory.mktemp(stage) / "out"
        synthesise(folder, stage, kms_issuer=True)
        template = json.loads((folder / f"{stack}.template.json").read_text())["Resources"]
        for function in template.values():
            if function["Type"] != "AWS::Lambda::Function":
                continue
            name = function["Properties"]["Handler"].split(".")[0]
            logical_id = function["Properties"]["Role"]["Fn::GetAtt"][0]
            found[role(stage, name)] = [
                resolved(item["Properties"]["PolicyDocument"])
                for item in template.values()
                if item["Type"] == "AWS::IAM::Policy"
                and {"Ref": logical_id} in item["Properties"]["Roles"]
            ]
    return found


def allowed(questions: list[Question], policies: dict[str, list[dict[str, Any]]]) -> list[bool]:
    done = subprocess.run(
        ["node", str(SIMULATE)],
        input=json.dumps([question.asked(policies) for question in questions]),
        capture_output=True,
        text=True,
        check=True,
    )
    answers = json.loads(done.stdout)
    assert {str(answer) for answer in answers} <= {"Allowed", "ImplicitlyDenied"}, answers
    return [answer == "Allowed" for answer in answers]


def what_may(
    principal: str, key: Key, policies: dict[str, list[dict[str, Any]]], **context: Any
) -> set[str]:
    """The actions on a key that are allowed, if the request asks for them as we would."""
    own = {f"aws:RequestTag/{TAG}": STACKS["dev"], "aws:TagKeys": [TAG]}
    questions = [
        Question(
            principal,
            action,
            key,
            {
                **(SIGN if action == "Sign" else {}),
                **(own if action == "TagResource" else {}),
                **context,
            },
        )
        for action in KEY_ACTIONS
    ]
    answers = allowed(questions, policies)
    return {action for action, yes in zip(KEY_ACTIONS, answers, strict=True) if yes}


Policies = dict[str, list[dict[str, Any]]]
ISSUER, ROTATION = role("dev", "token_issuer"), role("dev", "key_rotation")


def test_each_role_may_do_its_part_with_a_key_of_its_stack(policies: Policies) -> None:
    assert what_may(ISSUER, own_key("dev"), policies) == {"Sign"}
    assert what_may(ROTATION, own_key("dev"), policies) == {
        "DescribeKey",
        "GetPublicKey",
        "ListResourceTags",
        "ScheduleKeyDeletion",
        "TagResource",
    }


@pytest.mark.parametrize(
    "key",
    [own_key("prod"), default_key(None), default_key("somebody"), default_key(STACKS["prod"])],
    ids=["of another stage", "untagged", "of somebody", "tagged by another stage"],
)
def test_neither_role_reaches_a_key_of_anybody_else(policies: Policies, key: Key) -> None:
    assert what_may(ISSUER, key, policies) == set()
    assert what_may(ROTATION, key, policies) <= {"TagResource"}


def test_a_tag_opens_no_key_to_either_role(policies: Policies) -> None:
    """What the rotation could tag with our tag is no more in reach for it."""
    taken = default_key(STACKS["dev"])
    assert what_may(ISSUER, taken, policies) == set()
    assert what_may(ROTATION, taken, policies) == {"TagResource"}


def test_a_key_of_another_issuer_cannot_even_be_tagged(policies: Policies) -> None:
    for key in (own_key("prod"), default_key(STACKS["prod"])):
        assert what_may(ROTATION, key, policies) == set()


@pytest.mark.parametrize(
    "context",
    [
        {"kms:SigningAlgorithm": "RSASSA_PSS_SHA_256"},
        {"kms:MessageType": "DIGEST"},
    ],
)
def test_the_issuer_signs_in_its_one_way_alone(policies: Policies, context: dict[str, str]) -> None:
    assert what_may(ISSUER, own_key("dev"), policies, **context) == set()


def test_an_administrator_may_manage_a_key_and_neither_sign_nor_let_others_sign(
    policies: Policies,
) -> None:
    administrator = f"arn:aws:iam::{ACCOUNT}:role/administrator"
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    all_policies = {**policies, administrator: [{"Version": "2012-10-17", "Statement": everything}]}
    may = what_may(administrator, own_key("dev"), all_policies)
    assert may >= {"PutKeyPolicy", "DisableKey", "EnableKey", "CancelKeyDeletion"}
    assert may & {"Sign", "CreateGrant"} == set()


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({f"aws:RequestTag/{TAG}": STACKS["dev"]}, True),
        ({f"aws:RequestTag/{TAG}": STACKS["prod"]}, False),
        ({}, False),
        ({f"aws:RequestTag/{TAG}": STACKS["dev"], "kms:KeySpec": "RSA_4096"}, False),
        ({f"aws:RequestTag/{TAG}": STACKS["dev"], "kms:KeyUsage": "ENCRYPT_DECRYPT"}, False),
    ],
)
def test_the_rotation_makes_keys_of_its_own_kind_alone(
    policies: Policies, context: dict[str, str], expected: bool
) -> None:
    nowhere = default_key(None)
    [may] = allowed([Question(ROTATION, "CreateKey", nowhere, context)], policies)
    assert may is expected
    [issuer] = allowed([Question(ISSUER, "CreateKey", nowhere, context)], policies)
    assert issuer is False
