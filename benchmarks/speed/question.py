"""What every measured process is given: a user pool, its keys, its tokens good and bad, an event.

One file for all, so that each verifier is asked the same. No private key is in it.
"""

import base64
import json
import secrets
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicNumbers,
    generate_private_key,
)
from jwt.algorithms import RSAAlgorithm

from aws_jwt_authorizer.access.policy_document import policy_json
from aws_jwt_authorizer.access.rules import AccessTable, Issuer, Route, Rule, TokenUse

REGION: Final = "eu-west-1"
POOL: Final = f"{REGION}_Abc123XyZ"
ISSUER: Final = f"https://cognito-idp.{REGION}.amazonaws.com/{POOL}"
CLIENT: Final = "1h57kf5cpq17m0eml12example"
AUDIENCE: Final = "https://orders.example.com"
SCOPE: Final = f"{AUDIENCE}/orders.read"
ROUTE: Final = "GET /orders/{id}"
GOOD: Final = "good"
GOOD_WITH_AUDIENCE: Final = "good, with aud"
TOKENS: Final = 64
KEYS: Final = 2
MANY_KEYS: Final = 100
EXPONENT: Final = 65_537
BITS: Final = 2_048
YEAR_SECONDS: Final = 365 * 86_400


def write_question(folder: Path) -> Path:
    """Write the file `question.json` into a folder; return it."""
    keys = {_kid(): generate_private_key(EXPONENT, BITS) for _ in range(KEYS)}
    kid, key = list(keys.items())[-1]
    published = [_jwk(*item) for item in keys.items()]
    others = [_jwk(_kid(), _nobodys_key()) for _ in range(MANY_KEYS - KEYS)]
    good = [_token(key, kid, _claims()) for _ in range(TOKENS)]
    question = {
        "issuer": ISSUER,
        "client_id": CLIENT,
        "audience": AUDIENCE,
        "user_pool_id": POOL,
        "kid": kid,
        "jwks": {"keys": published},
        "jwks_of_100_keys": {"keys": [*published, *others]},
        "tokens": {
            GOOD: good,
            GOOD_WITH_AUDIENCE: [_token(key, kid, _claims(aud=AUDIENCE)) for _ in range(TOKENS)],
            "expired": [_token(key, kid, _claims(exp=_now() - 3600)) for _ in range(TOKENS)],
            **_forged(good, kid),
        },
        "event": _event(good[0]),
        "policy": policy(),
        "issuers": issuers({"keys": published}),
    }
    file = folder / "question.json"
    file.write_text(json.dumps(question))
    return file


def policy() -> str:
    """Return the policy document of a table with one route, which asks a scope."""
    rule = Rule(token_use=TokenUse.ACCESS, scopes_all=(SCOPE,))
    routes = (Route(ROUTE, "orders", "lambda", rule),)
    table = AccessTable((Issuer("cognito"),), {}, {}, clients=(), routes=routes)
    return policy_json(table)


def issuers(jwks: Mapping[str, Any] | None, jwks_uri: str | None = None) -> str:
    """Return the variable `ISSUERS`: the pool, its keys in hand or at an address."""
    item = {"name": "cognito", "issuer": ISSUER, "client_ids": [CLIENT], "token_use": "access"}
    keys = {"jwks_uri": jwks_uri} if jwks is None else {"jwks": jwks}
    return json.dumps([{**item, **keys}])


def _forged(good: list[str], kid: str) -> dict[str, list[str]]:
    parts = [token.split(".") for token in good]
    return {
        "no dots": ["A" * len(token) for token in good],
        "alg none": [f"{_segment({'alg': 'none', 'kid': kid})}.{body}." for _, body, _ in parts],
        "alg HS256": [
            f"{_segment({'alg': 'HS256', 'kid': kid})}.{body}.{signature[:43]}"
            for _, body, signature in parts
        ],
        "unknown kid": [
            f"{_segment({'alg': 'RS256', 'kid': f'kid-{number}'})}.{body}.{signature}"
            for number, (_, body, signature) in enumerate(parts)
        ],
        "forged signature": [
            f"{head}.{body}.{'A' * 40}{signature[40:]}" for head, body, signature in parts
        ],
        "8 kB of junk": [f"{head}.{'A' * 7_600}.{signature}" for head, _, signature in parts],
    }


def _now() -> int:
    return int(time.time())


def _claims(**further: object) -> dict[str, object]:
    """Return what Cognito writes into the access token of somebody who came through Google."""
    number = secrets.randbelow(10**20)
    return {
        "sub": str(uuid.uuid4()),
        "cognito:groups": [f"{POOL}_Google", "admins", "billing-readers", "tenant-4711"],
        "iss": ISSUER,
        "version": 2,
        "client_id": CLIENT,
        "origin_jti": str(uuid.uuid4()),
        "event_id": str(uuid.uuid4()),
        "token_use": "access",
        "scope": f"openid profile email {SCOPE} {AUDIENCE}/orders.write",
        "auth_time": _now(),
        "exp": _now() + YEAR_SECONDS,
        "iat": _now(),
        "jti": str(uuid.uuid4()),
        "username": f"google_{number:020}",
        **further,
    }


def _token(key: RSAPrivateKey, kid: str, claims: dict[str, object]) -> str:
    return jwt.encode(claims, key, "RS256", headers={"kid": kid, "typ": None})


def _kid() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _nobodys_key() -> RSAPublicNumbers:
    """Return a key that nobody can sign with: to read it costs as much, to make it nothing."""
    return RSAPublicNumbers(EXPONENT, secrets.randbits(BITS) | 1 << (BITS - 1) | 1)


def _jwk(kid: str, key: RSAPrivateKey | RSAPublicNumbers) -> dict[str, str]:
    public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    members = {"alg": "RS256", "e": public["e"], "kid": kid}
    return {**members, "kty": "RSA", "n": public["n"], "use": "sig"}


def _segment(members: Mapping[str, str]) -> str:
    text = json.dumps(members, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _event(token: str) -> dict[str, object]:
    """Return what an HTTP API sends to its authorizer, payload format 2.0."""
    api, agent = "a1b2c3d4e5", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"
    host = f"{api}.execute-api.{REGION}.amazonaws.com"
    return {
        "version": "2.0",
        "type": "REQUEST",
        "routeArn": f"arn:aws:execute-api:{REGION}:123456789012:{api}/$default/GET/orders/4711",
        "identitySource": [f"Bearer {token}"],
        "routeKey": ROUTE,
        "rawPath": "/orders/4711",
        "rawQueryString": "expand=lines",
        "cookies": ["theme=dark"],
        "headers": {
            "accept": "application/json",
            "accept-encoding": "gzip, deflate, br",
            "authorization": f"Bearer {token}",
            "content-length": "0",
            "host": host,
            "user-agent": agent,
            "x-amzn-trace-id": "Root=1-67891233-abcdef012345678912345678",
            "x-forwarded-for": "203.0.113.9",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "queryStringParameters": {"expand": "lines"},
        "pathParameters": {"id": "4711"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": api,
            "domainName": host,
            "domainPrefix": api,
            "http": {
                "method": "GET",
                "path": "/orders/4711",
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.9",
                "userAgent": agent,
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": ROUTE,
            "stage": "$default",
            "time": "10/Mar/2025:18:03:11 +0000",
            "timeEpoch": 1_741_629_791_268,
        },
        "stageVariables": None,
    }
