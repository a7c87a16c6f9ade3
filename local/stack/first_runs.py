"""What AWS runs as soon as an app is deployed -> run here: schedules, and secrets' first rotations.

(AWS Secrets Manager User Guide, "Lambda rotation functions": createSecret, setSecret, testSecret,
finishSecret, one after the other, each with the id of the new version.)
"""

import json
import uuid

from local.errors import StartFailed
from local.json_value import JsonObject
from local.runtime.functions import Functions
from local.runtime.outcome import Succeeded
from local.template.local_app import LocalApp

_SCHEDULED: JsonObject = {"source": "aws.events", "detail-type": "Scheduled Event"}
_STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")


def run_schedules(app: LocalApp, functions: Functions) -> None:
    """Run each scheduled function once: no stack lives as long as its schedule's period.

    Raises:
        StartFailed: One fails.
    """
    for name in app.scheduled:
        _run(app, functions, name, _SCHEDULED, "run by a schedule")


def rotate_secrets(app: LocalApp, functions: Functions) -> None:
    """Run the rotations that AWS runs when their schedules are made.

    Raises:
        StartFailed: A step fails.
    """
    for rotation in app.rotations:
        if not rotation.at_once:
            continue
        version = str(uuid.uuid4())
        for step in _STEPS:
            event: JsonObject = {
                "Step": step,
                "SecretId": rotation.secret_arn,
                "ClientRequestToken": version,
            }
            what = f"that rotates a secret, in {step}"
            _run(app, functions, rotation.function_name, event, what)


def _run(app: LocalApp, functions: Functions, name: str, event: JsonObject, what: str) -> None:
    function = next(item for item in app.functions if item.name == name)
    outcome = functions.invoke(name, json.dumps(event).encode(), function.timeout_seconds)
    if not isinstance(outcome, Succeeded):
        raise StartFailed(f"function {function.label}, {what}, fails: {outcome}")
