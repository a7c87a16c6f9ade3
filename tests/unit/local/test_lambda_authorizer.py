import json
from typing import Any

import pytest

from local.gateway.authorizers.lambda_authorizer import (
    MAX_KEPT,
    LambdaAuthorizer,
    allowed_authorization,
)
from local.gateway.context import RequestContext
from local.gateway.messages import Refusal
from local.runtime.outcome import Failed, GaveUp, Outcome, Succeeded
from local.template.local_app import LambdaAuthorizerConfig

from .gateway_values import context, request, route

HEADER = "$request.header.Authorization"
CONFIG = LambdaAuthorizerConfig("a1", "Tokens", "authorizer", (HEADER, "$context.routeKey"), 60)
HEADER_ONLY = LambdaAuthorizerConfig("a1", "Tokens", "authorizer", (HEADER,), 60)
UNCACHED = LambdaAuthorizerConfig("a1", "Tokens", "authorizer", (HEADER,), 0)


class Function:
    """A function that answers with what it is told to, and counts its calls."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.events: list[Any] = []

    def __call__(self, name: str, event: bytes, limit_seconds: float) -> Outcome:
        assert (name, limit_seconds) == ("authorizer", 10.0)
        self.events.append(json.loads(event))
        return self.outcome


def answering(answer: Any) -> Function:
    return Function(Succeeded(json.dumps(answer).encode()))


def asked(value: str | None = "Bearer x", key: str = "GET /orders") -> RequestContext:
    headers = (("authorization", value),) if value is not None else ()
    return context(request(headers=headers), route(key))


def is_kept(subject: LambdaAuthorizer, config: LambdaAuthorizerConfig, **request: str) -> bool:
    """Whether the decision for a request is an earlier request's."""
    now = asked(**request)
    return subject.decide(config, now).request_id != now.request_id


def authorizer(function: Function, now: list[float] | None = None) -> LambdaAuthorizer:
    moment = now or [0.0]
    return LambdaAuthorizer(function, lambda: moment[0])


def test_an_allowed_request_carries_the_context_with_its_types() -> None:
    function = answering({"isAuthorized": True, "context": {"sub": "s", "exp": 3, "admin": True}})
    decision = authorizer(function).decide(CONFIG, asked())
    assert allowed_authorization(decision).context == {"sub": "s", "exp": 3, "admin": True}
    assert function.events[0]["identitySource"] == ["Bearer x", "GET /orders"]


def test_without_a_context_the_back_end_gets_null() -> None:
    function = answering({"isAuthorized": True})
    authorization = allowed_authorization(authorizer(function).decide(CONFIG, asked()))
    assert authorization.in_payload_v2 == {"lambda": None}


def test_a_denied_request_is_403() -> None:
    decision = authorizer(answering({"isAuthorized": False})).decide(CONFIG, asked())
    with pytest.raises(Refusal) as raised:
        allowed_authorization(decision)
    assert (raised.value.status, raised.value.message) == (403, "Forbidden")


@pytest.mark.parametrize("token", [None, ""])
def test_a_missing_identity_source_is_401_without_a_call(token: str | None) -> None:
    function = answering({"isAuthorized": True})
    with pytest.raises(Refusal) as raised:
        authorizer(function).decide(CONFIG, asked(token))
    assert raised.value.status == 401
    assert function.events == []


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Failed("Unauthorized", "Unauthorized"), 401),
        (Failed("Exception", "Unauthorized"), 401),
        (Failed("Exception", "unauthorized"), 500),
        (Failed("Exception", "Unauthorized."), 500),
        (Failed("Sandbox.Timedout", "Task timed out"), 500),
        (Failed("Runtime.ExitError", "exited"), 500),
        (GaveUp(10.0), 500),
        (Succeeded(b"null"), 500),
        (Succeeded(b"[]"), 500),
        (Succeeded(b"not json"), 500),
        (Succeeded(b"{}"), 500),
        (Succeeded(b'{"isAuthorized": "true"}'), 500),
        (Succeeded(b'{"isAuthorized": 1}'), 500),
        (Succeeded(b'{"isAuthorized": null}'), 500),
        (Succeeded(b'{"isAuthorized": true, "context": []}'), 500),
        (Succeeded(b'{"isAuthorized": true, "context": "x"}'), 500),
    ],
)
def test_what_is_no_plain_answer_lets_nobody_in_and_is_not_kept(
    outcome: Outcome, status: int
) -> None:
    function = Function(outcome)
    subject = authorizer(function)
    for _ in range(2):
        with pytest.raises(Refusal) as raised:
            subject.decide(CONFIG, asked())
        assert raised.value.status == status
    assert len(function.events) == 2


@pytest.mark.parametrize("allowed", [True, False])
def test_a_decision_is_kept_for_its_time_and_not_longer(allowed: bool) -> None:
    now = [0.0]
    function = answering({"isAuthorized": allowed})
    subject = authorizer(function, now)
    assert not is_kept(subject, CONFIG)
    now[0] = 59.9
    assert is_kept(subject, CONFIG)
    now[0] = 60.0
    assert not is_kept(subject, CONFIG)
    assert len(function.events) == 2


def test_a_ttl_of_zero_keeps_nothing() -> None:
    function = answering({"isAuthorized": True})
    subject = authorizer(function)
    assert not any(is_kept(subject, UNCACHED) for _ in range(3))


def test_another_token_or_route_has_its_own_decision() -> None:
    subject = authorizer(answering({"isAuthorized": True}))
    subject.decide(CONFIG, asked())
    assert not is_kept(subject, CONFIG, value="Bearer y")
    assert not is_kept(subject, CONFIG, key="POST /orders")


def test_without_the_route_key_all_routes_share_one_decision_as_on_aws() -> None:
    subject = authorizer(answering({"isAuthorized": True}))
    subject.decide(HEADER_ONLY, asked())
    assert is_kept(subject, HEADER_ONLY, key="DELETE /orders/{id}")


def test_the_cache_forgets_its_oldest_rather_than_grow() -> None:
    function = answering({"isAuthorized": True})
    subject = authorizer(function)
    for number in range(MAX_KEPT + 1):
        subject.decide(HEADER_ONLY, asked(f"Bearer {number}"))
    assert is_kept(subject, HEADER_ONLY, value=f"Bearer {MAX_KEPT}")
    assert not is_kept(subject, HEADER_ONLY, value="Bearer 0")
