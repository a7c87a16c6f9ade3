"""The app behind a gateway that asks no authorizer: no backend takes the request for a caller's."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from local.loopback.listener import listen_on_loopback
from local.template.local_app import HttpIntegrationConfig, LocalApp
from local.this_app.running_app import ServedApp, run_app

from .conftest import Answer, Api, send
from .part import with_routes_only

FORGED = {
    "x-user-sub": "sub=somebody-else",
    "x-user-issuer": "issuer=https://issuer.example",
    "X-User-Sub": "sub=somebody-else",
    "x-amzn-oidc-identity": "somebody-else",
}


def without_authorizers(app: LocalApp) -> LocalApp:
    routes = tuple(replace(route, authorizer=None, scopes=()) for route in app.api.routes)
    # A process keeps the pools of one region in one place: that of the other stack must stay.
    pools = tuple(replace(pool, region="ap-southeast-2") for pool in app.pools)
    return replace(app, api=replace(app.api, routes=routes), pools=pools)


@pytest.fixture(scope="module")
def unguarded(api: Api) -> Iterator[ServedApp]:
    app = with_routes_only(without_authorizers(api.stack.app), *guarded_keys(api))
    listener = listen_on_loopback(0)
    ignored = (lambda *_: None,) * 3
    with run_app(app, listener, *ignored) as stack:
        yield stack


def guarded_keys(api: Api) -> list[str]:
    return [route.key for route in api.stack.app.api.routes if route.authorizer is not None]


def call(stack: ServedApp, key: str, **headers: str) -> Answer:
    method, path = key.replace("{tenant}", "acme").replace("{", "").replace("}", "").split(" ")
    return send(urlsplit(stack.api_url).netloc, method, path, None, {**FORGED, **headers})


def test_no_backend_answers_a_request_that_no_authorizer_has_passed(
    api: Api, unguarded: ServedApp
) -> None:
    answers = {key: call(unguarded, key).status for key in guarded_keys(api)}
    assert len(answers) >= 9
    assert answers == dict.fromkeys(answers, 403)


def test_nor_one_with_a_good_token_that_nobody_has_looked_at(
    api: Api, unguarded: ServedApp
) -> None:
    token = f"Bearer {api.callers['admin'].token}"
    answers = {key: call(unguarded, key, authorization=token).status for key in guarded_keys(api)}
    assert answers == dict.fromkeys(answers, 403)


def test_a_server_is_never_told_what_the_client_says_of_itself(
    api: Api, unguarded: ServedApp
) -> None:
    servers = [
        route.key
        for route in api.stack.app.api.routes
        if isinstance(route.integration, HttpIntegrationConfig)
    ]
    assert servers
    for key in servers:
        assert call(unguarded, key).json["caller"] == {}
