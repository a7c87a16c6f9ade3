"""Request -> a Lambda authorizer's decision or a refusal: both payloads, both answers, the cache.

Without every identity source 401 and no call; an answer is kept under the values of the
identity sources alone, so all routes share it unless `$context.routeKey` is one, and a policy is
evaluated anew for each; a failure is never kept (API Gateway, "Control access with Lambda
authorizers").
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from local.behaviour import LAMBDA_AUTHORIZER_CHALLENGE
from local.gateway.authorization import LambdaAuthorization
from local.gateway.authorizers.answers import Answer, read_answer
from local.gateway.authorizers.identity import identity_value
from local.gateway.context import RequestContext
from local.gateway.events.payload_v1 import authorizer_event_v1
from local.gateway.events.payload_v2 import authorizer_event_v2
from local.gateway.messages import forbidden, internal_error, unauthorized
from local.runtime.outcome import Failed, GaveUp, Outcome, Succeeded
from local.template.local_app import LambdaAuthorizerConfig

AUTHORIZER_SECONDS = 10.0
"""API Gateway quotas: the time an authorizer may take."""

MAX_KEPT = 10_000

Invoke = Callable[[str, bytes, float], Outcome]
"""Function name, event as JSON, seconds to wait at most -> what came of it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a request may pass, and in answer to which request the function said so."""

    allowed: bool
    authorization: LambdaAuthorization
    request_id: str


_Key = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: Answer
    request_id: str
    until: float


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
        self._kept: dict[_Key, _Kept] = {}

    def decide(self, config: LambdaAuthorizerConfig, context: RequestContext) -> Decision:
        """Return the function's decision for a request; a cached one names the earlier request.

        Raises:
            Refusal: 401 without an identity source or if the function says `Unauthorized`; 500 if
                it fails, takes too long or answers in another shape.
        """
        values = [identity_value(source, context) for source in config.identity_sources]
        present = [value for value in values if value is not None]
        if len(present) < len(values):
            raise unauthorized(
                "missing: an identity source is not provided", LAMBDA_AUTHORIZER_CHALLENGE
            )
        key = (config.id, tuple(present))
        kept = self._recall(key)
        if kept is None:
            kept = _Kept(
                self._ask(config, context, present),
                context.request_id,
                self._clock() + config.ttl_seconds,
            )
            if config.ttl_seconds:
                self._keep(key, kept)
        allowed = kept.answer.allows(context.route_arn)
        return Decision(allowed, kept.answer.authorization, kept.request_id)

    def forget(self) -> None:
        """Throw away every answer that is kept."""
        with self._lock:
            self._kept.clear()

    def _ask(
        self, config: LambdaAuthorizerConfig, context: RequestContext, values: list[str]
    ) -> Answer:
        is_v2 = config.payload_format == "2.0"
        event = (authorizer_event_v2 if is_v2 else authorizer_event_v1)(context, values)
        match self._invoke(config.function_name, json.dumps(event).encode(), AUTHORIZER_SECONDS):
            case Succeeded(payload):
                return read_answer(payload, config)
            case Failed(_, "Unauthorized"):
                raise unauthorized(
                    "the authorizer raised Unauthorized", LAMBDA_AUTHORIZER_CHALLENGE
                )
            case Failed(error_type, message):
                raise internal_error(f"the authorizer failed: {error_type}: {message}")
            case GaveUp(limit_seconds):
                raise internal_error(f"the authorizer took more than {limit_seconds:g} s")

    def _recall(self, key: _Key) -> _Kept | None:
        with self._lock:
            kept = self._kept.get(key)
        return kept if kept and kept.until > self._clock() else None

    def _keep(self, key: _Key, kept: _Kept) -> None:
        with self._lock:
            self._kept.pop(key, None)
            if len(self._kept) >= MAX_KEPT:
                # The first is the oldest: a dict keeps the order of insertion.
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = kept


def allowed_authorization(decision: Decision) -> LambdaAuthorization:
    """Return what the backend is told of an authorized request.

    Raises:
        Refusal: 403, the function does not allow the request.
    """
    if not decision.allowed:
        raise forbidden("the authorizer denied the request")
    return decision.authorization
