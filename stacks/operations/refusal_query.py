"""A request's id -> the query that finds what was logged of it: saved, and run by `make explain`.

Imports no CDK.
"""

from collections.abc import Sequence
from typing import Final

WHY_WAS_IT_REFUSED: Final = (
    "fields @timestamp, route_key, outcome, reason, detail, offending, issuer, sub",
    "fields client_id, token, routeKey, status, authorizerError, userAgent",
    'filter request_id = "REQUEST_ID" or requestId = "REQUEST_ID"',
    "sort @timestamp asc",
)
WHOLE_LINES: Final = "fields @message"
"""What else is asked for by who reads the answer with a program."""


def query_string(text: Sequence[str]) -> str:
    """Return a query's commands as Logs Insights takes them."""
    return "\n| ".join(text)


def of_request(request_id: str) -> str:
    """Return the query for one request, whose id has been checked to be one."""
    return query_string(WHY_WAS_IT_REFUSED).replace("REQUEST_ID", request_id)
