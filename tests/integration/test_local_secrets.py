"""Secrets Manager on loopback: the template's secrets, drawn anew, for the functions that use them."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.loopback.listener import listen_on_loopback
from local.loopback.wsgi_server import WsgiServer
from local.stack.aws_services import AwsServices
from local.stack.localised import Addresses, localised
from local.stack.own_issuer import functions_of_issuer
from local.template.local_app import (
    ApiConfig,
    FunctionConfig,
    LocalApp,
    SecretConfig,
    TableConfig,
    TableKey,
)
from tests.unit.local.gateway_values import function_config

REGION, ACCOUNT = "eu-north-1", "123456789012"
ENDPOINT = "AWS_ENDPOINT_URL"
SECRET = SecretConfig(
    "Api-Secret",
    f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:Api-Secret-abc123",
    64,
    REGION,
    ACCOUNT,
)
TABLE = TableConfig("Api-Table", TableKey("id"), {"id": "S"}, REGION, ACCOUNT)

Client = Callable[[str, Addresses], Any]


def app_of(*functions: FunctionConfig, **parts: Any) -> LocalApp:
    api = ApiConfig("api", "Api", REGION, ACCOUNT, None, (), ())
    return LocalApp(api, functions, (), **parts)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """An SDK's client that finds its service as a function's does, by the environment alone."""
    made: list[Any] = []
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")

    def make(service: str, services: Addresses) -> Any:
        for name, value in services.service_endpoints.items():
            monkeypatch.setenv(name, value)
        made.append(boto3.session.Session().client(service, region_name=REGION))  # type: ignore[call-overload]  # the service is a variable
        return made[-1]

    yield make
    for item in made:
        item.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Addresses]]:
    running: list[WsgiServer] = []

    def started(*parts: Any) -> Addresses:
        running.append(WsgiServer(AwsServices(*parts), listen_on_loopback()))
        return Addresses(api="", cognito="", services=running[-1].url)

    yield started
    for server in running:
        server.stop()


def test_a_secret_is_read_by_the_arn_that_the_template_tells(client: Client, start: Any) -> None:
    asked = client("secretsmanager", start([], [SECRET]))
    for secret_id in (SECRET.arn, SECRET.name):
        answer = asked.get_secret_value(SecretId=secret_id)
        assert answer["ARN"] == SECRET.arn
        assert len(answer["SecretString"]) == 64


def test_a_secret_has_no_version_before_until_it_is_rotated(client: Client, start: Any) -> None:
    asked = client("secretsmanager", start([], [SECRET]))
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        asked.get_secret_value(SecretId=SECRET.arn, VersionStage="AWSPREVIOUS")
    first = asked.get_secret_value(SecretId=SECRET.arn)["SecretString"]
    asked.put_secret_value(SecretId=SECRET.arn, SecretString="another")
    previous = asked.get_secret_value(SecretId=SECRET.arn, VersionStage="AWSPREVIOUS")
    assert previous["SecretString"] == first


def test_a_secret_is_drawn_anew_at_each_start(client: Client, start: Any) -> None:
    drawn = [
        client("secretsmanager", start([], [SECRET])).get_secret_value(SecretId=SECRET.arn)
        for _ in range(2)
    ]
    assert drawn[0]["SecretString"] != drawn[1]["SecretString"]


def test_tables_and_secrets_stand_behind_one_door(client: Client, start: Any) -> None:
    services = start([TABLE], [SECRET])
    assert client("dynamodb", services).list_tables()["TableNames"] == ["Api-Table"]
    assert client("secretsmanager", services).list_secrets()["SecretList"]
    assert len(set(services.service_endpoints.values())) == 1


def told(function: FunctionConfig) -> FunctionConfig:
    """The function as it runs beside services on this machine."""
    addresses = Addresses(api="", cognito="", services="http://127.0.0.1:9")
    return localised(app_of(function, secrets=(SECRET,)), addresses).functions[0]


def test_a_function_is_told_where_aws_is_beside_what_else_it_is_told() -> None:
    placed = told(function_config("session", {"COOKIE_SECRET_ID": SECRET.arn, "OTHER": "kept"}))
    assert placed.environment[ENDPOINT] == "http://127.0.0.1:9"
    assert placed.environment["OTHER"] == "kept"


def test_a_function_that_only_names_a_secret_does_not_start_with_the_issuer() -> None:
    """It may need what is served later; its code, which is not there, would fail here."""
    app = app_of(function_config("session", {"COOKIE_SECRET_ID": SECRET.arn}), secrets=(SECRET,))
    assert functions_of_issuer(app) == []
