"""What of an app's addresses is changed for this machine, in one step, and what must stay."""

import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from local.stack.localised import Addresses, localised
from local.template.local_app import (
    FunctionConfig,
    HttpIntegrationConfig,
    JwtAuthorizerConfig,
    LocalApp,
)
from local.template.pool_config import IdentityProviderConfig
from local.this_app.authorizer_settings import localised_app
from tests.integration.cognito.conftest import CLI, pool_config
from tests.unit.local.gateway_values import function_config, http_api, route

API = http_api()
MACHINES = replace(API, id="issuer1234")
POOL = pool_config("eu-west-1_Ab3dE6gH9")
POOL_HERE = f"http://127.0.0.1:4000/{POOL.id}"
PARTNER = "https://login.partner.example"
ADDRESSES = Addresses(
    api="http://127.0.0.1:3000",
    cognito="http://127.0.0.1:4000",
    issuer="http://127.0.0.1:5000",
    services="http://127.0.0.1:6000",
    played={PARTNER: "http://127.0.0.1:7000"},
)


def app_of(*functions: FunctionConfig, **changes: Any) -> LocalApp:
    return LocalApp(API, functions, (POOL,), **{"issuer": MACHINES, **changes})


def environment(**variables: str) -> dict[str, str]:
    here = localised_app(app_of(function_config("function", variables)), ADDRESSES)
    return dict(here.functions[0].environment)


def own(**variables: str) -> dict[str, str]:
    """The variables that a template gives, as they are here."""
    every = environment(**variables)
    return {name: text for name, text in every.items() if name in variables}


def test_the_apis_own_address_is_here_wherever_it_stands() -> None:
    assert own(PUBLIC_URL=API.endpoint, COOKIE_ORIGINS=json.dumps([API.endpoint])) == {
        "PUBLIC_URL": ADDRESSES.api,
        "COOKIE_ORIGINS": json.dumps([ADDRESSES.api]),
    }


def test_the_apis_name_of_its_own_is_here_too_and_a_longer_name_stays() -> None:
    api = replace(API, domain="api.orders.test")
    function = function_config("function", {"A": "https://api.orders.test/app", "B": API.endpoint})
    longer = function_config("other", {"A": "https://api.orders.test.example", "B": "x"})
    here = localised(replace(app_of(function, longer), api=api), ADDRESSES)
    given = [{name: each.environment[name] for name in ("A", "B")} for each in here.functions]
    assert given == [
        {"A": f"{ADDRESSES.api}/app", "B": ADDRESSES.api},
        {"A": "https://api.orders.test.example", "B": "x"},
    ]


def test_an_issuers_documents_are_here_and_its_name_stays() -> None:
    discovery = "/.well-known/openid-configuration"
    assert own(ISSUER=POOL.issuer, DISCOVERY_URI=f"{POOL.issuer}{discovery}") == {
        "ISSUER": POOL.issuer,
        "DISCOVERY_URI": f"{POOL_HERE}{discovery}",
    }


def test_an_authorizer_is_told_where_each_known_issuers_keys_are() -> None:
    newer = POOL.issuer.replace("cognito-idp", "issuer-cognito-idp")
    here = {
        POOL.issuer: POOL_HERE,
        newer: POOL_HERE,
        MACHINES.endpoint: ADDRESSES.issuer,
        PARTNER: ADDRESSES.played[PARTNER],
    }
    issuers = [{"issuer": each} for each in (*here, "https://elsewhere.test")]
    assert json.loads(environment(ISSUERS=json.dumps(issuers))["ISSUERS"]) == [
        *(
            {"issuer": each, "jwks_uri": f"{url}/.well-known/jwks.json"}
            for each, url in here.items()
        ),
        {"issuer": "https://elsewhere.test"},
    ]


def test_a_client_of_the_apis_own_page_is_sent_back_here_and_others_where_they_were() -> None:
    own = (f"{API.endpoint}/app/callback", "https://app.test/callback")
    page = replace(CLI, callback_urls=own, logout_urls=own)
    app = replace(app_of(), pools=(replace(POOL, clients=(page,)),))
    [client] = localised(app, ADDRESSES).pools[0].clients
    assert client.callback_urls == (f"{ADDRESSES.api}/app/callback", "https://app.test/callback")
    assert client.logout_urls == client.callback_urls


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"NAME": "Clients"},
        {"AWS_ENDPOINT_URL": "https://elsewhere.test"},
        {"AWS_ENDPOINT_URL_S3": "https://elsewhere.test"},
        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
        {"AWS_USE_FIPS_ENDPOINT": "true"},
    ],
)
def test_every_function_is_told_one_address_for_all_of_aws(variables: dict[str, str]) -> None:
    kept = {name: text for name, text in variables.items() if not name.startswith("AWS_")}
    assert environment(**variables) == kept | {"AWS_ENDPOINT_URL": ADDRESSES.services}


def test_who_asks_an_issuer_is_told_where_it_is_and_keeps_its_name() -> None:
    provider = IdentityProviderConfig("Partner", PARTNER, "id", "secret", (), {})
    source = "$request.header.Authorization"
    routes = [
        route(f"GET /{n}", JwtAuthorizerConfig(f"a{n}", "jwt", source, issuer, ("api",)))
        for n, issuer in enumerate((POOL.issuer, MACHINES.endpoint, PARTNER, "https://else.test"))
    ]
    app = replace(
        app_of(),
        api=http_api(*routes),
        pools=(replace(POOL, identity_providers=(provider,)),),
    )
    here = localised(app, ADDRESSES)
    asked = [each.authorizer for each in here.api.routes]
    assert [each.issuer_url for each in asked if isinstance(each, JwtAuthorizerConfig)] == [
        POOL_HERE,
        ADDRESSES.issuer,
        ADDRESSES.played[PARTNER],
        None,
    ]
    assert here.pools[0].identity_providers[0].issuer_url == ADDRESSES.played[PARTNER]


def test_an_app_is_localised_to_the_same_each_time_and_is_not_changed_itself() -> None:
    integration = HttpIntegrationConfig("i", f"{PARTNER}/{{item}}", "ANY", 1.0)
    app = replace(
        app_of(function_config("f", {"ISSUERS": json.dumps([{"issuer": POOL.issuer}])})),
        api=http_api(replace(route("GET /x"), integration=integration)),
    )
    before = deepcopy(app)
    assert localised_app(app, ADDRESSES) == localised_app(app, ADDRESSES)
    assert app == before
