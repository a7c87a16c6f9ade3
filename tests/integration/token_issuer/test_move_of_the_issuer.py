"""The issuer moves from `execute-api` to a name of its own while its tokens are in use.

The steps of docs/domains.md, with the issuer's and the authorizer's real handlers. Each is deployed
as CDK does, the issuer's stack first, and every token that lives is tried between all of them: at an
authorizer that has been running and at a cold one.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest

from authorizer.authorize import Authorizer
from authorizer.handler import build
from authorizer.policy import RoutePolicy
from authorizer.response import Unauthorized
from authorizer.settings import Settings
from jwt_verifier.discovery import parse_metadata
from stacks.authorizer.authorizer_settings import authorizer_settings
from stacks.identity.pool_tokens import PoolTokens
from stacks.issuer.issuer_urls import IssuerUrls, issuer_urls
from stacks.stage.config import stage_config, with_issuer
from stacks.stage.fields import OWN_ISSUER
from stacks.stage.parts.addresses import IssuerAddress
from stacks.stage.parts.domain import ACCEPT_BOTH, SIGN_WITH_NAME, Domain, IssuerDomain
from stacks.stage.stage_table import table_of_stage
from tests.attacks.gateway_event import bearer
from tests.integration.token_issuer.issuer import AUDIENCE, TOKEN_SECONDS, Issuer, new_issuer
from tests.integration.token_issuer.served import Served, served
from tests.policies import policy_document
from tests.sample.paths import STAGES
from tests.synth.synthesis import table_of
from token_issuer.documents import OPENID_PATH

ENDPOINT = "https://abc123.execute-api.eu-west-1.amazonaws.com"
NAME = "https://issuer.orders.internal"
ROUTE_KEY = "GET /orders"
POLICY = RoutePolicy.from_json(policy_document({ROUTE_KEY: {"issuers": ["machines"]}}))
POOL_URL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc"
POOL = PoolTokens("eu-west-1_abc", POOL_URL, (POOL_URL,), ("client",))
LEEWAY_SECONDS = STAGES["dev"]["leeway_seconds"]


def to(switch: str | None) -> IssuerDomain:
    """The stage's field at a step of the move."""
    certificate = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
    return IssuerDomain(Domain(NAME.removeprefix("https://"), certificate), switch)


STEPS = {"accept both": to(ACCEPT_BOTH), "sign": to(SIGN_WITH_NAME), "alone": to(None)}


@dataclass
class Move:
    """A stage whose two stacks are deployed step by step; the addresses are on this machine."""

    issuer: Issuer
    here: Mapping[str, str]
    networks: tuple[Served, ...]
    urls: IssuerUrls = field(default=IssuerUrls(ENDPOINT))
    tokens: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.running = self.authorizer()

    def deploy_issuer(self, domain: IssuerDomain | None) -> None:
        self.urls = issuer_urls(ENDPOINT, domain)
        other = self.urls.also_answering
        clock = self.issuer.clock
        self.issuer = self.issuer.beside(
            issuer_url=self.here[self.urls.signed],
            other_issuer_url=self.here[other] if other else None,
        )
        self.issuer.clock.now = clock.now
        for network in self.networks:
            network.answer = self.issuer.answer

    def deploy_api(self) -> None:
        self.running = self.authorizer()

    def authorizer(self) -> Authorizer:
        """A cold environment of what the API's stack has last been deployed with."""
        address = IssuerAddress(self.urls.signed, (AUDIENCE,), other_urls=self.urls.also_accepted)
        config = with_issuer(stage_config("dev", STAGES), OWN_ISSUER, address)
        table = table_of_stage(table_of("GET /orders"), config)
        told = json.dumps(authorizer_settings(config, table, POOL, ()).environment["ISSUERS"])
        for deployed, url in self.here.items():
            told = told.replace(deployed, url)
        settings = Settings.from_env({"ISSUERS": told, "POLICY_FILE": "unused"})
        return build(settings, POLICY, wall_clock=self.now, monotonic_clock=self.now)

    def now(self) -> float:
        return self.issuer.clock.now

    def ask(self) -> None:
        self.tokens.append(self.issuer.ask("orders/read").body["access_token"])

    def try_every_token(self) -> None:
        """None that lives may be refused."""
        for token in self.tokens:
            if claims(token)["exp"] > self.now():
                assert self.running(bearer(token))["isAuthorized"] is True, claims(token)["iss"]

    def wait(self) -> None:
        """As the steps say: until the last token of the step before has ended."""
        self.issuer.clock.now += TOKEN_SECONDS + LEEWAY_SECONDS


def claims(token: str) -> Any:
    return jwt.decode(token, options={"verify_signature": False})


@pytest.fixture
def move(kms: Any, dynamodb: Any) -> Iterator[Move]:
    with served() as old, served() as new:
        here = {ENDPOINT: old.url, NAME: new.url}
        issuer = new_issuer(kms, dynamodb, issuer_url=old.url)
        issuer.rotation.run()
        old.answer = issuer.answer
        yield Move(issuer, here, (old, new))


def test_no_step_of_the_move_refuses_a_token_that_lives(move: Move) -> None:
    move.ask()
    move.try_every_token()
    for step, domain in STEPS.items():
        if step == "alone":
            move.wait()
        for deploy in (lambda domain=domain: move.deploy_issuer(domain), move.deploy_api):
            deploy()
            move.ask()
            move.try_every_token()
    issuers = [claims(token)["iss"] for token in move.tokens]
    old, new = move.here[ENDPOINT], move.here[NAME]
    assert issuers == [old, old, old, new, new, new, new]


@pytest.mark.parametrize("left_out", ["accept both", "sign"])
def test_a_step_that_is_left_out_refuses_tokens_that_live(move: Move, left_out: str) -> None:
    move.ask()
    refuse = 0
    for step, domain in STEPS.items():
        if step == left_out:
            continue
        move.deploy_issuer(domain)
        move.ask()
        refuse += refused(move)
        move.deploy_api()
        refuse += refused(move)
    assert refuse


def refused(move: Move) -> bool:
    try:
        move.try_every_token()
    except Unauthorized:
        return True
    return False


@pytest.mark.parametrize("step", STEPS)
def test_each_address_has_documents_of_its_own_at_every_step(move: Move, step: str) -> None:
    """Whoever trusts the issuer by discovery may add the new address before, and drop the old."""
    move.deploy_issuer(STEPS[step])
    for url in move.here.values():
        host = {"requestContext": {"domainName": url.removeprefix("http://")}}
        answer = move.issuer.answer({"routeKey": f"GET {OPENID_PATH}", **host})
        metadata = parse_metadata(answer["body"].encode(), url)
        assert metadata["jwks_uri"] == f"{url}/.well-known/jwks.json"
