"""A secret's rotation -> the four calls that Secrets Manager makes to its function.

(AWS Secrets Manager User Guide, "Lambda rotation functions": createSecret, setSecret, testSecret,
finishSecret, one after the other, each with the id of the new version.)
"""

import json
import uuid
from collections.abc import Iterable

from local.errors import StartFailed
from local.runtime.functions import Functions
from local.runtime.outcome import Succeeded
from local.template.local_app import FunctionConfig, RotationConfig

_STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")


def rotate_at_once(
    rotations: Iterable[RotationConfig], configs: Iterable[FunctionConfig], functions: Functions
) -> None:
    """Run the rotations that AWS runs when their schedules are made.

    Args:
        rotations: The app's.
        configs: The functions that rotate, among others.
        functions: Where they run.

    Raises:
        StartFailed: A step fails.
    """
    by_name = {config.name: config for config in configs}
    for rotation in rotations:
        if rotation.at_once:
            _rotate(rotation, by_name[rotation.function_name], functions)


def _rotate(rotation: RotationConfig, function: FunctionConfig, functions: Functions) -> None:
    version = str(uuid.uuid4())
    for step in _STEPS:
        event = {"Step": step, "SecretId": rotation.secret_arn, "ClientRequestToken": version}
        outcome = functions.invoke(
            function.name, json.dumps(event).encode(), function.timeout_seconds
        )
        if not isinstance(outcome, Succeeded):
            raise StartFailed(
                f"function {function.label} fails to rotate a secret, in {step}: {outcome}"
            )
