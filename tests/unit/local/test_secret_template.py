"""A template's secret: what of it is modelled, and what is refused with its place."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.errors import TemplateUnsupported
from local.template.local_app import LocalApp, SecretConfig
from local.template.read import read_local_app
from tests.unit.local.test_template import API, IDENTITY, assembly

Read = Callable[..., LocalApp]
SECRET = {
    "Type": "AWS::SecretsManager::Secret",
    "Properties": {"Description": "Seals", "GenerateSecretString": {"PasswordLength": 64}},
    "DeletionPolicy": "Retain",
}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_with(properties: dict[str, Any] | None = None) -> LocalApp:
        secret = {**SECRET, **({} if properties is None else {"Properties": properties})}
        api = copy.deepcopy({**API, "Resources": {**API["Resources"], "Secret": secret}})
        variables = api["Resources"]["Function"]["Properties"]["Environment"]["Variables"]
        variables["SECRET_ID"] = {"Ref": "Secret"}
        return read_local_app(assembly(tmp_path, IDENTITY, api))

    return read_with


def test_a_random_secret_is_read_and_told_by_its_arn(read: Read) -> None:
    app = read()
    [secret] = app.secrets
    place = (secret.region, secret.account_id)
    assert secret == SecretConfig("Api-Secret", secret.arn, 64, *place)
    prefix = f"arn:aws:secretsmanager:{secret.region}:{secret.account_id}:secret:Api-Secret-"
    assert secret.arn.startswith(prefix)
    assert len(secret.arn) == len(prefix) + 6
    assert app.functions[0].environment["SECRET_ID"] == secret.arn


def test_the_same_template_gives_the_same_arn(read: Read) -> None:
    assert read().secrets == read().secrets


def test_a_name_of_its_own_and_no_length_are_taken(read: Read) -> None:
    [secret] = read({"Name": "cookies/seal", "GenerateSecretString": {}}).secrets
    assert (secret.name, secret.characters) == ("cookies/seal", 32)


def test_an_app_without_secrets_has_none(tmp_path: Path) -> None:
    assert read_local_app(assembly(tmp_path, IDENTITY, API)).secrets == ()


@pytest.mark.parametrize(
    ("properties", "named"),
    [
        ({}, "Secret, property GenerateSecretString: it is missing"),
        ({"SecretString": "s3cr3t"}, "Secret, property GenerateSecretString: it is missing"),
        (
            {"GenerateSecretString": {}, "SecretString": "s3cr3t"},
            "Secret, property SecretString: it is not modelled",
        ),
        ({"GenerateSecretString": {}, "KmsKeyId": "k"}, "Secret, property KmsKeyId"),
        ({"GenerateSecretString": {}, "ReplicaRegions": []}, "Secret, property ReplicaRegions"),
        (
            {"GenerateSecretString": {"PasswordLength": 3}},
            "Secret, property GenerateSecretString.PasswordLength: 3 characters",
        ),
        (
            {"GenerateSecretString": {"PasswordLength": 4097}},
            "Secret, property GenerateSecretString.PasswordLength: 4097 characters",
        ),
        (
            {"GenerateSecretString": {"PasswordLength": "64"}},
            "Secret, property GenerateSecretString.PasswordLength: a number",
        ),
        (
            {"GenerateSecretString": {"SecretStringTemplate": "{}", "GenerateStringKey": "a"}},
            "Secret, property GenerateSecretString.SecretStringTemplate",
        ),
    ],
)
def test_what_is_not_modelled_is_refused_with_its_place(
    read: Read, properties: dict[str, Any], named: str
) -> None:
    with pytest.raises(TemplateUnsupported, match=named) as refused:
        read(properties)
    assert "s3cr3t" not in str(refused.value)


def test_another_resource_of_secrets_manager_is_refused(tmp_path: Path) -> None:
    policy = {"Type": "AWS::SecretsManager::ResourcePolicy", "Properties": {}}
    api = {**API, "Resources": {**API["Resources"], "Policy": policy}}
    with pytest.raises(TemplateUnsupported, match="ResourcePolicy is not modelled"):
        read_local_app(assembly(tmp_path, IDENTITY, api))
