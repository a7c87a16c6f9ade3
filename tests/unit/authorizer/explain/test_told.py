"""The row of a step: what the issuer's entry asks, and what the token has."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from authorizer.explain.told import Row
from authorizer.explain.walk import Explained, Explainer, event_of
from authorizer.settings import Settings
from tests.issuer import Issuer, serve_issuer
from tests.policies import policy_document
from tests.signing_key import SigningKey

POLICY = policy_document({"GET /orders": {}}).decode()


@pytest.fixture(scope="module")
def served() -> Iterator[Issuer]:
    with serve_issuer() as issuer:
        yield issuer


def explained(issuer: Issuer, token: str, **of_issuer: Any) -> Explained:
    trusted = {"name": "partner", "issuer": issuer.url, "audiences": ["api"], **of_issuer}
    environment = {"ISSUERS": json.dumps([trusted]), "POLICY_FILE": "unread"}
    explainer = Explainer(Settings.from_env(environment), POLICY)
    return explainer.explain(event_of(token, "GET /orders", {}))


def by_check(of: Explained) -> dict[str, Row]:
    return {row.check: row for row in of.checks}


@pytest.mark.parametrize(
    ("of_issuer", "claims", "check", "expected", "found"),
    [
        ({"typ": "at+jwt"}, {}, "type", "typ at+jwt", '"jwt"'),
        (
            {"client_ids": ["web"]},
            {"client_id": "cli"},
            "audience, client",
            "aud one of api; client_id one of web",
            'aud "api"; client_id "cli"',
        ),
        (
            {"audiences": [], "accept_any_audience": True},
            {"aud": None},
            "audience, client",
            "any aud",
            "neither",
        ),
        ({"accept_bound_tokens_as_bearer": True}, {}, "binding", "cnf, not checked", "no cnf"),
        (
            {},
            {"token_use": "refresh"},
            "use",
            "token_use access or id, or no word of it",
            'token_use "refresh"',
        ),
        (
            {"token_use": "access"},
            {"token_use": "id"},
            "use",
            "token_use access, or no word of it",
            'token_use "id"',
        ),
        ({"required_claims": ["jti"]}, {}, "required claims", "jti", "jti is missing"),
        (
            {"max_lifetime_seconds": 7200},
            {"iat": None},
            "lifetime",
            "exp - iat at most 2 h",
            "no iat",
        ),
        ({}, {"iat": None}, "begun", "nbf and iat not more than 60 s in the future", "neither"),
    ],
)
def test_a_row_says_what_the_issuers_entry_asks_and_what_the_token_has(
    served: Issuer,
    of_issuer: dict[str, Any],
    claims: dict[str, Any],
    check: str,
    expected: str,
    found: str,
) -> None:
    of = explained(served, served.mint(**{"aud": "api", **claims}), **of_issuer)
    row = by_check(of)[check]
    assert (row.expected, row.found) == (expected, found)


def test_a_type_that_says_access_token_and_what_it_then_owes_are_told(served: Issuer) -> None:
    token = served.signing_key.sign(
        {"iss": served.url, "aud": "api", "exp": time.time() + 60}, {"typ": "at+jwt"}
    )
    rows = by_check(explained(served, token, typ="at+jwt"))
    assert rows["use"].found == "no token_use, typ at+jwt"
    assert rows["required claims"].expected == "what RFC 9068 requires of at+jwt"
    assert rows["required claims"].reason == "claim_rejected"


def test_a_user_pools_tokens_must_say_their_use() -> None:
    key = SigningKey.generate("RS256")
    pool = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abcdefghi"
    trusted = {"name": "pool", "issuer": pool, "client_ids": ["web"], "jwks": {"keys": [key.jwk]}}
    environment = {"ISSUERS": json.dumps([trusted]), "POLICY_FILE": "unread"}
    token = key.sign({"iss": pool, "client_id": "web", "exp": time.time() + 60})
    explainer = Explainer(Settings.from_env(environment), POLICY)
    row = by_check(explainer.explain(event_of(token, "GET /orders", {})))["use"]
    assert (row.expected, row.found) == ("token_use access or id", "no token_use")
    assert row.reason == "token_use_mismatch"
