"""What of a template's addresses is changed for this machine, and what must stay."""

import json
from dataclasses import replace
from typing import Any

from local.stack.local_addresses import LocalAddresses, with_local_addresses, with_local_redirects
from tests.integration.cognito.conftest import CLI, pool_config
from tests.unit.local.gateway_values import function_config

API = "https://abcdef1234.execute-api.eu-west-1.amazonaws.com"
HERE = "http://127.0.0.1:3000"
POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab3dE6gH9"
POOL_HERE = "http://127.0.0.1:4000/eu-west-1_Ab3dE6gH9"
ADDRESSES = LocalAddresses({API: HERE}, {POOL: POOL_HERE})


def environment(**variables: str) -> dict[str, Any]:
    function = function_config("function", variables)
    return dict(with_local_addresses(function, ADDRESSES).environment)


def test_the_apis_own_address_is_here_wherever_it_stands() -> None:
    assert environment(PUBLIC_URL=API, COOKIE_ORIGINS=json.dumps([API])) == {
        "PUBLIC_URL": HERE,
        "COOKIE_ORIGINS": json.dumps([HERE]),
    }


def test_an_issuers_documents_are_here_and_its_name_stays() -> None:
    discovery = "/.well-known/openid-configuration"
    assert environment(ISSUER=POOL, DISCOVERY_URI=f"{POOL}{discovery}") == {
        "ISSUER": POOL,
        "DISCOVERY_URI": f"{POOL_HERE}{discovery}",
    }


def test_an_authorizer_is_told_where_each_known_issuers_keys_are() -> None:
    issuers = [{"issuer": POOL}, {"issuer": "https://elsewhere.test"}]
    assert json.loads(environment(ISSUERS=json.dumps(issuers))["ISSUERS"]) == [
        {"issuer": POOL, "jwks_uri": f"{POOL_HERE}/.well-known/jwks.json"},
        {"issuer": "https://elsewhere.test"},
    ]


def test_a_client_of_the_apis_own_page_is_sent_back_here_and_others_where_they_were() -> None:
    own = (f"{API}/app/callback", "https://app.test/callback")
    page = replace(CLI, callback_urls=own, logout_urls=own)
    [client] = with_local_redirects(pool_config("eu-west-1_Ab3dE6gH9", page), ADDRESSES).clients
    assert client.callback_urls == (f"{HERE}/app/callback", "https://app.test/callback")
    assert client.logout_urls == client.callback_urls
