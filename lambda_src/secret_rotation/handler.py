"""Lambda's entry: settings -> objects. The only reader of `os.environ`.

Only Secrets Manager may invoke it: on its schedule, and when a rotation is first set up.
"""

import os
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from aws_lambda_powertools import Logger

from function_kit.aws import aws_client, call_limits
from secret_rotation.rotate import Rotation, Step
from secret_rotation.settings import Settings

CALLS: Final = call_limits(connect_seconds=2, read_seconds=5, attempts=4)
"""Nobody waits for a rotation: it tries for longer than an answer to a browser may."""

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
        secretsmanager=aws_client("secretsmanager", CALLS),
        cognito=aws_client("cognito-idp", CALLS),
    )
