"""Every kind of identity provider, as the template gives it to Cognito."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aws_jwt_authorizer.access.rules import Route, Rule
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.parts.identity_provider import ATTRIBUTES, ROOT
from tests.sample.access import ACCESS
from tests.synth.synthesis import Synthesis, synthesise

EMAIL = {"email": "email"}
SECRET = {"secret": "prod/login", "json_key": "client_secret"}
KEY_ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:apple-AbCdEf"
FETCHED = "{{resolve:secretsmanager:prod/login:SecretString:client_secret::}}"
EMAIL_CLAIM = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
PROVIDERS: dict[str, dict[str, Any]] = {
    "corp-oidc": {
        "kind": "oidc",
        "issuer": "https://login.corp.example",
        "client_id": "id-oidc",
        "client_secret": SECRET,
        "scopes": ["openid", "email", "profile"],
        "attributes": {"email": "email", "name": "display_name"},
    },
    "corp-saml": {
        "kind": "saml",
        "metadata_url": "https://idp.corp.example/metadata",
        "attributes": {"email": EMAIL_CLAIM},
    },
    "google": {
        "kind": "google",
        "client_id": "id-google",
        "client_secret": SECRET,
        "attributes": EMAIL,
    },
    "facebook": {
        "kind": "facebook",
        "client_id": "id-facebook",
        "client_secret": SECRET,
        "api_version": "v17.0",
        "attributes": EMAIL,
    },
    "apple": {
        "kind": "apple",
        "client_id": "com.example.web",
        "team_id": "T1",
        "key_id": "K1",
        "private_key": {"secret": KEY_ARN, "json_key": "private_key"},
        "attributes": EMAIL,
    },
    "amazon": {
        "kind": "amazon",
        "client_id": "id-amazon",
        "client_secret": SECRET,
        "attributes": {"email": "email", "picture": "picture"},
    },
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    return synthesise(tmp_path_factory.mktemp("federation"), identity_providers=PROVIDERS)


def provider(made: Synthesis, name: str) -> dict[str, Any]:
    kind = "AWS::Cognito::UserPoolIdentityProvider"
    every: list[dict[str, Any]] = [item["Properties"] for _, item in made.resources(kind)]
    [properties] = [item for item in every if item["ProviderName"] == name]
    return properties


def test_an_oidc_provider_is_asked_for_its_endpoints_by_discovery(made: Synthesis) -> None:
    corp = provider(made, "corp-oidc")
    assert corp["ProviderType"] == "OIDC"
    assert corp["ProviderDetails"] == {
        "client_id": "id-oidc",
        "client_secret": FETCHED,
        "oidc_issuer": "https://login.corp.example",
        "authorize_scopes": "openid email profile",
        "attributes_request_method": "GET",
    }
    assert corp["AttributeMapping"] == {"email": "email", "name": "display_name"}


def test_a_saml_provider_gets_signed_requests_and_starts_no_sign_in_itself(
    made: Synthesis,
) -> None:
    corp = provider(made, "corp-saml")
    assert corp["ProviderType"] == "SAML"
    assert corp["ProviderDetails"] == {
        "MetadataURL": "https://idp.corp.example/metadata",
        "IDPInit": "false",
        "IDPSignout": "true",
        "RequestSigningAlgorithm": "rsa-sha256",
    }
    assert corp["AttributeMapping"] == {"email": EMAIL_CLAIM}


def test_a_saml_provider_may_come_with_its_metadata_as_a_file(folder: Path) -> None:
    file = "tests/synth/saml_metadata.xml"
    entry = {"kind": "saml", "metadata_file": file, "attributes": EMAIL}
    corp = provider(synthesise(folder, identity_providers={"corp": entry}), "corp")
    assert corp["ProviderDetails"]["MetadataFile"] == (ROOT / file).read_text()
    assert "MetadataURL" not in corp["ProviderDetails"]


def test_google_is_asked_for_email_and_profile(made: Synthesis) -> None:
    google = provider(made, "Google")
    assert google["ProviderType"] == "Google"
    assert google["ProviderDetails"] == {
        "client_id": "id-google",
        "client_secret": FETCHED,
        "authorize_scopes": "email profile openid",
    }


def test_facebook_is_asked_at_one_version_of_its_api(made: Synthesis) -> None:
    facebook = provider(made, "Facebook")
    assert facebook["ProviderType"] == "Facebook"
    assert facebook["ProviderDetails"] == {
        "client_id": "id-facebook",
        "client_secret": FETCHED,
        "authorize_scopes": "public_profile, email",
        "api_version": "v17.0",
    }


def test_apple_is_shown_a_key_that_cloudformation_fetches(made: Synthesis) -> None:
    apple = provider(made, "SignInWithApple")
    assert apple["ProviderType"] == "SignInWithApple"
    fetched = f"{{{{resolve:secretsmanager:{KEY_ARN}:SecretString:private_key::}}}}"
    assert apple["ProviderDetails"] == {
        "client_id": "com.example.web",
        "team_id": "T1",
        "key_id": "K1",
        "private_key": fetched,
        "authorize_scopes": "email name",
    }


def test_amazon_is_asked_for_the_profile(made: Synthesis) -> None:
    amazon = provider(made, "LoginWithAmazon")
    assert amazon["ProviderType"] == "LoginWithAmazon"
    assert amazon["ProviderDetails"] == {
        "client_id": "id-amazon",
        "client_secret": FETCHED,
        "authorize_scopes": "profile postal_code",
    }


def test_the_web_client_offers_every_provider_and_is_made_after_them(made: Synthesis) -> None:
    web = made.client("Web")
    assert web["SupportedIdentityProviders"] == [
        *("COGNITO", "corp-oidc", "corp-saml", "Google"),
        *("Facebook", "SignInWithApple", "LoginWithAmazon"),
    ]
    [client] = [item for name, item in made.all() if name.startswith("ClientsWeb")]
    kind = "AWS::Cognito::UserPoolIdentityProvider"
    assert set(client["DependsOn"]) == {name for name, _ in made.resources(kind)}


def test_a_machine_offers_none(made: Synthesis) -> None:
    assert made.client("Machine")["SupportedIdentityProviders"] == ["COGNITO"]


def test_clients_of_people_may_write_what_a_provider_says_and_a_machine_may_not(
    made: Synthesis,
) -> None:
    for name in ("Web", "Cli"):
        assert "picture" in made.client(name)["WriteAttributes"]
    assert "picture" not in made.client("Machine")["WriteAttributes"]


def test_every_attribute_that_a_provider_may_set_is_mapped_and_all_but_a_verification_written(
    folder: Path,
) -> None:
    """CreateUserPoolClient refuses WriteAttributes that hold email_verified: only Cognito sets it.

    Mapped it must be all the same: without it every address from a provider stays unverified.
    """
    attributes = dict.fromkeys(sorted(ATTRIBUTES), "x")
    entry = {**PROVIDERS["google"], "attributes": attributes}
    made = synthesise(folder, identity_providers={"google": entry})
    assert "email_verified" in ATTRIBUTES
    assert provider(made, "Google")["AttributeMapping"] == attributes
    of_people = [
        item["Properties"]
        for _, item in made.resources("AWS::Cognito::UserPoolClient")
        if "Google" in item["Properties"]["SupportedIdentityProviders"]
    ]
    assert [set(client["WriteAttributes"]) for client in of_people] == [
        ATTRIBUTES - {"email_verified"}
    ] * 3  # the web client, the native one and the page's own


def test_a_rule_on_a_verified_address_rests_on_no_users_own_word(folder: Path) -> None:
    entry = {**PROVIDERS["google"], "attributes": {**EMAIL, "email_verified": "email_verified"}}
    rule = Rule(issuers=("cognito",), claims={"email_verified": True})
    table = replace(ACCESS, routes=(Route("GET /x", "whoami", "lambda", rule),))
    made = synthesise(folder, access=table, identity_providers={"google": entry})
    assert "users can change" not in "".join(
        path.read_text() for path in made.folder.glob("*.json")
    )


def test_a_stage_without_providers_has_the_pool_alone(dev: Synthesis) -> None:
    assert dev.client("Web")["SupportedIdentityProviders"] == ["COGNITO"]
    assert not dev.resources("AWS::Cognito::UserPoolIdentityProvider")


def test_a_literal_secret_stops_synth_and_stands_in_no_message(folder: Path) -> None:
    entry = {**PROVIDERS["google"], "client_secret": "s3cr3t-value"}
    with pytest.raises(ConfigInvalid) as caught:
        synthesise(folder, identity_providers={"google": entry})
    assert "s3cr3t" not in str(caught.value)
