"""Lambda's entry: settings -> objects. The only reader of `os.environ`.

Only Secrets Manager may invoke it: on its schedule, and when a rotation is first set up.
"""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger

from secret_rotation.aws import CALLS
from secret_rotation.rotate import Rotation, Step
from secret_rotation.settings import Settings

logger = Logger()


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Do one step of a rotation.

    Args:
        event: `Step`, `SecretId` and `ClientRequestToken` (AWS Secrets Manager User Guide, "Lambda
            rotation functions").
    """
    step = Step.from_event(event)
    _rotation().run(step)
    logger.info("rotation", step=step.name, secret=step.secret_arn)


@cache
def _rotation() -> Rotation:
    return Rotation(
        Settings.from_env(os.environ),
        secretsmanager=boto3.client("secretsmanager", config=CALLS),
        cognito=boto3.client("cognito-idp", config=CALLS),
    )
