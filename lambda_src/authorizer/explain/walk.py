"""A credential, a route, the settings and the policy -> the verdict, and each check on the way.

The verdict is the authorizer's own, and so is each check: the authorizer is built as its function
builds it, with steps that remember what they were given. A token that is refused for what leaves
more to be said is then put to it once more, and goes on.
"""

import contextlib
import io
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from authorizer.call import Call
from authorizer.errors import RevocationsUnavailable, TokenRevoked
from authorizer.explain.rules import rule_rows
from authorizer.explain.told import Row, rows
from authorizer.explain.watched import WatchedSteps
from authorizer.handler import NO_VARIABLES, REVOCATION_TABLE, build
from authorizer.path_parameters import unambiguous
from authorizer.policy import RoutePolicy
from authorizer.route import RouteKey
from authorizer.settings import Settings
from jwt_verifier.freshness import Clock
from jwt_verifier.tokens import VerifiedToken


@dataclass(frozen=True, slots=True)
class Explained:
    """What the authorizer answers, and why.

    Attributes:
        line: The decision's line, as it would be logged.
        checks: Of the token, in the order in which they are made.
        rules: Of the route, each with its conditions; none where the token says nothing.
    """

    line: Mapping[str, Any]
    checks: tuple[Row, ...]
    rules: tuple[tuple[str, list[Row]], ...]

    @property
    def outcome(self) -> str:
        """`allowed`, `denied`, `rejected` or `failed`."""
        return str(self.line["outcome"])

    @property
    def reason(self) -> str:
        """The reason code, without its detail."""
        return str(self.line["reason"])


class Explainer:
    """An authorizer whose steps are watched; like one, it keeps the issuers' keys.

    Args:
        settings: The authorizer's.
        policy: Its policy document.
        wall_clock: Seconds since the epoch.
        environment: Where what was taken back is looked up, and by whom, as `build` takes it.

    Raises:
        SettingsInvalid: The policy is not one, or a variable is wrong.
    """

    def __init__(
        self,
        settings: Settings,
        policy: str,
        wall_clock: Clock = time.time,
        environment: Mapping[str, str] = NO_VARIABLES,
    ) -> None:
        self._policy = policy
        self._looks_up_revocations = REVOCATION_TABLE in environment
        self._wall_clock = wall_clock
        self._lines: list[str] = []
        self._steps = WatchedSteps()
        self._authorizer = build(
            settings,
            RoutePolicy.from_json(policy.encode()),
            wall_clock=wall_clock,
            write=self._lines.append,
            steps=self._steps,
            environment=environment,
        )
        if self._looks_up_revocations:
            # Read while nobody waits, as the function does: later it has a fifth of a second.
            with contextlib.redirect_stdout(io.StringIO()):
                self._authorizer.warm_up()

    def explain(self, event: Mapping[str, Any]) -> Explained:
        """Put an event, as the gateway would send it, and say what came of each check."""
        self._steps.begin()
        line = self._put(event)
        if line["outcome"] == "rejected":
            self._steps.goes_on = True
            self._put(event)
        checks = tuple(told_checks(line, self._steps, with_revocation=self._looks_up_revocations))
        return Explained(line, checks, tuple(self._rules(event)))

    def _rules(self, event: Mapping[str, Any]) -> list[tuple[str, list[Row]]]:
        identified = self._steps.taken.get("identify")
        token = identified.result if identified else None
        if not isinstance(token, VerifiedToken):
            return []
        route_key = RouteKey(str(event.get("routeKey")))
        path = unambiguous(route_key, event.get("rawPath"), event.get("pathParameters"))
        return list(rule_rows(self._policy, route_key, token, Call(path, self._wall_clock())))

    def _put(self, event: Mapping[str, Any]) -> dict[str, Any]:
        self._lines.clear()
        # What happens to keys is logged too, on standard output, which is a person's here.
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.suppress(Exception),  # the decision's line says each of them
        ):
            self._authorizer(event)
        line: dict[str, Any] = json.loads(self._lines[0])
        return line


def event_of(credential: str, route_key: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """Return what the gateway would send for a token in the Authorization header.

    Args:
        credential: The token, without "Bearer".
        route_key: As declared.
        parameters: What stands in the called path for each `{name}` of it.
    """
    path = route_key.partition(" ")[2]
    for name, value in parameters.items():
        path = path.replace(f"{{{name}}}", value).replace(f"{{{name}+}}", value)
    return {
        "routeKey": route_key,
        "rawPath": path,
        "pathParameters": dict(parameters),
        "headers": {"authorization": f"Bearer {credential}"},
        "requestContext": {"requestId": "explain", "routeKey": route_key},
    }


def told_checks(
    line: Mapping[str, Any], steps: WatchedSteps, *, with_revocation: bool
) -> Iterator[Row]:
    """Yield a row for each check; the verdict's is among them, also if it is of no step."""
    reason, detail = str(line["reason"]), str(line.get("detail", ""))
    expected = "Authorization: Bearer and one token"
    if not steps.taken:
        yield Row("credential", expected, "it is not", reason, detail)
        return
    yield Row("credential", expected, "it is")
    told = list(rows(steps.taken))
    if with_revocation and "identify" in steps.taken and steps.taken["identify"].fault is None:
        told.append(_revocation(reason, detail))
    yield from told
    is_of_token = line["outcome"] == "rejected" or "identify" not in steps.taken
    if is_of_token and all(row.reason != reason for row in told):
        yield Row("further check", "the token passes", "it does not", reason, detail)


def _revocation(reason: str, detail: str) -> Row:
    expected = "not taken back before it expires"
    found = {
        TokenRevoked.code: "it was taken back",
        RevocationsUnavailable.code: "the list cannot be read",
    }
    refusal = (reason, detail) if reason in found else ("", "")
    return Row("revocation", expected, found.get(reason, "it was not"), *refusal)
