"""An authorizer that answers as its caller's header tells it to, and counts its calls."""

import json
import os
import time
from itertools import count
from typing import Any

CALLS = count(1)


class Refused(Exception):
    """Its message is what the caller's header says."""


def handler(event: Any, _context: object) -> Any:
    calls = next(CALLS)
    verdict = json.loads(event["headers"].get("x-verdict", '{"return": {"isAuthorized": true}}'))
    if "sleep" in verdict:
        time.sleep(verdict["sleep"])
    if "raise" in verdict:
        raise Refused(verdict["raise"])
    if "exit" in verdict:
        os._exit(verdict["exit"])
    answer = json.dumps(verdict["return"])
    arn = event.get("routeArn") or event["methodArn"]
    answer = answer.replace("$arn", arn).replace('"$calls"', str(calls))
    answer = answer.replace('"$eventText"', json.dumps(json.dumps(event)))
    return json.loads(answer.replace('"$event"', json.dumps(event)))
