"""Who a federated person is: found by provider and subject, never by e-mail or by a like name."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.json_value import JsonObject

from .conftest import Cognito
from .federated import (
    FederatedBrowser,
    come_back,
    corp,
    federated_pool,
    id_claims,
    serve_federated,
    tokens_of,
)
from .http_client import Browser, authorize, claims, refresh
from .lying_provider import LyingProvider, serve_lying_provider

PASSWORD = "Long-enough-Passw0rd"


@pytest.fixture
def provider() -> Iterator[LyingProvider]:
    with serve_lying_provider() as lying:
        yield lying


@pytest.fixture
def cognito(provider: LyingProvider) -> Iterator[Cognito]:
    with serve_federated(federated_pool(corp(provider.issuer.url))) as cognito:
        yield cognito


def signs_in(cognito: Cognito, provider: LyingProvider, **changes: Any) -> Any:
    """The claims of the person whom the provider's claims make."""
    provider.claims = {"name": "Ada", **changes}
    return id_claims(cognito, come_back(cognito, provider))


def test_an_e_mail_address_does_not_make_a_federated_person_the_pools(
    cognito: Cognito, provider: LyingProvider
) -> None:
    admin = cognito.users["admin"]
    person = signs_in(cognito, provider, email=admin.username, email_verified=True)
    assert person["cognito:groups"] == [f"{cognito.pool.id}_Corp"]
    own = id_claims(cognito, Browser(cognito).sign_in(authorize()))
    assert own["sub"] != person["sub"]
    assert own["cognito:groups"] == ["admins", "support"]
    assert "identities" not in own


def test_the_address_of_a_federated_person_stays_free_for_one_of_the_pool(
    cognito: Cognito, provider: LyingProvider
) -> None:
    person = signs_in(cognito, provider, email="ada@corp.example", email_verified=True)
    pool_id = cognito.pool.id
    cognito.api.admin_create_user(UserPoolId=pool_id, Username="ada@corp.example")
    cognito.api.admin_set_user_password(
        UserPoolId=pool_id, Username="ada@corp.example", Password=PASSWORD, Permanent=True
    )
    own = id_claims(cognito, Browser(cognito).sign_in(authorize(), "ada@corp.example", PASSWORD))
    assert own["sub"] != person["sub"]
    assert "identities" not in own


def test_a_federated_name_that_is_somebodys_address_is_not_that_person(
    cognito: Cognito, provider: LyingProvider
) -> None:
    cognito.api.admin_create_user(UserPoolId=cognito.pool.id, Username="corp_ada@example.com")
    provider.claims = {"sub": "ada@example.com", "name": "Ada"}
    provider.documents = {"userinfo_endpoint": None}
    browser = FederatedBrowser(cognito)
    back = browser.come_back(provider.answer_to(browser.leave().headers["location"]))
    tokens = tokens_of(cognito, back)
    person = claims(tokens["id_token"])
    assert person["cognito:username"] == "corp_ada@example.com"
    assert person["identities"][0]["userId"] == "ada@example.com"
    assert (
        claims(refresh(cognito, tokens["refresh_token"]).json["id_token"])["sub"] == person["sub"]
    )
    # Nor when the federated person is gone and the address is all that is left of the name.
    cognito.api.admin_delete_user(UserPoolId=cognito.pool.id, Username="corp_ada@example.com")
    assert refresh(cognito, tokens["refresh_token"]).json["error"] == "invalid_grant"
    assert "code" not in browser.get("/oauth2/authorize", authorize()).redirected


def test_subjects_that_differ_in_case_alone_are_never_one_person(
    cognito: Cognito, provider: LyingProvider
) -> None:
    first = signs_in(cognito, provider, sub="Ada", email_verified=True)
    assert first["cognito:username"] == "corp_ada"
    provider.claims = {**provider.claims, "sub": "ADA"}
    back = come_back(cognito, provider)
    assert back.redirected["error"] == "invalid_request"
    assert "Already found an entry for username corp_ada" in back.redirected["error_description"]
    assert signs_in(cognito, provider, sub="Ada", email_verified=True)["sub"] == first["sub"]


