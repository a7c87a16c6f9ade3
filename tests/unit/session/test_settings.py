import pytest

from jwt_verifier.errors import SettingsInvalid
from session.settings import Settings

POOL = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc123"
VARIABLES = {
    "ISSUER": POOL,
    "DISCOVERY_URI": f"{POOL}/.well-known/openid-configuration",
    "CLIENT_ID": "browser",
    "CLIENT_AUTHENTICATION": "client_secret",
    "CLIENT_SECRET_ID": "arn:aws:secretsmanager:us-east-1:123456789012:secret:c-d",
    "CLIENT_SECRET_KEY": "client_secret",
    "SCOPES": "openid orders/read",
    "PUBLIC_URL": "https://abc.execute-api.us-east-1.amazonaws.com",
    "COOKIE_SECRET_ID": "arn:aws:secretsmanager:us-east-1:123456789012:secret:a-b",
    "REVOCATION_TABLE": "ended",
    "IDLE_SECONDS": "3600",
    "SESSION_SECONDS": "43200",
    "STAGE": "dev",
}


def test_the_backend_reads_its_settings() -> None:
    settings = Settings.from_env(VARIABLES)
    assert (settings.issuer, settings.client_id) == (POOL, "browser")
    assert settings.redirect_uri == f"{VARIABLES['PUBLIC_URL']}/session/callback"
    assert settings.app_url == f"{VARIABLES['PUBLIC_URL']}/app"


@pytest.mark.parametrize("name", VARIABLES)
def test_a_missing_variable_is_named(name: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"^{name}: missing"):
        Settings.from_env({**VARIABLES, name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "http://127.0.0.1:3000"),
        ("PUBLIC_URL", "http://localhost:3000"),
        ("DISCOVERY_URI", "http://127.0.0.1:4000/pool/.well-known/openid-configuration"),
        ("ISSUER", "http://127.0.0.1:4000"),
        ("ISSUER", "https://login.example.com/"),
        ("SCOPES", "openid"),
    ],
)
def test_a_developers_machine_is_taken(name: str, value: str) -> None:
    assert getattr(Settings.from_env({**VARIABLES, name: value}), name.lower()) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            (name, value)
            for name in ("ISSUER", "DISCOVERY_URI", "PUBLIC_URL")
            for value in (
                "http://login.example.com",
                "login.example.com",
                "https://",
                "https://user@login.example.com",
                "https://login.example.com?a=b",
                "https://login.example.com#a",
                "https://login.example.com:port",
                "https://login example.com",
                "ftp://login.example.com",
                "http://127.0.0.1.example.com",
            )
        ),
        ("PUBLIC_URL", "https://abc.example.com/"),
        ("PUBLIC_URL", "https://abc.example.com/prod"),
        ("PUBLIC_URL", "https://ABC.example.com"),
        ("PUBLIC_URL", "https://abc.example.com:443"),
        ("PUBLIC_URL", "http://127.0.0.1:80"),
        ("CLIENT_AUTHENTICATION", "none"),
        *(
            (name, value)
            for name in ("IDLE_SECONDS", "SESSION_SECONDS")
            for value in ("59", "2592001", "1e3", "-60", "six", "٦٠٠")
        ),
        ("SCOPES", "orders/read"),
        ("SCOPES", "openid  orders/read"),
        ("SCOPES", 'openid "'),
        ("SCOPES", "openid\torders/read"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"^{name}: .*give"):
        Settings.from_env({**VARIABLES, name: value})
