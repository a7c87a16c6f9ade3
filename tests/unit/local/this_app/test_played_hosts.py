"""Which hosts of a template this machine plays, and which it never would."""

import json
from dataclasses import replace

import pytest

from local.errors import StartFailed, TemplateUnsupported
from local.stack.localised import Addresses, localised
from local.template.local_app import (
    HttpIntegrationConfig,
    JwtAuthorizerConfig,
    LocalApp,
    RouteConfig,
)
from local.this_app.played.names import PlayedIssuer, played_issuers, played_servers
from tests.unit.local.gateway_values import function_config, http_api, route

PARTNER = "https://login.partner.example"


def jwt_route(issuer: str, *scopes: str) -> RouteConfig:
    authorizer = JwtAuthorizerConfig("j", "jwt", "$request.header.Authorization", issuer, ("api",))
    return route("GET /partner", authorizer, scopes)


def http_route(uri: str) -> RouteConfig:
    return replace(route("GET /things"), integration=HttpIntegrationConfig("i", uri, "ANY", 1.0))


def app(*routes: RouteConfig, issuers: str | None = None) -> LocalApp:
    environment = {} if issuers is None else {"ISSUERS": issuers}
    function = function_config("authorizer", environment)
    return LocalApp(http_api(*routes), (function,), ())


def test_an_issuer_is_played_with_the_audience_and_all_the_scopes_that_routes_ask_for() -> None:
    served = app(jwt_route(PARTNER, "a"), jwt_route(PARTNER, "b", "a"))
    assert played_issuers(served) == (PlayedIssuer(PARTNER, "api", ("a", "b")),)


@pytest.mark.parametrize(
    "url",
    [
        "https://login.partner.com",
        "https://example.com",
        "https://notexample",
        "https://partner.example.org",
        "http://127.0.0.1:8080",
    ],
)
def test_an_address_that_could_be_somebodys_is_never_played(url: str) -> None:
    served = app(jwt_route(url), http_route(f"{url}/things"))
    assert played_issuers(served) == ()
    assert played_servers(served) == ()


@pytest.mark.parametrize("url", [f"{PARTNER}/", f"{PARTNER}/tenant", "http://login.example"])
def test_an_issuer_that_is_no_https_origin_stops_the_start(url: str) -> None:
    with pytest.raises(StartFailed, match="must be an https origin: no path, no final slash"):
        played_issuers(app(jwt_route(url)))


def test_a_server_is_played_once_for_all_its_routes_and_only_its_own_addresses_move() -> None:
    served = app(
        http_route("https://things.example/v1/{item}"),
        http_route("https://things.example"),
        http_route("https://things.example.org/x"),
        route("GET /health"),
    )
    assert played_servers(served) == ("https://things.example",)
    played = {"https://things.example": "http://127.0.0.1:9"}
    placed = localised(served, Addresses("", "", played=played)).api
    assert [
        item.integration.uri
        for item in placed.routes
        if isinstance(item.integration, HttpIntegrationConfig)
    ] == ["http://127.0.0.1:9/v1/{item}", "http://127.0.0.1:9", "https://things.example.org/x"]


def test_an_issuer_that_the_lambda_authorizer_alone_trusts_is_played_too() -> None:
    issuers = [{"issuer": PARTNER, "audiences": ["orders-api", "other"]}, {"issuer": "https://x"}]
    served = app(issuers=json.dumps(issuers))
    assert played_issuers(served) == (PlayedIssuer(PARTNER, "orders-api"),)


@pytest.mark.parametrize("issuers", ["", "{", "[1]", "[{}]", "7"])
def test_a_list_of_issuers_that_is_none_stops_the_start(issuers: str) -> None:
    with pytest.raises(TemplateUnsupported, match="it is not a JSON array of issuers"):
        played_issuers(app(issuers=issuers))
