from typing import Any

import pytest

from stacks.stage.config import stage_config
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.parts.identity_provider import IdentityProvider
from stacks.stage.parts.secret_reference import SecretReference
from tests.sample.paths import STAGES

SECRET = {"secret": "prod/login", "json_key": "client_secret"}
EMAIL = {"email": "email"}
SOCIAL = {"client_id": "id-1", "client_secret": SECRET, "attributes": EMAIL}
OIDC = {"kind": "oidc", "issuer": "https://login.example", "scopes": ["openid", "email"], **SOCIAL}
SAML = {"kind": "saml", "metadata_url": "https://idp.example/metadata", "attributes": EMAIL}
APPLE = {
    "kind": "apple",
    "client_id": "com.example.web",
    "team_id": "T1",
    "key_id": "K1",
    "private_key": SECRET,
    "attributes": EMAIL,
}
GOOGLE = {"kind": "google", **SOCIAL}


def provider(name: str, entry: Any, stage: str = "dev") -> IdentityProvider:
    [made] = stage_config(stage, STAGES, {"identity_providers": {name: entry}}).identity_providers
    return made


def refusal(name: str, entry: Any) -> str:
    with pytest.raises(ConfigInvalid) as caught:
        provider(name, entry)
    text = str(caught.value)
    assert text.startswith("context.overrides.identity_providers.")
    assert "\n" not in text
    return text.removeprefix("context.overrides.identity_providers.")


def without(entry: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != name}


def test_a_secret_is_known_by_where_it_is_kept() -> None:
    made = provider("corp", OIDC)
    assert made.secret == SecretReference("prod/login", "client_secret")
    assert made.secret_field == "client_secret"
    assert provider("corp", SAML).secret is None


@pytest.mark.parametrize("literal", ["s3cr3t-value", ["s3cr3t-value"], None, 5])
@pytest.mark.parametrize(
    ("name", "entry", "field"),
    [
        ("corp", OIDC, "client_secret"),
        ("google", GOOGLE, "client_secret"),
        ("facebook", {"kind": "facebook", "api_version": "v17.0", **SOCIAL}, "client_secret"),
        ("amazon", {"kind": "amazon", **SOCIAL}, "client_secret"),
        ("apple", APPLE, "private_key"),
    ],
)
def test_a_literal_secret_is_refused_by_its_field_and_never_shown(
    name: str, entry: dict[str, Any], field: str, literal: object
) -> None:
    text = refusal(name, {**entry, field: literal})
    assert text.startswith(f"{name}.{field} must name a secret of AWS Secrets Manager as ")
    assert "s3cr3t" not in text


@pytest.mark.parametrize(
    ("name", "entry", "text"),
    [
        ("corp", 3, "corp is a number: it must be an object of fields"),
        ("corp", {}, "corp.kind is missing: it must be one of oidc, saml, google, facebook,"),
        ("corp", {**OIDC, "kind": "ldap"}, "corp.kind is 'ldap': it must be one of oidc"),
        ("c", OIDC, "c must have a name of 3 to 32 letters"),
        ("corp_1", OIDC, "corp_1 must have a name of 3 to 32 letters"),
        ("corp", without(OIDC, "issuer"), "corp.issuer is missing: it must be an https URL"),
        ("corp", {**OIDC, "issuer": "http://login.example"}, "corp.issuer is 'http://login.ex"),
        ("corp", {**OIDC, "client_id": ""}, "corp.client_id is '': it must be the id"),
        ("corp", {**OIDC, "scopes": ["email"]}, "corp.scopes is ['email']: it must be a list of"),
        ("corp", {**OIDC, "scopes": "openid"}, "corp.scopes is 'openid': it must be a list of"),
        ("corp", {**OIDC, "clientSecret": "s3cr3t"}, "corp.clientSecret is unknown: the fields"),
        ("corp", without(OIDC, "client_secret"), "corp.client_secret must name a secret of AWS"),
        ("corp", {**OIDC, "client_secret": {"secret": "x"}}, "client_secret.json_key is missing"),
        (
            "corp",
            {**OIDC, "client_secret": {**SECRET, "value": "s3cr3t"}},
            "corp.client_secret.value is unknown: the fields are secret, json_key",
        ),
        ("corp", without(OIDC, "attributes"), "corp.attributes is missing: it must be an object"),
        ("corp", {**OIDC, "attributes": {}}, "corp.attributes.email is missing: people are known"),
        (
            "corp",
            {**OIDC, "attributes": {**EMAIL, "custom:tenant": "org"}},
            "corp.attributes.custom:tenant cannot be set by a provider: use one of address,",
        ),
        ("corp", {**OIDC, "attributes": {"email": ""}}, "corp.attributes.email is '': it must be"),
        ("corp", without(SAML, "metadata_url"), "corp must have exactly one of metadata_url, meta"),
        (
            "corp",
            {**SAML, "metadata_file": "saml.xml"},
            "corp must have exactly one of metadata_url, metadata_file",
        ),
        ("corp", {**SAML, "metadata_url": "http://idp.example"}, "corp.metadata_url is 'http://i"),
        ("my-google", GOOGLE, "my-google must be named google: a pool can have only one"),
        ("google", without(GOOGLE, "client_id"), "google.client_id is missing"),
        ("google", {**GOOGLE, "scopes": ["email"]}, "google.scopes is unknown: the fields are"),
        ("facebook", {"kind": "facebook", **SOCIAL}, "facebook.api_version is missing: it must"),
        (
            "facebook",
            {"kind": "facebook", "api_version": "17", **SOCIAL},
            "facebook.api_version is '17': it must be a version such as v17.0",
        ),
        ("apple", without(APPLE, "team_id"), "apple.team_id is missing"),
        ("apple", without(APPLE, "key_id"), "apple.key_id is missing"),
        ("amazon", {"kind": "amazon", **without(SOCIAL, "client_id")}, "amazon.client_id is miss"),
    ],
)
def test_a_wrong_provider_is_refused_by_its_field(name: str, entry: Any, text: str) -> None:
    said = refusal(name, entry)
    assert said.startswith(text) or text in said
    assert "s3cr3t" not in said


@pytest.mark.parametrize("path", ["../outside.xml", "/etc/hostname", "no/such.xml", ""])
def test_metadata_is_a_file_of_this_repository(path: str) -> None:
    entry = {**without(SAML, "metadata_url"), "metadata_file": path}
    assert "a path inside this repository" in refusal("corp", entry)


def test_metadata_that_is_no_metadata_is_refused() -> None:
    entry = {**without(SAML, "metadata_url"), "metadata_file": "cdk.json"}
    assert "must be SAML 2.0 metadata: XML with an EntityDescriptor" in refusal("corp", entry)


def test_a_provider_on_this_machine_is_for_the_local_stage_alone() -> None:
    here = {**OIDC, "issuer": "http://127.0.0.1:8080"}
    assert provider("corp", here, "local").details["oidc_issuer"] == "http://127.0.0.1:8080"
    assert "corp.issuer is 'http://127.0.0.1:8080'" in refusal("corp", here)
