"""`python -m local explain --request-id`: what the running stack's decision said, in words."""

import json
from pathlib import Path

from rich.console import Console

from local.errors import LocalError
from local.terminal.authorizers_half import authorizers_half
from local.this_app.request_file import answered, request_path


def explain_request(request_id: str, outputs: Path, console: Console) -> int:
    """Say of a request what became of it and why, and return the process's exit status.

    Args:
        request_id: `apigw-requestid` of the answer.
        outputs: Where the running stack says what it serves.
        console: Where people read.

    Raises:
        LocalError: No stack serves, or it has not kept this request.
    """
    try:
        found = answered(request_path(outputs), request_id)
    except FileNotFoundError:
        raise LocalError(
            f"no stack serves with {outputs}: start one with make local, or name the stage whose "
            "logs are to be read, as in STAGE=dev"
        ) from None
    request = found.request
    if request is None:
        raise LocalError(
            "REQUEST_ID: the running stack has not answered it, or no longer knows: give the "
            "value of the answer's header apigw-requestid"
        )
    route, status = request["route_key"] or "no route", request["status"]
    _say(console, f"{route} was answered {status}.")
    if found.decision is None:
        _say(console, f"The gateway decided by itself: {request['reason']}.")
        return 0
    if request["decided_in"] != request_id:
        _say(
            console,
            "The decision came out of the gateway's cache, so this request has no line of its own: "
            f"it repeats that of the request {request['decided_in']}, of the same token and route.",
        )
    console.print()
    return authorizers_half(json.dumps(found.decision), ["--line"], {})


def _say(console: Console, text: str) -> None:
    console.print(ascii(text)[1:-1], markup=False, emoji=False)
