"""What of the gateway cannot be seen through a socket; the rest is in tests/e2e/gateway."""

import json

from local.runtime.outcome import GaveUp, Outcome, Succeeded
from local.template.local_app import StageConfig

from .gateway_values import Ask, request, route


def answer(_name: str, _event: bytes, _limit_seconds: float) -> Outcome:
    return Succeeded(b'"hello"')


def test_a_value_cannot_break_out_of_the_access_logs_json() -> None:
    template = '{"agent": "$context.identity.userAgent", "none": "$context.nothing.here"}'
    ask = Ask(route("GET /orders"), answer, StageConfig("$default", template, None, {}))
    ask(request(headers=(("user-agent", 'a", "forged": "\\'),)))
    logged = json.loads(str(ask.exchanges[0].access_log))
    assert logged == {"agent": 'a", "forged": "\\', "none": "-"}


def test_an_integration_has_thirty_seconds_and_no_more() -> None:
    def invoke(_name: str, _event: bytes, limit_seconds: float) -> Outcome:
        return GaveUp(limit_seconds)

    ask = Ask(route("GET /orders"), invoke)
    assert ask(request()).status == 503
    assert ask.exchanges[0].reason == "the function took more than 30 s"
