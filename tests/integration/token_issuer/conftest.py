from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

from tests.integration.token_issuer.issuer import Issuer, new_issuer
from token_issuer.handler import CALLS
from token_issuer.rate import Rate

MakeClient = Callable[..., Any]

UNHURRIED = Config(read_timeout=60, retries={"mode": "standard", "total_max_attempts": 1})
"""For moto, which a busy machine makes slow: a call that is repeated has been done twice."""


@pytest.fixture(scope="session")
def aws_url() -> Iterator[str]:
    """moto's server on loopback: KMS and DynamoDB."""
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
            region_name="eu-west-1",
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
def kms(make_client: MakeClient, aws_url: str) -> Any:
    return make_client("kms", aws_url, UNHURRIED)


@pytest.fixture(scope="session")
def dynamodb(make_client: MakeClient, aws_url: str) -> Any:
    return make_client("dynamodb", aws_url, UNHURRIED)


@pytest.fixture(scope="session")
def issuer(kms: Any, dynamodb: Any) -> Issuer:
    """For tests that change neither its keys nor its clock, and ask it often."""
    plenty = Rate(per_second=1000, burst=10_000)
    made = new_issuer(kms, dynamodb, source_rate=plenty, client_rate=plenty)
    made.rotation.run()
    return made
