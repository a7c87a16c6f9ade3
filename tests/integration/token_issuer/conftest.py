import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

import key_rotation.handler
from tests.integration.token_issuer.issuer import (
    ISSUER_ROLE,
    ROTATION_ROLE,
    STAGE,
    Issuer,
    make_table,
    new_issuer,
)
from tests.integration.token_issuer.lent_keys import LentKeys
from tests.moto_services import client_in_process
from token_issuer.handler import CALLS
from token_issuer.rate import Rate

MakeClient = Callable[..., Any]
RotationHandler = Callable[[dict[str, Any]], Any]

REGION = "eu-west-1"


@pytest.fixture(scope="session")
def aws_url() -> Iterator[str]:
    """The same KMS and DynamoDB on loopback, for commands and handlers that make their clients."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def make_client() -> Iterator[MakeClient]:
    made: list[Any] = []

    def make(service: str, url: str, config: Config = CALLS) -> Any:
        client = boto3.client(  # type: ignore[call-overload]  # the service is a variable
            service,
            endpoint_url=url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=config,
        )
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture(scope="session")
def moto_kms() -> Iterator[Any]:
    client = client_in_process("kms", REGION, CALLS)
    yield client
    client.close()


@pytest.fixture(scope="session")
def lent_keys(moto_kms: Any) -> LentKeys:
    return LentKeys(moto_kms)


@pytest.fixture
def kms(lent_keys: LentKeys) -> Iterator[LentKeys]:
    yield lent_keys
    lent_keys.take_back()


@pytest.fixture(scope="session")
def dynamodb() -> Iterator[Any]:
    client = client_in_process("dynamodb", REGION, CALLS)
    yield client
    client.close()


@pytest.fixture(scope="session")
def issuer(moto_kms: Any, dynamodb: Any) -> Issuer:
    """For tests that change neither its keys nor its clock, and ask it often."""
    plenty = Rate(per_second=1000, burst=10_000)
    made = new_issuer(moto_kms, dynamodb, source_rate=plenty, client_rate=plenty)
    made.rotation.run()
    return made


@pytest.fixture
def table(dynamodb: Any) -> str:
    return make_table(dynamodb, "ring", "id")


@pytest.fixture
def handler(table: str, aws_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[RotationHandler]:
    """Lambda's entry of the rotation, whose settings are read anew for each test."""
    environment = {
        "KEY_RING_TABLE": table,
        "KEY_OWNER": uuid.uuid4().hex,
        "ROTATION_PERIOD_DAYS": "30",
        "TOKEN_SECONDS": "900",
        "ISSUER_FUNCTION": "issuer",
        "ISSUER_ROLE": ISSUER_ROLE,
        "ROTATION_ROLE": ROTATION_ROLE,
        "STAGE": STAGE,
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    caches = (key_rotation.handler._settings, key_rotation.handler._rotation)
    for cached in caches:
        cached.cache_clear()
    yield lambda event: key_rotation.handler.handler(event, None)
    for cached in caches:
        cached.cache_clear()
