"""The API that both gateways serve, and the requests that both are asked."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.e2e.gateway.templates import (
    Resources,
    api,
    http_integration,
    jwt_authorizer,
    lambda_authorizer,
    route,
)
from tests.issuer import Issuer
from tests.signing_key import SigningKey

AUTHORIZATION: Final = "$request.header.Authorization"
HOUR_SECONDS: Final = 3600


@dataclass(frozen=True)
class Case:
    """One request; the answers of both gateways to it are compared."""

    name: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: bytes | None = None


def resources(issuer: Issuer, backend: str) -> Resources:
    """The template's resources: what both gateways can serve."""
    return api(
        route("GET /open"),
        route("GET /items/{id}"),
        route("GET /items/special"),
        route("GET /files/{path+}"),
        route("ANY /any"),
        route("POST /any"),
        route("GET /v1/{id}", "Lambda1"),
        route("GET /jwt", "Lambda2", "Jwt"),
        route("GET /scoped", "Lambda2", "Jwt", "read", "write"),
        route("GET /simple", "Lambda2", "Simple"),
        route("GET /policy", "Lambda2", "Policy"),
        route("GET /two", "Lambda2", "TwoSources"),
        route("GET /cached", "Lambda2", "Cached"),
        route("GET /cached/too", "Lambda2", "Cached"),
        route("GET /proxied/{proxy+}", "Http"),
        Jwt=jwt_authorizer(issuer.url),
        Simple=lambda_authorizer(AUTHORIZATION),
        Policy=lambda_authorizer(AUTHORIZATION, simple=False),
        TwoSources=lambda_authorizer(AUTHORIZATION, "$request.querystring.tenant"),
        Cached=lambda_authorizer(AUTHORIZATION, ttl_seconds=300),
        Http=http_integration(f"{backend}/there/{{proxy}}"),
    )


def cases(issuer: Issuer) -> list[Case]:
    """All requests, in the order in which both gateways get them."""
    return [
        *_events(),
        *_answers(),
        *_tokens(issuer),
        *_authorizers(),
        Case("cached: first call", "/cached", {"authorization": "same", "x-verdict": _yes(n="1")}),
        Case("cached: denied now", "/cached", {"authorization": "same", "x-verdict": _no()}),
        Case("cached: other route", "/cached/too", {"authorization": "same", "x-verdict": _no()}),
        Case("cached: other token", "/cached", {"authorization": "other", "x-verdict": _no()}),
        Case("proxied", "/proxied/a/b?c=d"),
    ]


def _events() -> Iterator[Case]:
    yield Case("event: plain", "/open")
    yield Case("event: query", "/open?a=1&a=2&b=&c=x%20y")
    yield Case("event: cookies", "/open", {"cookie": "a=1; b=2"})
    yield Case("event: header case", "/open", {"X-Mixed-Case": "Value"})
    yield Case("event: user agent", "/open", {"user-agent": "tester"})
    yield Case("event: parameter", "/items/a%20b")
    yield Case("event: encoded slash", "/items/a%2Fb")
    yield Case("event: literal first", "/items/special")
    yield Case("event: greedy", "/files/a/b/c")
    yield Case("event: any method", "/any", method="PUT")
    yield Case("event: exact method first", "/any", method="POST")
    json_type, form = {"content-type": "application/json"}, "application/x-www-form-urlencoded"
    yield Case("event: json body", "/any", json_type, "POST", b'{"a": 1}')
    yield Case("event: text body", "/any", {"content-type": "text/plain"}, "POST", b"text")
    yield Case("event: form body", "/any", {"content-type": form}, "POST", b"a=1&b=2")
    yield Case("event: untyped body", "/any", {}, "POST", b"text")
    yield Case("event 1.0: parameter", "/v1/one?a=1&a=2")
    yield Case("route: none", "/nowhere")
    yield Case("route: wrong method", "/open", method="DELETE")
    yield Case("route: greedy needs a segment", "/files/")
    yield Case("route: options", "/any", {"origin": "https://app.example"}, "OPTIONS")


