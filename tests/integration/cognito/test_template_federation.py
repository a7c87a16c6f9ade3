"""AWS::Cognito::UserPoolIdentityProvider in a template: what is read, and what stops the start."""

from typing import Any

import pytest

from local.errors import TemplateUnsupported
from local.template.pool_config import PoolConfig
from local.template.pool_settings import required_names

from .test_template import POOL_REF, read

REFERENCE = "{{resolve:secretsmanager:prod/corp:SecretString:client_secret::}}"
DETAILS = {
    "client_id": "our-client",
    "client_secret": REFERENCE,
    "oidc_issuer": "https://login.corp.example",
    "authorize_scopes": "openid email profile",
    "attributes_request_method": "GET",
}
PROVIDER = {
    "UserPoolId": POOL_REF,
    "ProviderName": "Corp",
    "ProviderType": "OIDC",
    "ProviderDetails": DETAILS,
    "AttributeMapping": {"email": "email", "custom:tenant": "org", "username": "sub"},
}
POOL: Any = {"Schema": [{"Name": "tenant", "AttributeDataType": "String"}]}


def read_provider(client: Any = None, **changes: Any) -> PoolConfig:
    clients = [] if client is None else [client]
    return read(*clients, pool=POOL, Corp=("UserPoolIdentityProvider", {**PROVIDER, **changes}))


def without(part: Any, name: str) -> Any:
    return {key: value for key, value in part.items() if key != name}


def test_a_provider_is_read_with_an_invented_secret() -> None:
    (provider,) = read_provider().identity_providers
    assert (provider.name, provider.issuer) == ("Corp", "https://login.corp.example")
    assert (provider.client_id, provider.scopes) == ("our-client", ("openid", "email", "profile"))
    assert provider.attributes == {"email": "email", "custom:tenant": "org"}
    assert provider.attributes_request_method == "GET"
    assert len(provider.client_secret) >= 32
    assert "resolve" not in provider.client_secret
    assert provider.client_secret not in repr(provider)


def test_a_pool_that_is_read_again_is_the_same_pool() -> None:
    assert read_provider() == read_provider()


def test_a_client_names_its_providers_by_text_or_by_reference() -> None:
    for name in ("Corp", {"Ref": "Corp"}):
        pool = read_provider({"SupportedIdentityProviders": ["COGNITO", name]})
        assert pool.clients[0].identity_providers == ("COGNITO", "Corp")
    assert read_provider({}).clients[0].identity_providers == ("COGNITO",)
    only = read_provider({"SupportedIdentityProviders": ["Corp"]})
    assert only.clients[0].identity_providers == ("Corp",)


def test_a_client_that_names_a_provider_of_no_pool_stops_the_start() -> None:
    with pytest.raises(TemplateUnsupported) as raised:
        read_provider({"SupportedIdentityProviders": ["COGNITO", "Corpse"]})
    assert str(raised.value) == (
        "Identity.Client0, property SupportedIdentityProviders: the pool has no identity provider "
        "'Corpse'; use COGNITO or Corp"
    )


def test_a_client_that_may_not_write_what_its_provider_sets_stops_the_start() -> None:
    client = {"SupportedIdentityProviders": ["Corp"], "WriteAttributes": ["email"]}
    with pytest.raises(TemplateUnsupported) as raised:
        read_provider(client)
    assert str(raised.value) == (
        "Identity.Client0, property WriteAttributes: custom:tenant is missing, which Corp sets"
    )
    client["WriteAttributes"] = ["email", "custom:tenant"]
    assert read_provider(client).clients[0].identity_providers == ("Corp",)


@pytest.mark.parametrize("name", ["email_verified", "phone_number_verified"])
def test_that_an_address_is_verified_is_mapped_without_the_right_to_write_it(name: str) -> None:
    client = {"SupportedIdentityProviders": ["Corp"], "WriteAttributes": ["email"]}
    pool = read_provider(client, AttributeMapping={"email": "email", name: name})
    assert pool.clients[0].identity_providers == ("Corp",)


@pytest.mark.parametrize("name", ["email_verified", "phone_number_verified", "sub"])
def test_a_client_of_a_provider_that_may_write_what_only_cognito_sets_stops_the_start(
    name: str,
) -> None:
    with pytest.raises(TemplateUnsupported) as raised:
        read_provider({"SupportedIdentityProviders": ["Corp"], "WriteAttributes": ["email", name]})
    assert str(raised.value) == (
        f"Identity.Client0, property WriteAttributes: {name} is set by Cognito alone; remove it"
    )


@pytest.mark.parametrize(
    "kind", ["SAML", "Google", "Facebook", "SignInWithApple", "LoginWithAmazon", "Unheard"]
)
def test_a_provider_of_another_type_stops_the_start_in_words(kind: str) -> None:
    with pytest.raises(TemplateUnsupported) as raised:
        read_provider(ProviderType=kind)
    assert str(raised.value) == (
        f"Identity.Corp, property ProviderType: {kind!r} is not modelled; use OIDC"
    )


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"IdpIdentifiers": ["corp.example"]}, "IdpIdentifiers"),
        ({"Unheard": 1}, "Unheard"),
        ({"ProviderName": None}, "ProviderName"),
        *(
            ({"ProviderDetails": without(DETAILS, name)}, f"ProviderDetails.{name}")
            for name in ("client_id", "client_secret", "oidc_issuer", "authorize_scopes")
        ),
        *(
            ({"ProviderDetails": {**DETAILS, name: "x"}}, f"ProviderDetails.{name}")
            for name in ("authorize_url", "token_url", "attributes_url", "jwks_uri")
        ),
        (
            {"ProviderDetails": {**DETAILS, "authorize_scopes": "email"}},
            "ProviderDetails.authorize_scopes",
        ),
        (
            {"ProviderDetails": {**DETAILS, "attributes_request_method": "PUT"}},
            "ProviderDetails.attributes_request_method",
        ),
        (
            {"ProviderDetails": {**DETAILS, "client_secret": "{{resolve:ssm-secure:corp}}"}},
            "ProviderDetails",
        ),
        ({"AttributeMapping": {"username": "email"}}, "AttributeMapping.username"),
        ({"AttributeMapping": {"custom:other": "x"}}, "AttributeMapping.custom:other"),
        ({"AttributeMapping": {"sub": "x"}}, "AttributeMapping.sub"),
        ({"AttributeMapping": {"email": 7}}, "AttributeMapping.email"),
    ],
)
def test_a_provider_that_is_not_modelled_stops_the_start_with_its_place(
    changes: Any, place: str
) -> None:
    with pytest.raises(TemplateUnsupported) as raised:
        read_provider(**changes)
    assert str(raised.value).startswith(f"Identity.Corp, property {place}: ")


def test_a_provider_without_details_stops_the_start() -> None:
    provider = ("UserPoolIdentityProvider", without(PROVIDER, "ProviderDetails"))
    with pytest.raises(TemplateUnsupported, match=r"property ProviderDetails: it is missing"):
        read(Corp=provider)


@pytest.mark.parametrize(
    ("pool", "required"),
    [
        ({}, set()),
        ({"UsernameAttributes": ["email"]}, {"email"}),
        ({"UsernameAttributes": ["email", "phone_number"]}, set()),
        ({"Schema": [{"Name": "name", "Required": True}, {"Name": "locale"}]}, {"name"}),
    ],
)
def test_what_a_federated_person_must_have_is_in_the_schema_or_the_sign_in_name(
    pool: Any, required: set[str]
) -> None:
    assert required_names(read(pool=pool).settings) == required
