"""A backend that answers with its event, or as its caller's header tells it to."""

import json
import os
import time
from typing import Any


def handler(event: Any, _context: object) -> Any:
    headers = {name.lower(): value for name, value in event["headers"].items()}
    if "x-sleep" in headers:
        time.sleep(float(headers["x-sleep"]))
    if "x-raise" in headers:
        raise RuntimeError(headers["x-raise"])
    if "x-exit" in headers:
        os._exit(1)
    if "x-large" in headers:
        return {"statusCode": 200, "body": "a" * int(headers["x-large"])}
    if "x-answer" in headers:
        return json.loads(headers["x-answer"])
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(event),
    }
