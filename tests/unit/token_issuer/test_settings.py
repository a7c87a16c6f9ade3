from typing import Any

import pytest

from jwt_verifier.errors import SettingsInvalid
from key_rotation.settings import Settings as RotationSettings
from token_issuer.settings import Settings

ISSUER = {
    "ISSUER_URL": "https://issuer.example",
    "AUDIENCE": "orders-api",
    "TOKEN_SECONDS": "900",
    "KEY_RING_TABLE": "ring",
    "CLIENTS_TABLE": "clients",
    "RATE_LIMITS_TABLE": "rates",
    "STAGE": "dev",
}
ROTATION = {
    "KEY_RING_TABLE": "ring",
    "KEY_OWNER": "issuer-stack",
    "ROTATION_PERIOD_DAYS": "30",
    "TOKEN_SECONDS": "900",
    "ISSUER_FUNCTION": "issuer",
    "ISSUER_ROLE": "arn:aws:iam::123456789012:role/issuer",
    "ROTATION_ROLE": "arn:aws:iam::123456789012:role/service-role/rotation",
    "STAGE": "dev",
}


def test_the_issuer_reads_its_settings() -> None:
    assert Settings.from_env(ISSUER) == Settings(
        "https://issuer.example", "orders-api", 900, "ring", "clients", "rates", "dev"
    )


def test_the_rotation_reads_its_settings() -> None:
    settings = RotationSettings.from_env(ROTATION)
    assert settings == RotationSettings(
        key_ring_table="ring",
        key_owner="issuer-stack",
        period_seconds=30 * 86_400,
        token_seconds=900,
        issuer_function="issuer",
        issuer_role="arn:aws:iam::123456789012:role/issuer",
        rotation_role="arn:aws:iam::123456789012:role/service-role/rotation",
        stage="dev",
    )


@pytest.mark.parametrize("name", ISSUER)
def test_a_missing_variable_of_the_issuer_is_named(name: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"^{name}: missing"):
        Settings.from_env({**ISSUER, name: ""})


@pytest.mark.parametrize("name", ROTATION)
def test_a_missing_variable_of_the_rotation_is_named(name: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"^{name}: missing"):
        RotationSettings.from_env({**ROTATION, name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("TOKEN_SECONDS", value) for value in ("59", "3601", "-1", "9e2", "٩٠٠", "99999999999")),
        ("ISSUER_URL", "https://issuer.example/"),
        ("ISSUER_URL", "http://issuer.example"),
        ("ISSUER_URL", "https://issuer.example?a=b"),
        ("ISSUER_URL", "issuer.example"),
        ("ISSUER_URL", "https://"),
        ("ISSUER_URL", "https://user:pw@issuer.example"),
        ("ISSUER_URL", "https://issuer.example:99999"),
        ("ISSUER_URL", "https://issuer.example#a"),
        ("ISSUER_URL", f"https://issuer.example/{'a' * 256}"),
        ("OTHER_ISSUER_URL", "https://issuer.example/"),
        ("OTHER_ISSUER_URL", "issuer.example"),
        ("AUDIENCE", "a" * 257),
    ],
)
def test_a_wrong_value_of_the_issuer_is_named(name: str, value: Any) -> None:
    with pytest.raises(SettingsInvalid, match=f"^{name}: "):
        Settings.from_env({**ISSUER, name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("TOKEN_SECONDS", value) for value in ("59", "3601", "1.5")),
        *(("ROTATION_PERIOD_DAYS", value) for value in ("0", "1", "366", "monthly")),
        ("ISSUER_ROLE", "issuer"),
        ("ROTATION_ROLE", "arn:aws:iam::123456789012:user/person"),
    ],
)
def test_a_wrong_value_of_the_rotation_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"^{name}: "):
        RotationSettings.from_env({**ROTATION, name: value})
