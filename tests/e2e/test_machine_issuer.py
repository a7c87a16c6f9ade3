"""The issuer that the app deploys itself, served from the template: tokens, keys, both doors."""

import base64
import http.client
import json
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import pytest

from local.this_app.machine_client import MachineIssuer
from tests.e2e.conftest import Api

MACHINE = "KMS machine"


@pytest.fixture
def issuer(api: Api) -> MachineIssuer:
    assert api.stack.machine_issuer
    return api.stack.machine_issuer


def document(issuer: MachineIssuer, name: str) -> Any:
    with urllib.request.urlopen(f"{issuer.url}/.well-known/{name}", timeout=10) as response:
        return json.load(response)


def ask(issuer: MachineIssuer, secret: str, **form: str) -> tuple[int, Mapping[str, str], Any]:
    pair = base64.b64encode(f"{issuer.client_id}:{secret}".encode()).decode()
    connection = http.client.HTTPConnection(urlsplit(issuer.url).netloc, timeout=20)
    headers = {
        "authorization": f"Basic {pair}",
        "content-type": "application/x-www-form-urlencoded",
    }
    try:
        connection.request("POST", "/oauth2/token", urlencode(form), headers)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return response.status, found, json.loads(response.read())
    finally:
        connection.close()


def test_its_token_passes_the_built_in_authorizer_and_ours(api: Api) -> None:
    claims = api.call("GET", "/machine/me", MACHINE).json["claims"]
    assert claims["client_id"] == "demo-machine"
    context = api.call("GET", "/whoami", MACHINE).json
    assert (context["issuer_name"], context["token_use"]) == ("machines", "access")
    assert api.call("GET", "/orders", MACHINE).status == 200
    assert api.call("POST", "/orders", MACHINE, {"item": "lamp", "quantity": 1}).status == 403


def test_its_token_names_the_deployed_issuer_and_a_published_key(
    api: Api, issuer: MachineIssuer
) -> None:
    token = api.callers[MACHINE].token
    assert token
    discovery = document(issuer, "openid-configuration")
    assert discovery["issuer"].startswith("https://")
    assert discovery["issuer"].endswith(".execute-api.us-east-1.amazonaws.com")
    keys = jwt.PyJWKSet.from_dict(document(issuer, "jwks.json"))
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(
        token,
        key,
        algorithms=["RS256"],
        audience="orders-api",
        issuer=discovery["issuer"],
    )
    assert claims["scope"] == "orders/read"
    assert len(keys.keys) == 2


def test_its_discovery_document_sends_clients_to_this_machine_alone(issuer: MachineIssuer) -> None:
    discovery = document(issuer, "openid-configuration")
    assert discovery["token_endpoint"] == f"{issuer.url}/oauth2/token"
    assert discovery["jwks_uri"] == f"{issuer.url}/.well-known/jwks.json"
    with urllib.request.urlopen(discovery["jwks_uri"], timeout=10) as response:
        assert json.load(response) == document(issuer, "jwks.json")


def test_a_wrong_secret_is_refused_with_its_challenge_through_the_gateway(
    issuer: MachineIssuer,
) -> None:
    status, headers, body = ask(issuer, "wrong", grant_type="client_credentials")
    assert (status, body["error"]) == (401, "invalid_client")
    # API Gateway renames an integration's header, so a client goes by status and error.
    assert headers["x-amzn-remapped-www-authenticate"].startswith("Basic ")
    assert "www-authenticate" not in headers
    assert headers["cache-control"] == "no-store"


def test_an_unknown_scope_is_refused_through_the_gateway(issuer: MachineIssuer) -> None:
    form = {"grant_type": "client_credentials", "scope": "orders/write"}
    status, _, body = ask(issuer, issuer.client_secret, **form)
    assert (status, body["error"]) == (400, "invalid_scope")


def test_nothing_but_its_three_routes_is_there(issuer: MachineIssuer) -> None:
    connection = http.client.HTTPConnection(urlsplit(issuer.url).netloc, timeout=20)
    try:
        connection.request("GET", "/oauth2/token")
        assert connection.getresponse().status == 404
    finally:
        connection.close()


def test_its_documents_answer_head_and_scripts_of_any_origin(issuer: MachineIssuer) -> None:
    for name in ("openid-configuration", "oauth-authorization-server", "jwks.json"):
        connection = http.client.HTTPConnection(urlsplit(issuer.url).netloc, timeout=20)
        try:
            connection.request(
                "HEAD", f"/.well-known/{name}", headers={"origin": "https://a.example"}
            )
            response = connection.getresponse()
            assert (response.status, response.read()) == (200, b"")
            assert response.headers["access-control-allow-origin"] == "*"
        finally:
            connection.close()
