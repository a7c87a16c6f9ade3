"""What of Lambda authorizers cannot be seen through a socket; the rest is in tests/e2e/gateway."""

from local.gateway.authorizers.lambda_authorizer import MAX_KEPT, LambdaAuthorizer
from local.runtime.outcome import GaveUp, Outcome, Succeeded
from local.template.local_app import LambdaAuthorizerConfig

from .gateway_values import Ask, context, request, route

CONFIG = LambdaAuthorizerConfig(
    "a1", "Tokens", "authorizer", ("$request.header.Authorization",), ttl_seconds=60
)


def test_the_cache_forgets_its_oldest_rather_than_grow() -> None:
    calls: list[bytes] = []

    def invoke(_name: str, event: bytes, _limit_seconds: float) -> Outcome:
        calls.append(event)
        return Succeeded(b'{"isAuthorized": true}')

    subject = LambdaAuthorizer(invoke, lambda: 0.0)

    def is_kept(number: int) -> bool:
        asked = context(request(headers=(("authorization", f"t{number}"),)), route("GET /orders"))
        return subject.decide(CONFIG, asked).request_id != asked.request_id

    assert not any(is_kept(number) for number in range(MAX_KEPT + 1))
    assert is_kept(MAX_KEPT)
    assert not is_kept(0)
    assert len(calls) == MAX_KEPT + 2


def test_an_authorizer_has_ten_seconds_and_no_more() -> None:
    def invoke(_name: str, _event: bytes, limit_seconds: float) -> Outcome:
        return GaveUp(limit_seconds)

    ask = Ask(route("GET /orders", CONFIG), invoke)
    assert ask(request(headers=(("authorization", "t"),))).status == 500
    assert ask.exchanges[0].reason == "the authorizer took more than 10 s"