def test_a_case_sensitive_pool_keeps_the_case_of_names(provider: LyingProvider) -> None:
    pool = federated_pool(corp(provider.issuer.url))
    settings: JsonObject = {"UsernameConfiguration": {"CaseSensitive": True}}
    with serve_federated(replace(pool, settings={**pool.settings, **settings})) as cognito:
        for subject in ("Ada", "ada"):
            person = signs_in(cognito, provider, sub=subject, email_verified=True)
            assert person["cognito:username"] == f"Corp_{subject}"


@pytest.mark.parametrize("subject", ["a b", "\u00e4", "a" * 124, ""])
def test_a_subject_that_can_be_no_name_is_told(
    cognito: Cognito, provider: LyingProvider, subject: str
) -> None:
    provider.claims = {"sub": subject, "name": "Ada", "email_verified": True}
    back = come_back(cognito, provider)
    assert back.redirected["error"] == "invalid_request"
    assert "empty, too long or has spaces" in back.redirected["error_description"]


def test_a_deleted_person_comes_back_as_somebody_new(
    cognito: Cognito, provider: LyingProvider
) -> None:
    first = signs_in(cognito, provider, email_verified=True)
    cognito.api.admin_delete_user(UserPoolId=cognito.pool.id, Username="corp_ada")
    second = signs_in(cognito, provider, email_verified=True)
    assert second["cognito:username"] == "corp_ada"
    assert second["sub"] != first["sub"]


def test_a_name_that_the_pool_has_given_to_another_is_not_taken_over(
    cognito: Cognito, provider: LyingProvider
) -> None:
    cognito.pool.extended_config["UsernameAttributes"] = []  # as in a pool of free names
    cognito.api.admin_create_user(UserPoolId=cognito.pool.id, Username="CORP_ada")
    provider.claims = {"name": "Ada", "email_verified": True}
    back = come_back(cognito, provider)
    assert "Already found an entry" in back.redirected["error_description"]


def test_a_password_of_an_administrator_lets_a_federated_person_in_by_name_too(
    cognito: Cognito, provider: LyingProvider
) -> None:
    # Cognito API, AdminSetUserPassword: the status becomes CONFIRMED.
    first = signs_in(cognito, provider, email_verified=True)
    cognito.api.admin_set_user_password(
        UserPoolId=cognito.pool.id, Username="corp_ada", Password=PASSWORD, Permanent=True
    )
    by_password = Browser(cognito).sign_in(authorize(), "corp_ada", PASSWORD)
    assert id_claims(cognito, by_password)["sub"] == first["sub"]
    assert signs_in(cognito, provider, email_verified=True)["sub"] == first["sub"]
    user = cognito.api.admin_get_user(UserPoolId=cognito.pool.id, Username="corp_ada")
    assert user["UserStatus"] == "CONFIRMED"


def test_a_deleted_group_of_a_provider_stops_nobody(
    cognito: Cognito, provider: LyingProvider
) -> None:
    cognito.api.delete_group(UserPoolId=cognito.pool.id, GroupName=f"{cognito.pool.id}_Corp")
    assert "cognito:groups" not in signs_in(cognito, provider, email_verified=True)


def test_a_custom_attribute_can_be_mapped(provider: LyingProvider) -> None:
    mapping = {"email": "email", "custom:tenant": "org"}
    pool = federated_pool(corp(provider.issuer.url, attributes=mapping))
    with serve_federated(pool) as cognito:
        assert signs_in(cognito, provider, org="acme")["custom:tenant"] == "acme"


@pytest.mark.parametrize(
    "call",
    [
        lambda api, pool: api.admin_link_provider_for_user(
            UserPoolId=pool, DestinationUser={}, SourceUser={}
        ),
        lambda api, pool: api.admin_disable_provider_for_user(UserPoolId=pool, User={}),
        lambda api, pool: api.create_identity_provider(
            UserPoolId=pool,
            ProviderName="Other",
            ProviderType="OIDC",
            ProviderDetails={},
        ),
    ],
)
def test_providers_and_links_are_the_templates_alone(cognito: Cognito, call: Any) -> None:
    with pytest.raises(ClientError, match="is not modelled by the local stack"):
        call(cognito.api, cognito.pool.id)


def test_a_value_that_is_too_long_is_told(cognito: Cognito, provider: LyingProvider) -> None:
    provider.claims = {"name": "a" * 2049, "email_verified": True}
    back = come_back(cognito, provider)
    assert back.redirected["error"] == "invalid_request"
    assert "name: value is longer than 2048" in back.redirected["error_description"]
    assert cognito.pool.named("corp_ada") is None
