"""A pool that asks for a second factor: no password signs in but through the local-only door."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from .conftest import CLIENTS, Cognito, pool_config, serve
from .http_client import Answer, Browser, ask, authorize, claims
from .test_pools import sign_in

DOOR = "/local-only/sign-in-without-mfa"
ASKS_FOR_A_PASSWORD = pool_config("eu-central-1_required1", *CLIENTS)
ASKS_FOR_MORE = replace(
    ASKS_FOR_A_PASSWORD, settings={**ASKS_FOR_A_PASSWORD.settings, "MfaConfiguration": "ON"}
)


@pytest.fixture
def strict() -> Iterator[Cognito]:
    yield from serve(ASKS_FOR_MORE)


@pytest.fixture
def usual() -> Iterator[Cognito]:
    yield from serve(ASKS_FOR_A_PASSWORD)


def door(cognito: Cognito, **changes: str) -> Answer:
    user = cognito.users["admin"]
    form = {"client_id": "web", "username": user.username, "password": user.password}
    return ask(cognito, "POST", DOOR, {**form, "scope": "openid email", **changes})


def test_a_right_password_is_refused_by_name_and_a_wrong_one_as_ever(strict: Cognito) -> None:
    user = strict.users["admin"]
    with pytest.raises(ClientError, match=f"MfaConfiguration is ON .*{DOOR}"):
        sign_in(strict, "cli", user.username, user.password)
    with pytest.raises(ClientError, match="Incorrect username or password"):
        sign_in(strict, "cli", user.username, "wrong")


def test_the_page_signs_nobody_in_and_says_why(strict: Cognito) -> None:
    page = Browser(strict).sign_in(authorize())
    assert page.status == 401
    assert "MfaConfiguration is ON" in page.body
    assert "location" not in page.headers


def test_the_local_only_door_gives_the_tokens_of_the_page_or_of_the_api(strict: Cognito) -> None:
    by_page = door(strict)
    assert by_page.status == 200
    assert claims(by_page.json["access_token"])["scope"] == "openid email"
    assert claims(by_page.json["id_token"])["email"] == strict.users["admin"].username
    by_api = door(strict, client_id="cli", scope="")
    assert claims(by_api.json["access_token"])["scope"] == "aws.cognito.signin.user.admin"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"password": "wrong"}, "invalid_grant"),
        ({"username": "nobody@example.com"}, "invalid_grant"),
        ({"client_id": "nothing"}, "invalid_client"),
        ({"scope": "openid of-somebody-else"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
    ],
)
def test_the_door_checks_what_a_sign_in_checks(
    strict: Cognito, changes: dict[str, str], error: str
) -> None:
    refused = door(strict, **changes)
    assert (refused.status, refused.json["error"]) == (400, error)


def test_where_a_password_is_enough_there_is_no_door(usual: Cognito) -> None:
    refused = door(usual)
    assert (refused.status, refused.json["error"]) == (400, "invalid_request")
    user = usual.users["admin"]
    assert sign_in(usual, "cli", user.username, user.password)


def test_a_machine_needs_no_second_factor(strict: Cognito) -> None:
    form = {"client_id": "machine", "client_secret": strict.machine_secret}
    answer = ask(strict, "POST", "/oauth2/token", {**form, "grant_type": "client_credentials"})
    assert answer.status == 200
