"""The issuer's and the rotation's role -> the policy of every key. Pure.

It alone decides: neither role has a permission of IAM on any key, so neither reaches a key whose
policy does not name it, and no tag decides anything.
"""

from collections.abc import Mapping
from typing import Final

ADMINISTRATION: Final = (
    "kms:CancelKeyDeletion",
    "kms:Describe*",
    "kms:DisableKey",
    "kms:EnableKey",
    "kms:Get*",
    "kms:List*",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:UntagResource",
)
"""What the account's administrators may do, if IAM lets them: no signing, and no grant to sign."""


def key_policy(issuer_role: str, rotation_role: str) -> Mapping[str, object]:
    """Return the policy document.

    Args:
        issuer_role: The ARN of the role that signs tokens, and does nothing else.
        rotation_role: The ARN of the role that reads the public half and ends the key.
    """
    _, partition, _, _, account_id, _ = rotation_role.split(":", 5)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Administration",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:{partition}:iam::{account_id}:root"},
                "Action": list(ADMINISTRATION),
                "Resource": "*",
            },
            {
                "Sid": "Signing",
                "Effect": "Allow",
                "Principal": {"AWS": issuer_role},
                "Action": "kms:Sign",
                "Resource": "*",
                "Condition": {
                    "StringEquals": {
                        "kms:SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256",
                        "kms:MessageType": "RAW",
                    }
                },
            },
            {
                "Sid": "Rotation",
                "Effect": "Allow",
                "Principal": {"AWS": rotation_role},
                "Action": [
                    "kms:DescribeKey",
                    "kms:GetPublicKey",
                    "kms:ListResourceTags",
                    "kms:ScheduleKeyDeletion",
                    "kms:TagResource",
                ],
                "Resource": "*",
            },
        ],
    }
