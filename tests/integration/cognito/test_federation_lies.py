"""Providers that lie, break or answer rubbish: each is told to the client, and nobody is made."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import Cognito
from .federated import (
    SECRET,
    FederatedBrowser,
    come_back,
    corp,
    federated_pool,
    id_claims,
    refused,
    serve_federated,
    serve_lying_corp,
)
from .lying_provider import CODE, LyingProvider, serve_lying_provider


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


def test_an_honest_provider_is_asked_with_the_secret_in_the_form(
    cognito: Cognito, provider: LyingProvider
) -> None:
    person = id_claims(cognito, come_back(cognito, provider))
    assert person["cognito:username"] == "corp_ada"
    (form,) = [form for _, path, form, _ in provider.asked if path == "/token"]
    assert form == {
        "grant_type": "authorization_code",
        "code": CODE,
        "redirect_uri": f"{cognito.server.url}/oauth2/idpresponse",
        "client_id": "our-client",
        "client_secret": SECRET,
    }
    asked = [(method, bearer) for method, path, _, bearer in provider.asked if path == "/userinfo"]
    assert asked == [("GET", "Bearer their-token")]


def test_user_info_is_asked_only_for_what_the_id_token_lacks(
    cognito: Cognito, provider: LyingProvider
) -> None:
    provider.claims = {"name": "Ada of the token", "email_verified": False}
    come_back(cognito, provider)
    assert "/userinfo" not in [path for _, path, _, _ in provider.asked]
    user = cognito.pool.named("corp_ada")
    assert user
    assert user.attribute_lookup["name"] == "Ada of the token"
    provider.forget()
    come_back(cognito, provider)
    assert user.attribute_lookup["name"] == "Ada of userInfo"


def test_an_issuer_elsewhere_is_found_at_its_address_on_this_machine(
    provider: LyingProvider,
) -> None:
    issuer = "https://login.corp.example/tenant"
    provider.claims = {"iss": issuer}
    provider.documents = {"issuer": issuer, "jwks_uri": f"{issuer}/.well-known/jwks.json"} | {
        f"{name}_endpoint": f"{issuer}/{name}" for name in ("authorization", "token", "userinfo")
    }
    with serve_federated(federated_pool(corp(issuer))) as cognito:
        assert "not on loopback" in refused(FederatedBrowser(cognito).leave())
    here = corp(issuer, issuer_url=f"{provider.issuer.url}/")
    with serve_federated(federated_pool(here)) as cognito:
        browser = FederatedBrowser(cognito)
        away = browser.leave().headers["location"]
        assert away.startswith(f"{provider.issuer.url}/authorization?")
        assert "code" in browser.come_back(provider.answer_to(away)).redirected


@pytest.mark.parametrize(
    ("documents", "said"),
    [
        ({"issuer": "https://login.other.example"}, "another issuer's"),
        ({"issuer": None}, "another issuer's"),
        ({"authorization_endpoint": None}, "has no authorization_endpoint"),
        ({"authorization_endpoint": "https://evil.example/authorize"}, "not on this machine"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "not on this machine"),
        ({"authorization_endpoint": "http://[::1"}, "not on this machine"),
        ({"token_endpoint": "http://192.0.2.1/token"}, "not on this machine"),
        ({"token_endpoint": 7}, "has no token_endpoint"),
        ({"jwks_uri": "file:///etc/hosts"}, "not on this machine"),
        ({"userinfo_endpoint": "http://127.0.0.1.evil.example/"}, "not on this machine"),
    ],
)
def test_a_discovery_document_that_lies_is_told_before_anybody_leaves(
    cognito: Cognito, provider: LyingProvider, documents: dict[str, Any], said: str
) -> None:
    provider.documents = documents
    assert said in refused(FederatedBrowser(cognito).leave())


RUBBISH = (
    (500, b"{}"),
    (302, b"{}"),
    (200, b"<html>"),
    (200, b"[]"),
    (200, b"\xff"),
    (200, b"[" * 100_000),
    (200, b'{"a": "' + b"a" * 200_000 + b'"}'),
)


@pytest.mark.parametrize("answer", RUBBISH, ids=range(len(RUBBISH)))
def test_a_discovery_that_answers_rubbish_is_told(
    cognito: Cognito, provider: LyingProvider, answer: tuple[int, bytes]
) -> None:
    provider.answers = {"/.well-known/openid-configuration": answer}
    refused(FederatedBrowser(cognito).leave())
    assert "/elsewhere" not in [path for _, path, _, _ in provider.asked]


@pytest.mark.parametrize("path", ["/token", "/.well-known/jwks.json", "/userinfo"])
@pytest.mark.parametrize("answer", RUBBISH, ids=range(len(RUBBISH)))
def test_an_endpoint_that_answers_rubbish_is_told(
    cognito: Cognito, provider: LyingProvider, path: str, answer: tuple[int, bytes]
) -> None:
    provider.answers = {path: answer}
    refused(come_back(cognito, provider))
    assert "/elsewhere" not in [path for _, path, _, _ in provider.asked]


@pytest.mark.parametrize(
    "tokens", [{}, {"id_token": 7, "access_token": "a"}, {"id_token": "a", "access_token": None}]
)
def test_a_token_endpoint_without_tokens_is_told(
    cognito: Cognito, provider: LyingProvider, tokens: dict[str, Any]
) -> None:
    provider.answers = {"/token": (200, json.dumps(tokens).encode())}
    assert "gives no ID and access token" in refused(come_back(cognito, provider))


@pytest.mark.parametrize("claims", [{}, {"sub": "eve"}, {"sub": None}, {"sub": ["ada"]}])
def test_user_info_of_somebody_else_is_told(
    cognito: Cognito, provider: LyingProvider, claims: dict[str, Any]
) -> None:
    body = json.dumps({"name": "Eve", **claims}).encode()
    provider.answers = {"/userinfo": (200, body)}
    assert "another person" in refused(come_back(cognito, provider))


def test_a_provider_without_user_info_signs_in_with_what_the_token_says(
    cognito: Cognito, provider: LyingProvider
) -> None:
    provider.documents = {"userinfo_endpoint": None}
    assert "code" in come_back(cognito, provider).redirected


def test_user_info_can_be_asked_by_post(provider: LyingProvider) -> None:
    pool = federated_pool(corp(provider.issuer.url, attributes_request_method="POST"))
    with serve_federated(pool) as cognito:
        assert "code" in come_back(cognito, provider).redirected
    assert ("POST", "/userinfo") in [(method, path) for method, path, _, _ in provider.asked]


def test_an_access_token_that_is_no_header_is_told(
    cognito: Cognito, provider: LyingProvider
) -> None:
    provider.access_token = "their-token\r\nX: y"
    assert "malformed" in refused(come_back(cognito, provider))


def test_a_provider_that_is_gone_is_told() -> None:
    with serve_lying_provider() as provider:
        pool = federated_pool(corp(provider.issuer.url))
    with serve_federated(pool) as cognito:
        assert "discovery failed" in refused(FederatedBrowser(cognito).leave())


def test_a_provider_that_does_not_answer_is_told() -> None:
    with serve_lying_provider() as provider:
        provider.hanging = "/token"
        try:
            with serve_federated(federated_pool(corp(provider.issuer.url))) as cognito:
                assert "the token endpoint failed" in refused(come_back(cognito, provider))
        finally:
            provider.let_go.set()
