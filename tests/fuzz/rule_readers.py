"""Bytes -> a policy, or a call of every word that a rule may ask; what a rule may never do.

No fuzzer is needed to run these: `tests/property` does so at each run of the tests.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from authorizer.policy import Decision, RoutePolicy
from authorizer.route import RouteKey
from aws_jwt_authorizer.access.policy_document import rule_document
from aws_jwt_authorizer.access.rules import (
    AnyOf,
    Contains,
    ContainsAny,
    NoOlderThan,
    Not,
    Number,
    OneOf,
    PathParameter,
    Rule,
    TokenUse,
)
from jwt_verifier import strict_json
from jwt_verifier.errors import SettingsInvalid
from jwt_verifier.strict_json import JsonInvalid
from jwt_verifier.tokens import VerifiedToken
from tests.property.random_rules import NOW, Case, allows

FIRST, SECOND = PathParameter("i"), PathParameter("j")
YES: bool = True

EVERY_WORD: tuple[Rule | AnyOf, ...] = (
    Rule(issuers=("a",), token_use=TokenUse.ACCESS),
    Rule(scopes_all=("x", "y"), scopes_any=("x", "xy")),
    Rule(groups_all=("x", "y"), groups_any=("x", "xy")),
    Rule(claims={"p": "x"}),
    Rule(claims={"p": 1, "q": True}),
    Rule(claims={("p", "q", "r"): OneOf("x", 1, YES)}),
    Rule(claims={"p": Contains("x", "y"), "q": ContainsAny(1, YES)}),
    Rule(claims={"p": Number(at_least=1, below=2.5), "q": Number(above=0, at_most=2**53)}),
    Rule(claims={"p": Not("x"), "q": Not(Contains("x"))}),
    Rule(claims={"p": Not(Number(at_least=1)), "q": Not(ContainsAny(FIRST, "x"))}),
    Rule(claims={"auth_time": NoOlderThan(900), "acr": OneOf("x", "y"), "amr": Contains("x")}),
    Rule(claims={"sub": FIRST}),
    Rule(claims={"p": Contains(FIRST), "q": ContainsAny(FIRST, SECOND)}),
    AnyOf(Rule(groups_any=("x",)), Rule(claims={"sub": FIRST})),
)
"""Rules that have each word of the table in them, but for a check of the user's own."""

ROUTES = tuple(RouteKey(f"GET /{number}/{{i}}/{{j}}") for number in range(len(EVERY_WORD)))
DOCUMENT: Mapping[str, Any] = {
    "version": 2,
    "claims_for_backends": {"email": ["email"]},
    "routes": {
        route: {"in_words": "w", "any_of": rule_document(asked), "cookie": False}
        for route, asked in zip(ROUTES, EVERY_WORD, strict=True)
    },
}
POLICY = RoutePolicy.from_json(json.dumps(DOCUMENT).encode())


def read_policy(raw: bytes) -> None:
    """Read bytes as a policy: it is refused by name, or decides about anything."""
    with suppress(SettingsInvalid):
        policy = RoutePolicy.from_json(raw)
        for route in json.loads(raw)["routes"]:
            for path in ({}, {"i": "x", "j": "y"}):
                decided = policy.decide(token_of({}), RouteKey(route), path, NOW)
                assert isinstance(decided, Decision)


def read_call(raw: bytes) -> None:
    """Read bytes as what a token and a path say: no rule allows what a simple oracle denies."""
    with suppress(JsonInvalid):
        call = strict_json.parse_object(raw)
        token = token_of(call)
        given = call.get("path")
        texts = given.items() if isinstance(given, dict) else ()
        path = {name: text for name, text in texts if isinstance(text, str)}
        for route, asked in zip(ROUTES, EVERY_WORD, strict=True):
            decided = POLICY.decide(token, route, path, NOW)
            if decided.allowed:
                assert allows(Case(asked, token, path)), (asked, token, path)


def token_of(call: Mapping[str, object]) -> VerifiedToken:
    """The token that a call describes; whatever is of another type is not there."""
    claims = call.get("claims")
    use = call.get("token_use")
    return VerifiedToken(
        issuer="https://issuer.example",
        issuer_name="a" if call.get("issuer") == "a" else "b",
        key_id="k-1",
        subject=None,
        client_id=None,
        token_use=use if isinstance(use, str) else None,
        scopes=_texts(call.get("scopes")),
        groups=_texts(call.get("groups")),
        expires_at=NOW + 60,
        claims=claims if isinstance(claims, dict) else {},
    )


def _texts(value: object) -> tuple[str, ...]:
    members = value if isinstance(value, list) else []
    return tuple(member for member in members if isinstance(member, str))


GOOD_CALLS: tuple[Mapping[str, Any], ...] = (
    {"issuer": "a", "token_use": "access"},
    {"scopes": ["x", "y"]},
    {"groups": ["x", "y"]},
    {"claims": {"p": "x"}},
    {"claims": {"p": 1, "q": True}},
    {"claims": {"p": {"q": {"r": "x"}}}},
    {"claims": {"p": ["x", "y"], "q": [1]}},
    {"claims": {"p": 2, "q": 2}},
    {"claims": {"p": "y", "q": ["y"]}},
    {"claims": {"p": 0, "q": ["y"]}, "path": {"i": "z"}},
    {"claims": {"auth_time": NOW - 60, "acr": "x", "amr": ["x"]}},
    {"claims": {"sub": "u"}, "path": {"i": "u"}},
    {"claims": {"p": ["u"], "q": ["v"]}, "path": {"i": "u", "j": "v"}},
    {"groups": ["x"]},
)
"""For each rule a call that it allows."""


def policy_seeds() -> Iterator[bytes]:
    """Yield policies to start from: one of each rule, and one of all."""
    yield json.dumps(DOCUMENT).encode()
    for route, asked in DOCUMENT["routes"].items():
        yield json.dumps({**DOCUMENT, "routes": {route: asked}}).encode()


def call_seeds() -> Iterator[bytes]:
    """Yield calls to start from, each allowed by a rule."""
    for call in GOOD_CALLS:
        yield json.dumps(call).encode()
