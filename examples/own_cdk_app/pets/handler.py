"""The backend: the authorizer has decided, and its context says who calls."""

import json
from typing import Any


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer a request of payload format 2.0."""
    caller = event["requestContext"]["authorizer"]["lambda"]["sub"]
    return {"statusCode": 200, "body": json.dumps({"caller": caller, "pets": ["Rex"]})}
