"""What was refused -> a payload format 2.0 response. Pure."""

import math
from typing import Any

from function_kit.answers import json_answer
from function_kit.revocation.writing import Refused
from revocations.errors import RevocationsError, TableUnavailable

Response = dict[str, Any]


def refused(done: Refused, *, now: float, bound_seconds: int) -> Response:
    """Answer what is refused from now on.

    Returns:
        `refused` is what; tokens that were issued later are good. `holds_from` is when the last
        authorizer and the last answer that the gateway keeps know of it, `forgotten_at` when no
        such token can be left; both in seconds since the epoch. `refresh_tokens` says what became
        of a person's: `ended`, `not_ended`, or `nobody` if the pool has no such person.
    """
    revocation = done.revocation
    said: dict[str, object] = {"kind": revocation.kind, "issuer": revocation.issuer}
    if revocation.value:
        said["value"] = revocation.value
    if revocation.issued_before is not None:
        said["issued_before"] = revocation.issued_before
    body: dict[str, object] = {
        "refused": said,
        "holds_from": math.ceil(now) + bound_seconds,
        "forgotten_at": done.forgotten_at,
    }
    if done.refresh_tokens is not None:
        body["refresh_tokens"] = done.refresh_tokens
    return json_answer(201, body)


def refusal(error: RevocationsError) -> Response:
    """Answer why nothing was done."""
    answer = json_answer(error.status, {"error": error.code, "message": str(error)})
    if isinstance(error, TableUnavailable):
        answer["headers"]["retry-after"] = str(error.retry_after_seconds)
    return answer


def not_found() -> Response:
    """Answer a route that is not ours."""
    return json_answer(404, {"error": "not_found"})
