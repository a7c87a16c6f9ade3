"""An issuer's name -> what its rotation may do with KMS, as IAM statements.

The keys are not resources of a template: KMS cannot rotate an asymmetric key, so a rotation is a
new key, made at run time. What may be done with a key is in its own policy, which names the roles
of this stack (`key_rotation.key_policy`); IAM lets neither role do anything with any key. The tag
is only for finding keys again.
"""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

OWNER_TAG = "jwt-authorizer-issuer"
RSA_SIGNING_KEY = {"kms:KeySpec": "RSA_2048", "kms:KeyUsage": "SIGN_VERIFY"}


def may_rotate(stack: Stack, owner: str) -> list[iam.PolicyStatement]:
    """Make keys with the owner's tag, and see which keys there are."""
    tagged = {f"aws:RequestTag/{OWNER_TAG}": owner, **RSA_SIGNING_KEY}
    return [
        # Neither has a resource that could be named (KMS, "Actions and resources").
        iam.PolicyStatement(
            actions=["kms:CreateKey"], resources=["*"], conditions={"StringEquals": tagged}
        ),
        iam.PolicyStatement(actions=["kms:ListKeys"], resources=["*"]),
        # CreateKey with tags asks for it; it can put no other tag, and on no other issuer's key.
        iam.PolicyStatement(
            actions=["kms:TagResource"],
            resources=[any_key(stack)],
            conditions={
                "StringEquals": tagged,
                "StringEqualsIfExists": {f"aws:ResourceTag/{OWNER_TAG}": owner},
                "ForAllValues:StringEquals": {"aws:TagKeys": [OWNER_TAG]},
            },
        ),
    ]


def any_key(stack: Stack) -> str:
    """Return the ARN that every key of the stack's account and region fits."""
    return stack.format_arn(service="kms", resource="key", resource_name="*")
