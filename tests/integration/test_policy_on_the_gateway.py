"""A policy on a gateway that keeps it: never more than the rules, and what the key must hold."""

import json
import time

from authorizer.handler import build
from authorizer.policy import RoutePolicy
from authorizer.policy_events import answer
from authorizer.response import Unauthorized
from authorizer.settings import Settings
from local.gateway.gateway import Clocks, Gateway
from local.runtime.outcome import Failed, Outcome, Succeeded
from local.template.local_app import LambdaAuthorizerConfig
from tests.issuer import Issuer
from tests.policies import policy_document
from tests.unit.local.gateway_values import http_api, request, route

LOGIN = Issuer("https://login.example")
POLICY = policy_document(
    {"GET /pets": {}, "GET /pets/{id}": {}, "POST /pets": {"scopes_all": ["pets/write"]}}
)
TOKEN_ALONE = ("$request.header.Authorization",)
WHOLE_KEY = (*TOKEN_ALONE, "$context.routeKey", "$context.path")


class Asked:
    """A gateway whose authorizer is ours, by payload 1.0, and how often that was asked."""

    def __init__(self, *sources: str) -> None:
        issuers = [{"name": "l", "issuer": LOGIN.url, "audiences": ["pets"], "jwks": LOGIN.jwks()}]
        variables = {"ISSUERS": json.dumps(issuers), "POLICY_FILE": "unread"}
        policy = RoutePolicy.from_json(POLICY)
        self._authorizer = build(
            Settings.from_env(variables), policy, wall_clock=time.time, write=lambda _: None
        )
        self.times = 0
        by_policy = LambdaAuthorizerConfig(
            "a1", "Ours", "authorizer", sources, 60, payload_format="1.0", simple_responses=False
        )
        keys = ("GET /pets", "GET /pets/{id}", "POST /pets", "PUT /pets")
        api = http_api(*(route(key, by_policy) for key in keys))
        self._gateway = Gateway(api, self._invoke, lambda _: None, Clocks())

    def _invoke(self, name: str, event: bytes, _limit_seconds: float) -> Outcome:
        if name != "authorizer":
            return Succeeded(b'{"statusCode": 200}')
        self.times += 1
        try:
            made = answer(json.loads(event), self._authorizer, self._authorizer.route_keys)
        except Unauthorized as refused:
            return Failed("Unauthorized", str(refused))
        return Succeeded(json.dumps(made).encode())

    def __call__(self, method: str, path: str, token: str) -> int:
        headers = (("authorization", f"Bearer {token}"),)
        return self._gateway.handle(request(method, path, headers=headers)).status


def test_each_route_is_decided_by_its_rule_where_the_key_holds_route_and_path() -> None:
    ask = Asked(*WHOLE_KEY)
    reader, writer = LOGIN.mint(aud="pets"), LOGIN.mint(aud="pets", scope="pets/write")
    for _ in range(2):
        assert ask("GET", "/pets", reader) == 200
        assert ask("GET", "/pets/7", reader) == 200
        assert ask("GET", "/pets/8", reader) == 200
        assert ask("POST", "/pets", reader) == 403
        assert ask("POST", "/pets", writer) == 200
        assert ask("PUT", "/pets", writer) == 403
    assert ask.times == 6
    assert ask("GET", "/pets", LOGIN.mint(aud="other")) == 401


def test_a_policy_that_is_kept_by_too_little_opens_nothing() -> None:
    ask = Asked(*TOKEN_ALONE)
    reader = LOGIN.mint(aud="pets")
    assert ask("GET", "/pets/7", reader) == 200
    assert ask("GET", "/pets/7", reader) == 200
    # Allowed by its rule, and refused until the gateway forgets: less than the rules, never more.
    assert ask("GET", "/pets", reader) == 403
    assert ask("POST", "/pets", reader) == 403
    assert ask.times == 1
