"""ID tokens of a provider that are not good: each is told to the client, and nobody is signed in."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.issuer import Issuer

from .conftest import Cognito
from .federated import come_back, corp, federated_pool, refused, serve_federated, serve_lying_corp
from .lying_provider import LyingProvider, serve_lying_provider, unsigned

NOW = int(time.time())


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[LyingProvider, Cognito]]:
    with serve_lying_corp() as served:
        yield served


@pytest.fixture
def provider(served: tuple[LyingProvider, Cognito]) -> LyingProvider:
    served[0].forget()
    return served[0]


@pytest.fixture
def cognito(served: tuple[LyingProvider, Cognito]) -> Cognito:
    return served[1]


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"])
def test_every_signature_that_cognito_takes_and_we_can_verify_signs_in(algorithm: str) -> None:
    with (
        serve_lying_provider(algorithm) as provider,
        serve_federated(federated_pool(corp(provider.issuer.url))) as cognito,
    ):
        assert "code" in come_back(cognito, provider).redirected


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"nonce": "another"}, "another nonce"),
        ({"nonce": None}, "another nonce"),
        ({"aud": "another-client"}, "not valid"),
        ({"aud": ["our-client", "another"]}, "for another client"),
        ({"aud": ["our-client", "another"], "azp": "another"}, "for another client"),
        ({"azp": "another"}, "for another client"),
        ({"aud": None}, "not valid"),
        ({"iss": "https://login.other.example"}, "not valid"),
        ({"iss": None}, "not valid"),
        ({"exp": NOW - 1}, "has expired"),
        ({"exp": None}, "not valid"),
        ({"exp": "never"}, "not a number"),
        ({"exp": True}, "not a number"),
        ({"iat": None}, "not valid"),
        ({"iat": "now"}, "not a number"),
        ({"nbf": NOW + 3600}, "not valid yet"),
        ({"sub": None}, "not valid"),
        ({"sub": 7}, "not valid"),
    ],
)
def test_an_id_token_that_is_not_for_this_sign_in_is_told(
    cognito: Cognito, provider: LyingProvider, claims: dict[str, Any], said: str
) -> None:
    provider.claims = claims
    assert said in refused(come_back(cognito, provider))


def test_an_id_token_that_nobody_or_somebody_else_signed_is_told(
    cognito: Cognito, provider: LyingProvider
) -> None:
    url = provider.issuer.url
    forged = {"iss": url, "sub": "ada", "aud": "our-client", "iat": NOW, "exp": NOW + 900}
    stranger = Issuer(url).signing_key
    for id_token in (
        unsigned(forged),
        stranger.sign(forged),
        stranger.sign(forged, {"kid": provider.issuer.signing_key.kid}),
        stranger.sign(forged, {"kid": None}),
        "x.y.z",
        "",
        "\ud83d\ude00",
        "a" * 10_000,
    ):
        provider.id_token = id_token or " "
        refused(come_back(cognito, provider))


def test_a_token_without_a_kid_is_good_only_under_the_one_key_that_there_is(
    cognito: Cognito, provider: LyingProvider
) -> None:
    provider.header = {"kid": None}
    assert "code" in come_back(cognito, provider).redirected
    old = provider.issuer.signing_key
    provider.issuer.rotate()
    assert "there are several keys" in refused(come_back(cognito, provider))
    provider.header = {}
    assert "code" in come_back(cognito, provider).redirected
    provider.issuer.withdraw(old)


@pytest.mark.parametrize("changes", [{"use": "enc"}, {"alg": "RS512"}, {"n": "AQAB"}, {"n": 7}])
def test_a_key_that_is_not_for_this_signature_is_told(
    cognito: Cognito, provider: LyingProvider, changes: dict[str, Any]
) -> None:
    keys = {"keys": [{**provider.issuer.signing_key.jwk, **changes}]}
    provider.answers = {"/.well-known/jwks.json": (200, json.dumps(keys).encode())}
    refused(come_back(cognito, provider))


@pytest.mark.parametrize("keys", [None, {}, ["x"], [[]]])
def test_a_key_set_of_another_shape_is_told(
    cognito: Cognito, provider: LyingProvider, keys: object
) -> None:
    provider.answers = {"/.well-known/jwks.json": (200, json.dumps({"keys": keys}).encode())}
    assert "no key of the provider matches" in refused(come_back(cognito, provider))
