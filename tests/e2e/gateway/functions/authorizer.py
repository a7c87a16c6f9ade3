"""An authorizer that answers as its caller's header tells it to, and counts its calls."""

import json
import os
import time

CALLS = 0


def handler(event, _context):
    global CALLS
    CALLS += 1
    verdict = json.loads(event["headers"].get("x-verdict", '{"return": {"isAuthorized": true}}'))
    if "sleep" in verdict:
        time.sleep(verdict["sleep"])
    if "raise" in verdict:
        raise Exception(verdict["raise"])
    if "exit" in verdict:
        os._exit(verdict["exit"])
    answer = json.dumps(verdict["return"])
    arn = event.get("routeArn") or event["methodArn"]
    answer = answer.replace("$arn", arn).replace('"$calls"', str(CALLS))
    answer = answer.replace('"$eventText"', json.dumps(json.dumps(event)))
    return json.loads(answer.replace('"$event"', json.dumps(event)))
