"""Lines that functions print -> the authorizer's decisions by request id, and the lines to show.

Decision lines become part of a request's one line, metric lines are not for the
console, and every other line is passed on with the function's name.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition

from local.gateway.access_log import Exchange
from local.json_value import JsonObject

_DELIBERATE = "[ERROR] Unauthorized: Unauthorized"
"""The runtime client's traceback of an authorizer's 401, which its decision line has told."""

_KEPT = 10_000
_WAIT_SECONDS = 2.0
"""A decision is printed before the answer leaves the function, but read by another thread."""


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision as the authorizer's log line tells it."""

    outcome: str
    reason: str
    detail: str = ""
    """What else the line says of a refusal, in words."""


class DecisionLog:
    """Collects decisions.

    Args:
        show: Called with a function's name and each line that is none of ours.
    """

    def __init__(self, show: Callable[[str, str], None]) -> None:
        self._show = show
        self._keep: Callable[[JsonObject], None] | None = None
        self._arrived = Condition()
        self._decisions: dict[str, DecisionLine] = {}

    def keep_with(self, keep: Callable[[JsonObject], None]) -> None:
        """Give each line of a decision, and each request, to what keeps them from now on."""
        self._keep = keep

    def on_exchange(self, exchange: Exchange) -> None:
        """Take in a request that has been answered."""
        if self._keep is not None:
            self._keep(
                {
                    "answered": exchange.request_id,
                    "route_key": exchange.route_key,
                    "status": exchange.status,
                    "reason": exchange.reason,
                    "decided_in": exchange.decided_in,
                }
            )

    def on_line(self, function_name: str, line: str) -> None:
        """Take in a line that a function printed."""
        entry = _json_object(line)
        if entry.get("message") == "decision" and isinstance(entry.get("request_id"), str):
            decision = _decision(entry)
            if self._keep is not None:
                self._keep(entry)
            with self._arrived:
                if len(self._decisions) >= _KEPT:
                    self._decisions.pop(next(iter(self._decisions)))
                self._decisions[str(entry["request_id"])] = decision
                self._arrived.notify_all()
        elif "_aws" not in entry and not line.startswith(_DELIBERATE):
            self._show(function_name, line)

    def reason(self, exchange: Exchange) -> str:
        """Say why a request was allowed or refused, by the authorizer or else the gateway.

        A decision out of the gateway's cache is marked as such.
        """
        return self._told(exchange, with_detail=False)

    def explained(self, exchange: Exchange) -> str:
        """Say why as `reason` does, with the detail of the decision's line."""
        return self._told(exchange, with_detail=True)

    def _told(self, exchange: Exchange, *, with_detail: bool) -> str:
        decided_in = exchange.decided_in
        if decided_in is None or (exchange.reason and exchange.reason.startswith("missing:")):
            return exchange.reason
        with self._arrived:
            self._arrived.wait_for(lambda: decided_in in self._decisions, _WAIT_SECONDS)
            decision = self._decisions.get(decided_in)
        if decision is None:
            return exchange.reason
        cached = "" if decided_in == exchange.request_id else " (cached)"
        detail = f": {decision.detail}" if with_detail and decision.detail else ""
        return f"{decision.reason}{detail}{cached}"


def _decision(entry: JsonObject) -> DecisionLine:
    """Return a decision as the console shows it: what a denial lacks is in its detail."""
    outcome, reason = str(entry.get("outcome")), str(entry.get("reason"))
    detail = str(entry.get("detail") or "")
    if outcome == "denied" and detail:
        return DecisionLine(outcome, f"{reason}:{detail}")
    return DecisionLine(outcome, reason, detail)


def _json_object(line: str) -> JsonObject:
    if not line.startswith("{"):
        return {}
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
