"""A partner's issuer and a server that exist nowhere: what this machine plays, through the API."""

import http.client
import json
import urllib.request
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import pytest

from local.loopback.listener import listen_on_loopback
from local.loopback.wsgi_server import WsgiServer
from local.this_app.played.http_host import tell_caller
from local.this_app.played.oidc_provider import OidcProvider
from local.this_app.sign_in import access_token_of_partner
from tests.e2e.conftest import Api

ISSUER = "https://login.partner.example"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def provider(api: Api) -> OidcProvider:
    assert api.stack.partner
    return api.stack.partner


def ask(url: str, method: str, target: str, body: str | None = None, **headers: str) -> Any:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    try:
        connection.request(method, target, body, {**FORM, **headers})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def document(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as response:
        return json.load(response)


def test_the_providers_issuer_is_the_deployed_one_and_its_endpoints_are_here(
    provider: OidcProvider,
) -> None:
    discovery = document(f"{provider.url}/.well-known/openid-configuration")
    assert discovery["issuer"] == ISSUER
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
        assert discovery[name].startswith(f"{provider.url}/")
    assert document(discovery["jwks_uri"])["keys"]


def test_a_partner_passes_both_doors_and_no_others(api: Api) -> None:
    answer = api.call("GET", "/partner/orders", "partner")
    assert (answer.status, answer.json["issuer"], answer.json["sub"]) == (200, ISSUER, "pat")
    context = api.call("GET", "/whoami", "partner").json
    assert (context["issuer_name"], context["issuer"], context["sub"]) == ("partner", ISSUER, "pat")
    assert api.call("GET", "/orders", "partner").status == 403
    assert api.call("GET", "/me", "partner").status == 401


def test_a_partners_token_without_the_scope_gets_403(api: Api, provider: OidcProvider) -> None:
    claims = dict(api.callers["partner"].claims)
    assert claims["scope"] == "openid orders:read"
    query = urlencode(
        {
            "client_id": provider.partner.client_id,
            "redirect_uri": provider.partner.redirect_uri,
            "response_type": "code",
            "scope": "openid",
        }
    )
    _, headers, _ = ask(provider.url, "POST", f"/oauth2/authorize?{query}", "sub=pat")
    code = headers["Location"].partition("code=")[2]
    form = {
        "grant_type": "authorization_code",
        "client_id": provider.partner.client_id,
        "client_secret": provider.partner.client_secret,
        "code": code,
        "redirect_uri": provider.partner.redirect_uri,
    }
    _, _, body = ask(provider.url, "POST", "/oauth2/token", urlencode(form))
    token = json.loads(body)["access_token"]
    assert api.call("GET", "/whoami", authorization=f"Bearer {token}").status == 200
    assert api.call("GET", "/partner/orders", authorization=f"Bearer {token}").status == 403


def test_anybody_signs_in_at_the_provider_by_any_name(provider: OidcProvider) -> None:
    token = access_token_of_partner(provider, "somebody-else")
    header = jwt.get_unverified_header(token)
    assert (header["typ"], header["alg"]) == ("at+jwt", "RS256")
    assert jwt.decode(token, options={"verify_signature": False})["sub"] == "somebody-else"


def test_the_provider_refuses_a_wrong_secret_and_an_unknown_application(
    provider: OidcProvider,
) -> None:
    form = {"grant_type": "authorization_code", "code": "x", "redirect_uri": "http://127.0.0.1/"}
    for client_id in (provider.partner.client_id, "unknown"):
        sent = urlencode({**form, "client_id": client_id, "client_secret": "wrong"})
        status, _, body = ask(provider.url, "POST", "/oauth2/token", sent)
        assert status in (400, 401)
        assert json.loads(body)["error"] == "invalid_client"


def test_a_page_of_another_name_that_resolves_to_this_machine_gets_nothing_of_the_provider(
    provider: OidcProvider,
) -> None:
    path = "/.well-known/openid-configuration"
    assert ask(provider.url, "GET", path, host="evil.example")[0] == 404


def test_the_server_learns_who_calls_from_the_gateway_alone(api: Api) -> None:
    forged = {"x_user_sub": "sub=somebody-else", "X_User_Issuer": "issuer=https://evil.example"}
    answer = api.call("GET", "/inventory/lamp", "admin", **forged)
    claims = api.callers["admin"].claims
    assert answer.json == {
        "method": "GET",
        "path": "/inventory/lamp",
        "caller": {"x-user-sub": claims["sub"], "x-user-issuer": claims["iss"]},
    }


def test_a_server_that_nobody_tells_who_calls_answers_403() -> None:
    host = WsgiServer(tell_caller, listen_on_loopback())
    try:
        assert ask(host.url, "POST", "/inventory/lamp", "x=y")[0] == 403
        for value in ("sub=", "u", ""):
            assert ask(host.url, "GET", "/inventory/lamp", **{"x-user-sub": value})[0] == 403
        status, _, body = ask(host.url, "HEAD", "/", **{"x-user-sub": "sub=u"})
        assert (status, body) == (200, b"")
    finally:
        host.stop()


def test_one_tenants_people_never_see_anothers_orders(api: Api) -> None:
    statuses = {
        (name, tenant): api.call("GET", f"/tenants/{tenant}/orders", name).status
        for _ in range(2)  # no decision about a path is kept
        for name in ("admin", "support")
        for tenant in ("acme", "globex")
    }
    assert statuses == {
        ("admin", "acme"): 200,
        ("admin", "globex"): 403,
        ("support", "acme"): 403,
        ("support", "globex"): 200,
    }
    again = api.call("GET", "/tenants/acme/orders", "admin")
    assert api.reason(again) == "allowed"
