"""A request's id -> what the logs of a deployed stage say of it, in words.

The words are the authorizer's own, from a process of its own: the two share no code.
"""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from stacks.deployment.caller import caller
from stacks.deployment.command import ROOT, Command
from stacks.deployment.errors import CommandRefused
from stacks.deployment.kept_outputs import KeptOutputs
from stacks.deployment.logged import Logs
from stacks.operations.refusal_query import WHOLE_LINES, of_request, query_string
from stacks.stage.config import StageConfig
from stacks.stage.deploy.destination import destination

GROUPS: Final = ("AuthorizerLogGroup", "AccessLogGroup")
"""The outputs that name the logs."""

_HOUR_SECONDS: Final = 3600
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9+/_=-]{1,64}")
_NOTHING: Final = "-"
"""What API Gateway writes for a variable without a value."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was logged of one request.

    Attributes:
        decision: The authorizer's line; None without one.
        request: The access log's; None without one.
    """

    decision: Mapping[str, Any] | None
    request: Mapping[str, Any] | None


def explain(
    command: Command, request_id: str, hours: int, environ: Mapping[str, str], now: float
) -> int:
    """Say what the logs of a deployed stage have of a request, and with which query.

    Args:
        command: Which stage.
        request_id: `apigw-requestid` of the answer.
        hours: How far to look back.
        environ: The environment's variables.
        now: Seconds since the epoch.

    Raises:
        CommandRefused: It is not a request's id, the stage is not deployed from here, or AWS
            refuses.
    """
    if not _REQUEST_ID.fullmatch(request_id):
        raise CommandRefused(
            "REQUEST_ID: not a request's id: give the value of the answer's header apigw-requestid"
        )
    config = command.config()
    kept = KeptOutputs(command.folder, command.stage)
    groups = [kept.value(name) for name in GROUPS]
    who = caller(environ, destination(config, environ).region)
    query = of_request(request_id)
    start = now - hours * _HOUR_SECONDS
    lines = Logs(who.region, groups).lines(query_string((WHOLE_LINES, query)), start, now)
    found = _found(list(lines), request_id)
    print(f"In {' and '.join(groups)}, since {_clock(start)}:")
    print(f"{query}\n", flush=True)
    if found.decision is not None:
        _say_in_words(found.decision)
    else:
        print(_without_decision(found, config, hours))
    return 0


def _found(lines: list[dict[str, Any]], request_id: str) -> Found:
    decisions = [line for line in lines if line.get("request_id") == request_id]
    requests = [line for line in lines if line.get("requestId") == request_id]
    return Found(
        next((line for line in decisions if line.get("message") == "decision"), None),
        next(iter(requests), None),
    )


def _without_decision(found: Found, config: StageConfig, hours: int) -> str:
    if found.request is None:
        return (
            f"Nothing was logged of this request in the last {hours} h. A line takes a minute "
            "to arrive; HOURS=168 looks a week back; of a request that API Gateway refused before "
            "it chose a stage there is none."
        )
    request = {name: ascii(str(value))[1:-1] for name, value in found.request.items()}
    told = f"{request.get('routeKey', _NOTHING)} was answered {request.get('status', _NOTHING)}."
    error = request.get("authorizerError", _NOTHING)
    if error != _NOTHING:
        told += f" The gateway says of its authorizer: {error}."
    kept = config.authorizer_cache_ttl_seconds
    reasons = ["a route that is public, or of the built-in authorizer, never has one"]
    if kept:
        reasons.insert(
            0,
            "a decision out of the gateway's cache has none, for it repeats one of the same token "
            f"and route that is up to {kept} s older: look for that with where-a-token-was-used",
        )
    if config.log_level not in ("DEBUG", "INFO"):
        reasons.insert(0, f"log_level is {config.log_level}, at which none is logged")
    return f"{told}\nThe authorizer has no line of it: {'; '.join(reasons)}."


def _say_in_words(line: Mapping[str, Any]) -> None:
    subprocess.run(  # our own interpreter and module; no shell
        [sys.executable, "-m", "authorizer.explain", "--line"],
        cwd=ROOT / "lambda_src",
        input=json.dumps(line),
        text=True,
        check=True,
    )


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
