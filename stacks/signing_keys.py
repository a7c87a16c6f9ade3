"""An issuer's name -> what may be done with its KMS keys, as IAM statements.

The keys are no resources of a template: KMS cannot rotate an asymmetric key, so a rotation is a new
key, made at run time. Each carries its issuer's name as a tag from the moment that it is made, and
every statement here is bound to that tag.
"""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

OWNER_TAG = "jwt-authorizer-issuer"
OWNED = f"aws:ResourceTag/{OWNER_TAG}"
RSA_SIGNING_KEY = {"kms:KeySpec": "RSA_2048", "kms:KeyUsage": "SIGN_VERIFY"}


def may_sign(stack: Stack, owner: str) -> iam.PolicyStatement:
    """Sign with the owner's keys, in the one way that the issuer does, and nothing else."""
    return iam.PolicyStatement(
        actions=["kms:Sign"],
        resources=[_keys(stack)],
        conditions={
            "StringEquals": {
                OWNED: owner,
                "kms:SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256",
                "kms:MessageType": "RAW",
            }
        },
    )


def may_rotate(stack: Stack, owner: str) -> list[iam.PolicyStatement]:
    """Make keys of the owner's, read their public halves and delete them; never sign."""
    return [
        # CreateKey has no resource yet that could be named (KMS, "Actions and resources").
        iam.PolicyStatement(
            actions=["kms:CreateKey"],
            resources=["*"],
            conditions={"StringEquals": {f"aws:RequestTag/{OWNER_TAG}": owner, **RSA_SIGNING_KEY}},
        ),
        # CreateKey with tags asks for it; it can put no other tag, and only on such keys.
        iam.PolicyStatement(
            actions=["kms:TagResource"],
            resources=[_keys(stack)],
            conditions={
                "StringEquals": {f"aws:RequestTag/{OWNER_TAG}": owner, **RSA_SIGNING_KEY},
                "ForAllValues:StringEquals": {"aws:TagKeys": [OWNER_TAG]},
            },
        ),
        iam.PolicyStatement(
            actions=["kms:GetPublicKey", "kms:ScheduleKeyDeletion"],
            resources=[_keys(stack)],
            conditions={"StringEquals": {OWNED: owner}},
        ),
    ]


def _keys(stack: Stack) -> str:
    return stack.format_arn(service="kms", resource="key", resource_name="*")
