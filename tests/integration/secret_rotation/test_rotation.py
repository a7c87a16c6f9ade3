"""The four steps of Secrets Manager, over moto's Secrets Manager and the local Cognito."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from jwt_verifier.errors import SettingsInvalid
from secret_rotation.errors import ClientInvalid, RequestInvalid
from secret_rotation.rotate import STEPS, Rotation, Step
from secret_rotation.settings import PoolClient, Settings
from tests.integration.cognito.conftest import Cognito, client_config, pool_config, serve
from tests.moto_services import client_in_process

REGION = "us-west-2"
CLIENT = client_config("backend", has_secret=True)
PUBLIC = client_config("page")


@pytest.fixture(scope="module")
def pool() -> Iterator[Cognito]:
    yield from serve(pool_config(f"{REGION}_rotation1", CLIENT, PUBLIC))


def client_of(service: str, url: str) -> Any:
    return boto3.client(  # type: ignore[call-overload]  # the service is a variable
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@pytest.fixture(scope="module")
def secretsmanager() -> Iterator[Any]:
    client = client_in_process("secretsmanager", REGION, Config())
    yield client
    client.close()


@pytest.fixture(scope="module")
def cognito(pool: Cognito) -> Iterator[Any]:
    client = client_of("cognito-idp", pool.server.url)
    yield client
    client.close()


@pytest.fixture
def arns(secretsmanager: Any) -> tuple[str, str]:
    """The cookies' secret and the client's, as CloudFormation makes them."""
    cookies, client = (
        str(secretsmanager.create_secret(Name=uuid.uuid4().hex, SecretString="x" * 64)["ARN"])
        for _ in range(2)
    )
    return cookies, client


@pytest.fixture
def rotation(secretsmanager: Any, cognito: Any, arns: tuple[str, str], pool: Cognito) -> Rotation:
    settings = Settings(arns[0], PoolClient(arns[1], pool.pool.id, "backend"))
    return Rotation(settings, secretsmanager=secretsmanager, cognito=cognito)


def rotate(rotation: Rotation, arn: str, *, times: int = 1) -> None:
    version = str(uuid.uuid4())
    for step in STEPS:
        for _ in range(times):
            rotation.run(Step(step, arn, version))


def value(secretsmanager: Any, arn: str, stage: str) -> str:
    answer = secretsmanager.get_secret_value(SecretId=arn, VersionStage=stage)
    return str(answer["SecretString"])


@pytest.mark.parametrize("times", [1, 2], ids=["once", "each step twice"])
def test_a_new_cookie_key_stands_beside_the_one_before(
    rotation: Rotation, secretsmanager: Any, arns: tuple[str, str], times: int
) -> None:
    cookies, _ = arns
    seen = ["x" * 64]
    for _ in range(3):
        rotate(rotation, cookies, times=times)
        seen.append(value(secretsmanager, cookies, "AWSCURRENT"))
        assert value(secretsmanager, cookies, "AWSPREVIOUS") == seen[-2]
    assert len(set(seen)) == 4
    assert min(map(len, seen)) >= 64


def test_the_clients_secret_is_fetched_from_cognito(
    rotation: Rotation, secretsmanager: Any, arns: tuple[str, str], pool: Cognito
) -> None:
    _, client = arns
    rotate(rotation, client)
    assert json.loads(value(secretsmanager, client, "AWSCURRENT")) == {
        "client_id": "backend",
        "client_secret": pool.pool.clients["backend"].secret,
    }


def test_a_client_without_a_secret_stops_the_rotation_and_says_so(
    secretsmanager: Any, cognito: Any, arns: tuple[str, str], pool: Cognito
) -> None:
    settings = Settings(arns[0], PoolClient(arns[1], pool.pool.id, "page"))
    rotation = Rotation(settings, secretsmanager=secretsmanager, cognito=cognito)
    with pytest.raises(ClientInvalid, match="page has no secret"):
        rotate(rotation, arns[1])
    assert value(secretsmanager, arns[1], "AWSCURRENT") == "x" * 64


def test_no_other_secret_is_touched(rotation: Rotation, secretsmanager: Any) -> None:
    other = secretsmanager.create_secret(Name=uuid.uuid4().hex, SecretString="theirs")["ARN"]
    with pytest.raises(RequestInvalid, match="it is not rotated here"):
        rotate(rotation, other)
    assert value(secretsmanager, other, "AWSCURRENT") == "theirs"


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"Step": "deleteSecret", "SecretId": "a", "ClientRequestToken": "b"},
        {"Step": "createSecret", "SecretId": "a"},
    ],
)
def test_what_is_no_step_is_refused(event: dict[str, str]) -> None:
    with pytest.raises(RequestInvalid, match="only Secrets Manager may call"):
        Step.from_event(event)


VARIABLES = {
    "COOKIE_SECRET_ID": "arn:cookies",
    "CLIENT_SECRET_ID": "arn:client",
    "USER_POOL_ID": "pool",
    "CLIENT_ID": "backend",
}


def test_the_rotation_reads_its_settings() -> None:
    assert Settings.from_env(VARIABLES) == Settings(
        "arn:cookies", PoolClient("arn:client", "pool", "backend")
    )
    assert Settings.from_env({"COOKIE_SECRET_ID": "arn:cookies"}) == Settings("arn:cookies", None)


@pytest.mark.parametrize("name", ["COOKIE_SECRET_ID", "USER_POOL_ID", "CLIENT_ID"])
def test_a_missing_variable_is_named(name: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"^{name}: missing"):
        Settings.from_env({**VARIABLES, name: ""})
