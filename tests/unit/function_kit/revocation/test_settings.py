"""Settings of revocation: a wrong one is a line with the variable and the fix."""

import pytest

from function_kit.revocation.settings import Settings
from jwt_verifier.errors import SettingsInvalid

TOLD = {"REVOCATION_TABLE": "T", "REVOCATION_UNREADABLE": "closed", "AWS_REGION": "eu-west-1"}


@pytest.mark.parametrize(
    ("more", "endpoint"),
    [
        ({}, "https://dynamodb.eu-west-1.amazonaws.com"),
        ({"AWS_REGION": "cn-north-1"}, "https://dynamodb.cn-north-1.amazonaws.com.cn"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:8000/"}, "http://127.0.0.1:8000"),
        (
            {
                "AWS_ENDPOINT_URL": "https://a.example",
                "AWS_ENDPOINT_URL_DYNAMODB": "https://b.example",
            },
            "https://b.example",
        ),
    ],
)
def test_dynamodb_is_the_regions_unless_another_is_named(
    more: dict[str, str], endpoint: str
) -> None:
    settings = Settings.from_env({**TOLD, **more})
    assert settings.endpoint == endpoint
    assert (settings.table, settings.age_seconds, settings.unreadable) == ("T", 5.0, "closed")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"REVOCATION_TABLE": ""},
            "REVOCATION_TABLE: missing; set it in the function's environment",
        ),
        ({"AWS_REGION": ""}, "AWS_REGION: missing"),
        ({"REVOCATION_UNREADABLE": "half"}, "REVOCATION_UNREADABLE: 'half'; give closed or open"),
        ({"REVOCATION_LIST_AGE_SECONDS": "11"}, "REVOCATION_LIST_AGE_SECONDS: '11'; give seconds"),
        ({"REVOCATION_LIST_AGE_SECONDS": "0.5"}, "REVOCATION_LIST_AGE_SECONDS: '0.5'; give"),
        ({"AWS_ENDPOINT_URL": "http://dynamodb.example"}, "AWS_ENDPOINT_URL: 'http://dynamodb"),
        ({"AWS_ENDPOINT_URL": "https://a.example/b"}, "AWS_ENDPOINT_URL: 'https://a.example/b'"),
        ({"AWS_ENDPOINT_URL_DYNAMODB": "https://a.example?b"}, "AWS_ENDPOINT_URL_DYNAMODB: 'https"),
        (
            {"AWS_ENDPOINT_URL_DYNAMODB": "file:///x"},
            "AWS_ENDPOINT_URL_DYNAMODB: 'file:///x'; give",
        ),
    ],
)
def test_a_wrong_one_names_the_variable_and_the_fix(change: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsInvalid) as refusal:
        Settings.from_env({**TOLD, **change})
    assert str(refusal.value).startswith(words)
