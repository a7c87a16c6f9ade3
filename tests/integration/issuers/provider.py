"""A provider that signs tokens of a documented shape, and the access table that trusts it."""

import json
import time
from dataclasses import replace
from functools import cache
from typing import Any

from authorizer.handler import build
from authorizer.policy import RoutePolicy
from authorizer.settings import Settings
from aws_jwt_authorizer.access.issuers import Issuer
from aws_jwt_authorizer.access.policy_document import policy_json
from aws_jwt_authorizer.access.rules import AccessTable, AnyOf, Route, Rule
from aws_jwt_authorizer.access.table_checks import check_table
from jwt_verifier import JwtVerifier, VerifiedToken
from stacks.authorizer.authorizer_settings import issuer_items
from stacks.identity.pool_tokens import PoolTokens
from tests.attacks.forge import b64, signer, to_json
from tests.attacks.gateway_event import ROUTE_KEY, gateway_event
from tests.attacks.target import Target, Verdict
from tests.integration.issuers.shape import Shape
from tests.integration.issuers.shapes import OWN_CLIENT, OWN_POOL
from tests.sample.access import ACCESS
from tests.signing_key import SigningKey

COGNITO = Issuer("cognito")


@cache
def key(algorithm: str) -> SigningKey:
    """The provider's key for an algorithm."""
    return SigningKey.generate(algorithm)


def token(shape: Shape, **changes: Any) -> str:
    """The documented token, changed; None leaves a claim out."""
    now = int(time.time())
    claims = {"iat": now - 10, "exp": now + 600, **shape.claims, **changes}
    claims = {name: value for name, value in claims.items() if value is not None}
    signs = key(shape.algorithm)
    header = {"alg": signs.algorithm, "kid": signs.kid, **shape.header}
    signing_input = f"{b64(to_json(header))}.{b64(to_json(claims))}"
    return f"{signing_input}.{b64(signer(signs)(signing_input.encode()))}"


def table(issuer: Issuer, rule: Rule | AnyOf | None = None, **more: Any) -> AccessTable:
    """A table with one route of this issuer, which synth accepts."""
    asked = Rule(issuers=(issuer.name,)) if rule is None else rule
    issuers = (issuer,) if issuer.is_pool else (COGNITO, issuer)
    made = replace(
        ACCESS, issuers=issuers, routes=(Route(ROUTE_KEY, "orders", "lambda", asked),), **more
    )
    check_table(made)
    return made


def settings(access: AccessTable, algorithm: str | None) -> Settings:
    """What the authorizer is told of a table, with a key in hand unless it is to fetch them."""
    pool = PoolTokens("eu-west-1_AbCdEfGhI", OWN_POOL, (OWN_POOL,), (OWN_CLIENT,))
    of_environment, of_bundle = issuer_items(access, pool)
    items = [*of_environment, *of_bundle]
    if algorithm is not None:
        items[-1].pop("jwks_uri", None)
        items[-1]["jwks"] = {"keys": [key(algorithm).jwk]}
    return Settings.from_env({"ISSUERS": json.dumps(items), "POLICY_FILE": "policy.json"})


def verifier(issuer: Issuer, algorithm: str) -> JwtVerifier:
    """As the authorizer's handler makes it of the table."""
    return JwtVerifier(settings(table(issuer), algorithm).issuers)


def verified(shape: Shape, **changes: Any) -> VerifiedToken:
    """The documented token, changed, as it is read."""
    return verifier(shape.issuer, shape.algorithm).verify(token(shape, **changes))


def answer(shape: Shape, rule: Rule | AnyOf, *, access: Any = None, **changes: Any) -> Verdict:
    """What the authorizer of a table answers to the documented token, changed."""
    made = table(shape.issuer, rule, **(access or {}))
    return judged(made, token(shape, **changes), shape.algorithm)


def judged(access: AccessTable, sent: str, algorithm: str | None = None) -> Verdict:
    """What the authorizer of a table answers to a token; without an algorithm it fetches keys."""
    return judged_event(access, gateway_event(f"Bearer {sent}"), algorithm)


def judged_event(access: AccessTable, event: Any, algorithm: str | None = None) -> Verdict:
    """What it answers to an event."""
    lines: list[str] = []
    policy = RoutePolicy.from_json(policy_json(access).encode())
    authorizer = build(settings(access, algorithm), policy, write=lines.append)
    return Target(authorizer, lines).judge(event)
