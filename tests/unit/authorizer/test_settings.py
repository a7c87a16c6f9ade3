import json
from pathlib import Path

import pytest

from authorizer.settings import Settings
from jwt_verifier.errors import SettingsInvalid

ISSUERS = json.dumps([{"name": "p", "issuer": "https://issuer.example", "audiences": ["api"]}])
ENVIRONMENT = {"ISSUERS": ISSUERS, "POLICY_FILE": "policy.json"}


def test_the_defaults_are_the_documented_ones() -> None:
    settings = Settings.from_env(ENVIRONMENT)
    assert [issuer.name for issuer in settings.issuers] == ["p"]
    assert settings.policy_file == Path("policy.json")
    assert settings.leeway_seconds == 60
    assert settings.jwks_fresh_seconds == 3600
    assert settings.jwks_max_age_seconds == 86_400
    assert settings.jwks_cooldown_seconds == 30
    assert settings.jwks_fetch_timeout_seconds == 1.5
    assert settings.cookie_origins == frozenset()


def test_the_origins_whose_cookies_are_read_can_be_set() -> None:
    origins = '["https://app.example", "http://127.0.0.1:3000"]'
    settings = Settings.from_env({**ENVIRONMENT, "COOKIE_ORIGINS": origins})
    assert settings.cookie_origins == {"https://app.example", "http://127.0.0.1:3000"}


def test_origins_that_no_browser_would_send_are_named() -> None:
    with pytest.raises(
        SettingsInvalid, match=r"^COOKIE_ORIGINS\[0\]: 'https://app.example/'; give"
    ):
        Settings.from_env({**ENVIRONMENT, "COOKIE_ORIGINS": '["https://app.example/"]'})


def test_every_time_can_be_set() -> None:
    settings = Settings.from_env(
        {
            **ENVIRONMENT,
            "LEEWAY_SECONDS": "0",
            "JWKS_FRESH_SECONDS": "600",
            "JWKS_MAX_AGE_SECONDS": "604800",
            "JWKS_COOLDOWN_SECONDS": "10",
            "JWKS_FETCH_TIMEOUT_SECONDS": "0.5",
        }
    )
    assert (settings.leeway_seconds, settings.jwks_fresh_seconds) == (0, 600)
    assert (settings.jwks_max_age_seconds, settings.jwks_cooldown_seconds) == (604_800, 10)
    assert settings.jwks_fetch_timeout_seconds == 0.5


def test_a_relative_policy_file_is_one_inside_the_bundle() -> None:
    bundled = Settings.from_env({**ENVIRONMENT, "LAMBDA_TASK_ROOT": "/var/task"})
    assert bundled.policy_file == Path("/var/task/policy.json")
    absolute = {**ENVIRONMENT, "LAMBDA_TASK_ROOT": "/var/task", "POLICY_FILE": "/etc/p.json"}
    assert Settings.from_env(absolute).policy_file == Path("/etc/p.json")


@pytest.mark.parametrize("name", ["ISSUERS", "POLICY_FILE"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_variable_is_named(name: str, value: str | None) -> None:
    environment = {k: v for k, v in {**ENVIRONMENT, name: value}.items() if v is not None}
    with pytest.raises(SettingsInvalid, match=f"^{name}: missing; set it"):
        Settings.from_env(environment)


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("LEEWAY_SECONDS", 0, 300),
        ("JWKS_FRESH_SECONDS", 1, 86_400),
        ("JWKS_MAX_AGE_SECONDS", 3600, 604_800),
        ("JWKS_COOLDOWN_SECONDS", 1, 3600),
        ("JWKS_FETCH_TIMEOUT_SECONDS", 0.1, 4),
    ],
)
def test_a_time_has_a_range(name: str, low: float, high: float) -> None:
    for value in (low, high):
        Settings.from_env({**ENVIRONMENT, name: str(value)})
    for wrong in (str(low - 0.01), str(high + 1), "nan", "inf", "", "60s"):
        with pytest.raises(SettingsInvalid, match=f"^{name}: "):
            Settings.from_env({**ENVIRONMENT, name: wrong})


def test_a_wrong_time_is_told_with_the_range() -> None:
    with pytest.raises(
        SettingsInvalid, match="^LEEWAY_SECONDS: '301'; give seconds from 0 to 300$"
    ):
        Settings.from_env({**ENVIRONMENT, "LEEWAY_SECONDS": "301"})


def test_keys_cannot_be_too_old_while_they_are_fresh() -> None:
    times = {"JWKS_FRESH_SECONDS": "600", "JWKS_MAX_AGE_SECONDS": "599"}
    with pytest.raises(SettingsInvalid, match="^JWKS_MAX_AGE_SECONDS: below JWKS_FRESH_SECONDS"):
        Settings.from_env({**ENVIRONMENT, **times})
    same = {"JWKS_FRESH_SECONDS": "600", "JWKS_MAX_AGE_SECONDS": "600"}
    assert Settings.from_env({**ENVIRONMENT, **same}).jwks_max_age_seconds == 600


def test_more_issuers_are_read_from_a_file_of_the_bundle(tmp_path: Path) -> None:
    other = {"name": "q", "issuer": "https://other.example", "audiences": ["api"]}
    (tmp_path / "issuers.json").write_text(json.dumps([other]))
    bundled = {"ISSUERS_FILE": "issuers.json", "LAMBDA_TASK_ROOT": str(tmp_path)}
    settings = Settings.from_env({**ENVIRONMENT, **bundled})
    assert [issuer.name for issuer in settings.issuers] == ["p", "q"]


@pytest.mark.parametrize("content", [None, b"\xff"], ids=["missing", "not UTF-8"])
def test_a_file_of_issuers_that_cannot_be_read_is_named(
    tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "issuers.json").write_bytes(content)
    bundled = {"ISSUERS_FILE": "issuers.json", "LAMBDA_TASK_ROOT": str(tmp_path)}
    with pytest.raises(SettingsInvalid, match=r"^ISSUERS_FILE: .*issuers\.json cannot be read"):
        Settings.from_env({**ENVIRONMENT, **bundled})
