"""The one server of all pools: on loopback, under its own name, open only where Cognito is."""

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from local.cognito.wsgi_app import MAX_BODY_BYTES

from .conftest import POOL, Cognito
from .http_client import Browser, ask, authorize, tokens_by_code

INITIATE = {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}


def preflight(cognito: Cognito, path: str, headers: str) -> dict[str, str]:
    asked = {
        "Origin": "http://localhost:5173",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": headers,
    }
    return ask(cognito, "OPTIONS", path, None, asked).headers


@pytest.mark.parametrize("name", ["rebound.example", "127.0.0.1", "127.0.0.1:1", "localhost"])
def test_a_page_of_another_name_that_resolves_to_this_machine_gets_nothing(
    cognito: Cognito, name: str
) -> None:
    for method, path in (("GET", "/login"), ("POST", "/"), ("POST", "/oauth2/token")):
        answer = ask(cognito, method, path, None, {"Host": name})
        assert answer.status == 404
        assert answer.json == {"message": "this server has another name"}


def test_the_server_answers_to_localhost_too(cognito: Cognito) -> None:
    port = urlsplit(cognito.server.url).port
    path = f"/{POOL.id}/.well-known/jwks.json"
    assert ask(cognito, "GET", path, None, {"Host": f"localhost:{port}"}).status == 200


def test_a_browser_application_may_ask_what_cognito_lets_it_ask(cognito: Cognito) -> None:
    for path, header in (
        ("/oauth2/token", "content-type"),
        ("/oauth2/revoke", "content-type"),
        ("/oauth2/userInfo", "authorization"),
        ("/", "x-amz-target"),
    ):
        allowed = preflight(cognito, path, header)
        assert allowed["access-control-allow-origin"] == "*"
        assert header in allowed["access-control-allow-headers"].split(", ")
        assert "access-control-allow-credentials" not in allowed
    answer = ask(cognito, "POST", "/oauth2/token", {"a": "b"})
    assert answer.headers["access-control-allow-origin"] == "*"
    keys = ask(cognito, "GET", f"/{POOL.id}/.well-known/jwks.json")
    assert keys.headers["access-control-allow-origin"] == "*"
    signed_in = ask(cognito, "POST", "/", {"a": "b"}, INITIATE)
    assert signed_in.headers["access-control-allow-origin"] == "*"


def test_no_page_of_a_browser_may_administer_a_pool(cognito: Cognito) -> None:
    allowed = preflight(cognito, "/", "authorization")
    assert "authorization" not in allowed["access-control-allow-headers"]


def test_no_other_page_may_read_the_sign_in_page(cognito: Cognito) -> None:
    page = Browser(cognito).get("/login", authorize())
    assert "access-control-allow-origin" not in page.headers
    for path in ("/login", "/logout", "/oauth2/authorize"):
        assert ask(cognito, "OPTIONS", path).status == 405


def test_a_body_that_is_too_long_is_refused(cognito: Cognito) -> None:
    address = urlsplit(cognito.server.url).netloc
    for path in ("/", "/oauth2/token", "/login"):
        connection = http.client.HTTPConnection(address, timeout=5)
        connection.putrequest("POST", path)
        connection.putheader("Content-Type", "application/x-www-form-urlencoded")
        connection.putheader("Content-Length", str(MAX_BODY_BYTES + 1))
        connection.endheaders()
        assert connection.getresponse().status == 413
        connection.close()
    assert ask(cognito, "GET", f"/{POOL.id}/.well-known/jwks.json").status == 200


def test_nothing_is_kept_on_disk(
    clocked: Cognito, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    tokens_by_code(clocked)
    assert list(tmp_path.iterdir()) == []
