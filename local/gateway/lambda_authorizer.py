"""Request -> a Lambda authorizer's context or a refusal: payload 2.0, simple responses, cache.

The rule: without every identity source 401 and no call; a decision is kept under the values of the
identity sources alone, so all routes share it unless `$context.routeKey` is one; a failure is never
kept (API Gateway, "Control access with Lambda authorizers").
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from local.gateway.context import RequestContext
from local.gateway.events import authorizer_event
from local.gateway.identity import identity_value
from local.gateway.messages import Refusal, forbidden, internal_error, unauthorized
from local.json_value import JsonObject, JsonValue
from local.runtime.outcome import Failed, GaveUp, Outcome, Succeeded
from local.template.local_app import LambdaAuthorizerConfig

AUTHORIZER_SECONDS = 10.0
"""API Gateway quotas: the time an authorizer may take."""

MAX_KEPT = 10_000

Invoke = Callable[[str, bytes, float], Outcome]
"""Function name, event as JSON, seconds to wait at most -> what came of it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the function said, and in answer to which request."""

    allowed: bool
    context: JsonValue
    request_id: str


_Key = tuple[str, tuple[str, ...]]


class LambdaAuthorizer:
    """Decides for every Lambda authorizer of an API.

    Args:
        invoke: Runs a function.
        clock: Seconds that only grow.
    """

    def __init__(self, invoke: Invoke, clock: Callable[[], float]) -> None:
        self._invoke = invoke
        self._clock = clock
        self._lock = Lock()
        self._kept: dict[_Key, tuple[float, Decision]] = {}

    def decide(self, config: LambdaAuthorizerConfig, context: RequestContext) -> Decision:
        """The function's decision for a request; out of the cache, it names an earlier one.

        Raises:
            Refusal: 401 without an identity source or if the function says `Unauthorized`; 500 if
                it fails, takes too long or answers in another shape.
        """
        values = [identity_value(source, context) for source in config.identity_sources]
        present = [value for value in values if value is not None]
        if len(present) < len(values):
            raise unauthorized("missing: an identity source is not provided", "Bearer")
        key = (config.id, tuple(present))
        kept = self._recall(key)
        if kept:
            return kept
        event = json.dumps(authorizer_event(context, present)).encode()
        outcome = self._invoke(config.function_name, event, AUTHORIZER_SECONDS)
        decision = _decision(outcome, context.request_id)
        if config.ttl_seconds:
            self._keep(key, decision, config.ttl_seconds)
        return decision

    def _recall(self, key: _Key) -> Decision | None:
        with self._lock:
            expires_at, decision = self._kept.get(key, (0.0, None))
        return decision if expires_at > self._clock() else None

    def _keep(self, key: _Key, decision: Decision, ttl_seconds: int) -> None:
        with self._lock:
            self._kept.pop(key, None)
            if len(self._kept) >= MAX_KEPT:
                # The first is the oldest: a dict keeps the order of insertion.
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = (self._clock() + ttl_seconds, decision)


def lambda_block(decision: Decision) -> JsonObject:
    """The event's `authorizer` member: `{"lambda": context}`.

    Raises:
        Refusal: 403, the function does not allow the request.
    """
    if not decision.allowed:
        raise forbidden("the authorizer denied the request")
    return {"lambda": decision.context}


def _decision(outcome: Outcome, request_id: str) -> Decision:
    match outcome:
        case Failed(_, "Unauthorized"):
            raise unauthorized("the authorizer raised Unauthorized", "Bearer")
        case Failed(error_type, message):
            raise internal_error(f"the authorizer failed: {error_type}: {message}")
        case GaveUp(limit_seconds):
            raise internal_error(f"the authorizer took more than {limit_seconds:g} s")
        case Succeeded(payload):
            return _simple_response(payload, request_id)


def _simple_response(payload: bytes, request_id: str) -> Decision:
    try:
        answer = json.loads(payload)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("isAuthorized"), bool):
        raise _malformed("isAuthorized is no boolean")
    context = answer.get("context")
    if context is not None and not isinstance(context, dict):
        raise _malformed("context is no object")
    return Decision(answer["isAuthorized"], context, request_id)


def _malformed(problem: str) -> Refusal:
    return internal_error(f"the authorizer's answer is malformed: {problem}")
