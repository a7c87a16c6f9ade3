"""A token of ours, signed by KMS, at both authorizers: the gateway's built-in one and our own.

All three are the real ones: the issuer's handler behind HTTP, the local gateway's model of the
built-in authorizer with its two-hour key cache, and the authorizer that is deployed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import jwt
import pytest

from authorizer.authorize import Authorizer
from authorizer.handler import build
from authorizer.policy import RoutePolicy
from authorizer.response import Unauthorized
from authorizer.settings import Settings
from local.gateway.authorizers.issuer_keys import IssuerKeys
from local.gateway.authorizers.jwt_authorizer import JwtAuthorizer
from local.gateway.messages import Refusal
from local.template.local_app import JwtAuthorizerConfig
from tests.attacks.gateway_event import bearer
from tests.integration.token_issuer.conftest import MakeClient
from tests.integration.token_issuer.faulty_aws import HangingRing, hanging_service
from tests.integration.token_issuer.issuer import (
    AUDIENCE,
    DAY,
    HURRIED,
    TOKEN_SECONDS,
    Issuer,
    new_issuer,
)
from tests.integration.token_issuer.served import served
from tests.policies import policy_document
from tests.unit.local.gateway_values import context, request, route

HOUR = 3_600
ROUTE_KEY = "GET /orders"
RULE = {"issuers": ["machines"], "token_use": "access", "scopes_all": ["orders/read"]}


@dataclass
class BothAuthorizers:
    issuer: Issuer
    url: str
    built_in: JwtAuthorizer
    ours: Authorizer

    def token(self, scope: str = "orders/read") -> str:
        token: str = self.issuer.ask(scope).body["access_token"]
        return token

    def ask_built_in(self, token: str, audience: str = AUDIENCE) -> Any:
        config = JwtAuthorizerConfig(
            "j1", "Machines", "$request.header.Authorization", self.url, (audience,)
        )
        asked = request(headers=(("authorization", f"Bearer {token}"),))
        given = context(asked, route(ROUTE_KEY, config, ("orders/read",)))
        return self.built_in.authorize(config, given).in_payload_v2["jwt"]

    def ask_ours(self, token: str) -> Any:
        return self.ours(bearer(token))


def trusting(issuer: Issuer, url: str) -> BothAuthorizers:
    """Both authorizers, without a key yet, for an issuer that is served at this URL."""
    trusted = {"name": "machines", "issuer": url, "audiences": [AUDIENCE], "typ": "at+jwt"}
    settings = Settings.from_env({"ISSUERS": json.dumps([trusted]), "POLICY_FILE": "unused"})
    policy = policy_document({ROUTE_KEY: RULE})
    clock = issuer.clock
    ours = build(settings, RoutePolicy.from_json(policy), wall_clock=clock, monotonic_clock=clock)
    return BothAuthorizers(issuer, url, JwtAuthorizer(IssuerKeys({}, clock), clock), ours)


@pytest.fixture
def both(kms: Any, dynamodb: Any) -> Iterator[BothAuthorizers]:
    with served() as network:
        issuer = new_issuer(kms, dynamodb, issuer_url=network.url)
        issuer.rotation.run()
        network.answer = issuer.answer
        yield trusting(issuer, network.url)


def test_both_authorizers_let_a_machine_pass_and_know_who_it_is(both: BothAuthorizers) -> None:
    token = both.token()
    assert both.ask_built_in(token)["claims"]["client_id"] == "billing"
    answer = both.ask_ours(token)
    assert answer["isAuthorized"] is True
    assert answer["context"]["client_id"] == answer["context"]["sub"] == "billing"
    assert answer["context"]["issuer_name"] == "machines"
    assert answer["context"]["token_use"] == "access"


def test_both_authorizers_refuse_a_scope_that_was_not_granted(both: BothAuthorizers) -> None:
    token = both.token("orders/write")
    with pytest.raises(Refusal) as refused:
        both.ask_built_in(token)
    assert refused.value.status == 403
    assert both.ask_ours(token)["isAuthorized"] is False


def test_both_authorizers_refuse_it_once_it_has_expired(both: BothAuthorizers) -> None:
    token = both.token()
    both.issuer.clock.now += TOKEN_SECONDS + 60
    with pytest.raises(Refusal):
        both.ask_built_in(token)
    with pytest.raises(Unauthorized):
        both.ask_ours(token)


def test_both_authorizers_refuse_a_signature_of_another_key(both: BothAuthorizers) -> None:
    head, claims, _ = both.token().split(".")
    other = both.token().split(".")[2]
    forged = f"{head}.{claims}.{other}"
    with pytest.raises(Refusal):
        both.ask_built_in(forged)
    with pytest.raises(Unauthorized):
        both.ask_ours(forged)


def test_no_token_is_refused_through_two_rotations(both: BothAuthorizers) -> None:
    """Each tried at once and at its last moment, hourly around the times when keys change."""
    clock, signers = both.issuer.clock, set()
    near = [30 * DAY + hours * HOUR for hours in range(-4, 5)]
    near += [60 * DAY + hours * HOUR for hours in range(-4, 5)]
    start = clock.now
    for moment in sorted({0, 10 * DAY, *near, 61 * DAY}):
        clock.now = start + moment
        both.issuer.rotation.run()
        token = both.token()
        signers.add(jwt.get_unverified_header(token)["kid"])
        for later in (0, TOKEN_SECONDS - 1):
            clock.now = start + moment + later
            assert both.ask_built_in(token)["claims"]["sub"] == "billing"
            assert both.ask_ours(token)["isAuthorized"] is True
    assert len(signers) == 3


def test_a_table_that_hangs_for_three_hours_refuses_no_token(
    kms: Any, dynamodb: Any, make_client: MakeClient
) -> None:
    """A gateway without keys asks each time: 1.5 s for discovery, 1.5 s for the key set."""
    with hanging_service() as url, served() as network:
        rotated = new_issuer(kms, dynamodb, issuer_url=network.url)
        rotated.rotation.run()
        table = HangingRing(dynamodb, make_client("dynamodb", url), rotated.tables.ring)
        issuer = rotated.beside(dynamodb=table, issuer_url=network.url, patience=HURRIED)
        network.answer = issuer.answer
        both = trusting(issuer, network.url)
        both.ask_built_in(both.token())
        table.hangs = True
        for _ in range(18):
            issuer.clock.now += 600
            token = both.token()
            cold = replace(both, built_in=JwtAuthorizer(IssuerKeys({}, issuer.clock), issuer.clock))
            for gateway in (both, cold):
                assert gateway.ask_built_in(token)["claims"]["sub"] == "billing"
            assert both.ask_ours(token)["isAuthorized"] is True
