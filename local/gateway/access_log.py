"""A finished exchange -> the stage's access-log line, and what a person wants to know of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_VARIABLE = re.compile(r"\$context\.([A-Za-z][A-Za-z0-9_.]*[A-Za-z0-9_])")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer.

    Args:
        request_id: As in `apigw-requestid`.
        method: As called.
        path: As called.
        route_key: The selected route, or None.
        status: HTTP status.
        reason: Why the gateway refused it or let it pass.
        decided_in: The request id whose decision by a Lambda authorizer counted; None without.
        epoch_seconds: When it came, as Unix time.
        latency_ms: How long it took.
        access_log: The stage's line for it, or None if the stage has no access log.
    """

    request_id: str
    method: str
    path: str
    route_key: str | None
    status: int
    reason: str
    decided_in: str | None
    epoch_seconds: float
    latency_ms: int
    access_log: str | None


def access_log_line(template: str, variables: Mapping[str, str]) -> str:
    """Fill in a stage's `AccessLogSettings.Format`; `-` stands for a variable without a value."""

    def value(match: re.Match[str]) -> str:
        # The deployed gateway escapes for the JSON that the format usually is.
        text = variables.get(match[1]) or "-"
        return text.replace("\\", "\\\\").replace('"', '\\"')

    return _VARIABLE.sub(value, template)
