import pytest

from jwt_verifier.errors import SettingsInvalid
from page.settings import PublicClient, Settings

GOOD = {
    "ISSUER": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc123xyz",
    "DISCOVERY_URI": "http://127.0.0.1:4000/pool/.well-known/openid-configuration",
    "CLIENT_ID": "6abc",
    "SCOPES": "openid email orders/read",
    "PUBLIC_URL": "https://api.example",
}


def test_the_page_reads_its_settings() -> None:
    *client, public_url = GOOD.values()
    assert Settings.from_env(GOOD) == Settings(public_url, PublicClient(*client))


def test_a_page_that_keeps_no_tokens_is_no_client() -> None:
    url = GOOD["PUBLIC_URL"]
    assert Settings.from_env({"PUBLIC_URL": url}) == Settings(url, None)


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_variable_is_named(name: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"^{name}: missing"):
        Settings.from_env({**GOOD, name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            (name, value)
            for name in ("ISSUER", "DISCOVERY_URI", "PUBLIC_URL")
            for value in (
                "http://issuer.example",
                "ftp://issuer.example",
                "https://",
                "https://a@issuer.example",
                "https://issuer.example; script-src *",
                "https://issuer.example/#x",
                "https://issuer.example?a=b",
                "https://issuer.example:99999",
                "http://[::1",
                "http://[12]",
            )
        ),
        ("PUBLIC_URL", "https://api.example/"),
        ("PUBLIC_URL", "https://api.example/dev"),
        ("PUBLIC_URL", "https://API.example"),
        ("PUBLIC_URL", "https://api.example:443"),
        ("PUBLIC_URL", "http://127.0.0.1:80"),
        ("CLIENT_ID", "two words"),
        ("CLIENT_ID", "é"),
        ("CLIENT_ID", "x" * 256),
        ("SCOPES", "openid  email"),
        ("SCOPES", 'openid "'),
        ("SCOPES", "email"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"^{name}: "):
        Settings.from_env({**GOOD, name: value})


@pytest.mark.parametrize("url", ["http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]"])
def test_http_is_good_on_this_machine(url: str) -> None:
    assert Settings.from_env({**GOOD, "PUBLIC_URL": url}).public_url == url