def _answers() -> Iterator[Case]:
    answers = {
        "no status code": {"hello": "world"},
        "a string": "hello",
        "a list": [1, 2],
        "body without status code": {"body": "hello"},
        "only a status code": {"statusCode": 204},
        "untyped body": {"statusCode": 200, "body": "hello"},
        "cookies": {"statusCode": 200, "cookies": ["a=1", "b=2"], "body": ""},
        "base64": {"statusCode": 200, "body": "aGVsbG8=", "isBase64Encoded": True},
        "redirect": {"statusCode": 302, "headers": {"location": "/open"}},
        "status code no number": {"statusCode": "many"},
    }
    for name, answer in answers.items():
        yield Case(f"answer: {name}", "/open", {"x-answer": json.dumps(answer)})
    yield Case("answer: raises", "/open", {"x-raise": "no"})


def _tokens(issuer: Issuer) -> Iterator[Case]:
    now = int(time.time())
    stranger = SigningKey.generate("RS256")
    claims = {"iss": issuer.url, "sub": "someone", "aud": "web", "iat": now, "exp": now + 900}
    tokens = {
        "good": issuer.mint(aud="web", groups=["a", "b c"], admin=True, level=3, nothing=None),
        "several audiences": issuer.mint(aud=["other", "cli"]),
        "client_id": issuer.mint(client_id="cli"),
        "wrong aud, right client_id": issuer.mint(aud="other", client_id="web"),
        "no audience": issuer.mint(),
        "other audience": issuer.mint(aud="other"),
        "other issuer": issuer.mint(aud="web", iss="https://other.example"),
        "expired": issuer.mint(aud="web", iat=now - 2 * HOUR_SECONDS, exp=now - HOUR_SECONDS),
        "not yet": issuer.mint(aud="web", nbf=now + HOUR_SECONDS),
        "issued in the future": issuer.mint(aud="web", iat=now + HOUR_SECONDS),
        "unknown key": stranger.sign(claims),
        "wrong key": stranger.sign(claims, {"kid": issuer.signing_key.kid}),
        "no kid": issuer.signing_key.sign(claims, {"kid": None}),
        "es256": SigningKey.generate("ES256").sign(claims),
        "no segments": "nonsense",
    }
    yield Case("jwt: no token", "/jwt")
    for name, token in tokens.items():
        yield Case(f"jwt: {name}", "/jwt", {"authorization": f"Bearer {token}"})
    yield Case("jwt: without Bearer", "/jwt", {"authorization": tokens["good"]})
    for name, scope in {"one of two": "x write", "none": "x", "unscoped": None}.items():
        token = issuer.mint(aud="web", scope=scope)
        yield Case(f"scoped: {name}", "/scoped", {"authorization": f"Bearer {token}"})
    token = issuer.mint(aud="web", scope="a b")
    yield Case("jwt: scopes, none asked for", "/jwt", {"authorization": f"Bearer {token}"})


def _authorizers() -> Iterator[Case]:
    verdicts = {
        "allowed": _yes(),
        "context": _yes(text="x", number=1, flag=True, list=[1], map={"a": "b"}),
        "denied": _no(),
        "a string for a boolean": '{"return": {"isAuthorized": "true"}}',
        "no verdict": '{"return": {}}',
        "raises Unauthorized": '{"raise": "Unauthorized"}',
        "raises": '{"raise": "other"}',
    }
    yield Case("simple: no token", "/simple")
    for name, verdict in verdicts.items():
        yield Case(f"simple: {name}", "/simple", {"authorization": "x", "x-verdict": verdict})
    policies = {
        "allow": [("Allow", "$arn")],
        "deny": [("Deny", "$arn")],
        "deny wins": [("Allow", "*"), ("Deny", "$arn")],
        "other route": [("Allow", "arn:aws:execute-api:*:*:*/*/GET/other")],
        "everything": [("Allow", "arn:aws:execute-api:*")],
        "nothing": [],
    }
    for name, statements in policies.items():
        verdict = _policy(statements)
        yield Case(f"policy: {name}", "/policy", {"authorization": "x", "x-verdict": verdict})
    yield Case("two sources: one missing", "/two", {"authorization": "x"})
    yield Case("two sources: both", "/two?tenant=t", {"authorization": "x"})


def _yes(**context: Any) -> str:
    return json.dumps({"return": {"isAuthorized": True, "context": context}})


def _no() -> str:
    return json.dumps({"return": {"isAuthorized": False}})


def _policy(statements: list[tuple[str, str]]) -> str:
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource}
            for effect, resource in statements
        ],
    }
    return json.dumps({"return": {"principalId": "someone", "policyDocument": document}})
