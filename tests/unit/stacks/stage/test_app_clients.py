"""What a stage says of the table's app clients, and where the two do not fit."""

from dataclasses import replace
from typing import Any

import pytest

from aws_jwt_authorizer.access.rules import (
    ALL_SCOPES,
    AccessTable,
    MachineClient,
    NativeClient,
    WebClient,
)
from stacks.stage.app_clients import stage_clients
from stacks.stage.config import StageConfig, stage_config
from stacks.stage.config_fields import ConfigInvalid
from stacks.stage.stage_table import left_out, table_of_stage
from tests.sample.access import ACCESS
from tests.sample.paths import STAGES

TABLE = replace(
    ACCESS,
    clients=(
        WebClient("web", ALL_SCOPES),
        NativeClient("mobile", ALL_SCOPES, scheme="com.example.shop"),
        NativeClient("cli", ()),
        MachineClient("billing", ("orders/read",)),
    ),
)
WEB = {"callback_urls": ["https://shop.example/callback"], "logout_urls": ["https://shop.example/"]}


def stage(clients: dict[str, Any], **fields: Any) -> StageConfig:
    return stage_config("dev", {"dev": {**STAGES["dev"], "clients": clients, **fields}})


def refusal(clients: dict[str, Any], table: AccessTable = TABLE, **fields: Any) -> str:
    with pytest.raises(ConfigInvalid) as caught:
        table_of_stage(table, stage(clients, **fields))
    text = str(caught.value)
    assert text.startswith("context.stages.dev.")
    assert "\n" not in text
    return text.removeprefix("context.stages.dev.")


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example.com/callback",
        "https://shop.example.com:8443/a?b=c",
        "http://localhost:5173/callback",
        "http://127.0.0.1/",
        "http://[::1]:3000/",
        "com.example.shop:/callback",
        "com.example.shop://callback?from=app",
    ],
)
def test_people_may_be_sent_back_to_https_to_their_own_machine_or_to_an_app(url: str) -> None:
    config = stage({"mobile": {"callback_urls": [url], "logout_urls": [url]}})
    assert config.clients["mobile"].callback_urls == (url,)
    [mobile, _] = stage_clients(TABLE, config)
    assert mobile.addresses.logout_urls == (url,)


@pytest.mark.parametrize(
    "url",
    [
        "http://app.example.com/callback",
        "http://localhost.example.com/",
        "https://",
        "https://user@app.example.com/",
        "https://app.example.com/#top",
        "https://app.example.com/ ",
        "https://app.example.com:port/",
        "https://[::1/",
        "app://callback",
        "javascript:/x",
        "file:///etc/passwd",
        "com.example.shop:callback",
        "Com.Example.shop:/callback",
        "com.example.shop:/callback#top",
        "com.example.shop:/a b",
        "",
    ],
)
def test_people_are_sent_nowhere_else(url: str) -> None:
    for field in ("callback_urls", "logout_urls"):
        with pytest.raises(ConfigInvalid, match=rf"stages\.dev\.clients\.mobile\.{field} is "):
            stage({"mobile": {field: [url]}})


def test_a_client_takes_a_hundred_urls() -> None:
    many = [f"https://shop.example/{number}" for number in range(101)]
    assert stage({"web": {"callback_urls": many[:100]}}).clients["web"].callback_urls
    with pytest.raises(ConfigInvalid, match="a list of 1 to 100 https URLs"):
        stage({"web": {"callback_urls": many}})
    with pytest.raises(ConfigInvalid, match="a list of 1 to 100 https URLs"):
        stage({"web": {"callback_urls": []}})


@pytest.mark.parametrize(
    ("clients", "text"),
    [
        ({"shop": WEB}, "clients.shop: stacks/access.py declares no such name, use one of billing"),
        ({"web": {"urls": []}}, "clients.web.urls is unknown"),
        ({"web": {}}, "clients.web.callback_urls is missing, so nobody can sign in"),
        ({"mobile": {}}, "name one URL, or set password_sign_in to true"),
        ({"billing": WEB}, "clients.billing: remove it, a MachineClient is sent nowhere"),
        ({"web": {**WEB, "password_sign_in": True}}, "clients.web.password_sign_in is true, and"),
        (
            {"cli": {"password_sign_in": True, "logout_urls": ["https://shop.example/"]}},
            "clients.cli.logout_urls: remove them",
        ),
        (
            {"web": {"callback_urls": ["com.example.shop:/callback"]}},
            "clients.web.callback_urls has 'com.example.shop:/callback': a WebClient is sent back",
        ),
        (
            {"mobile": {"callback_urls": ["com.example.other:/callback"]}},
            "the client's scheme in stacks/access.py is 'com.example.shop'",
        ),
        (
            {"cli": {"callback_urls": ["com.example.cli:/callback"]}},
            "give the client scheme='com.example.cli' in stacks/access.py, or remove the URL",
        ),
        (
            {"mobile": {**WEB, "logout_urls": ["com.example.other:/out"]}},
            "clients.mobile.logout_urls has 'com.example.other:/out': the client's scheme",
        ),
    ],
)
def test_what_does_not_fit_the_client_is_refused(clients: dict[str, Any], text: str) -> None:
    assert text in refusal(clients)


def test_a_client_for_people_that_a_stage_does_not_name_is_left_out_and_a_machine_never() -> None:
    config = stage({"web": WEB})
    assert [client.name for client in table_of_stage(TABLE, config).clients] == ["web", "billing"]
    said = [line for line in left_out(TABLE, config) if line.startswith("client")]
    assert said == [
        "client 'mobile' is left out: context.stages.dev lacks clients.mobile",
        "client 'cli' is left out: context.stages.dev lacks clients.cli",
    ]


def test_a_client_lives_as_the_stage_says_or_shorter() -> None:
    short = replace(
        TABLE,
        clients=(WebClient("web", (), token_minutes=5, refresh_days=2), MachineClient("m", ("*",))),
    )
    config = stage({"web": WEB}, refresh_token_days=7)
    web, machine = stage_clients(short, config)
    assert (web.token_minutes, web.refresh_days) == (5, 2)
    assert machine.token_minutes == 15


@pytest.mark.parametrize(
    ("client", "text"),
    [
        (
            WebClient("web", (), token_minutes=20),
            "token_validity_minutes is 15, the longest of this stage, and client 'web' of stacks/",
        ),
        (
            WebClient("web", (), refresh_days=2),
            "refresh_token_days is 1, the longest of this stage, and client 'web' of stacks/",
        ),
        (
            MachineClient("web", ("*",), token_minutes=16),
            "token_validity_minutes is 15, the longest of this stage, and client 'web'",
        ),
    ],
)
def test_no_client_lives_longer_than_the_stage_says(
    client: WebClient | MachineClient, text: str
) -> None:
    clients = {} if isinstance(client, MachineClient) else {"web": WEB}
    assert refusal(clients, replace(TABLE, clients=(client,))).startswith(text)


def test_the_gateway_keeps_no_answer_longer_than_a_short_token_lives() -> None:
    table = replace(TABLE, clients=(MachineClient("m", ("*",), token_minutes=5),))
    assert refusal({}, table, authorizer_cache_ttl_seconds=301).endswith(
        "the gateway would keep answers for longer than the tokens live, so set it to at most 300"
    )
    table_of_stage(table, stage({}, authorizer_cache_ttl_seconds=300))
