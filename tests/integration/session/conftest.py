import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from function_kit.revocation.table_keys import ENTRY, LIST
from session.handler import CALLS
from tests.integration.cognito.conftest import Clock, Cognito, client_config, pool_config, serve
from tests.integration.session.faulty_issuer import FaultyIssuer, serve_faulty_issuer
from tests.integration.session.person import (
    APP_URL,
    CALLBACK_URL,
    CLIENT_ID,
    CLIENT_SECRET,
    SCOPES,
    Aws,
    Backend,
    Person,
    new_backend,
)
from tests.moto_services import client_in_process

MakeClient = Callable[..., Any]
"""A client at a URL, of Secrets Manager if nothing else is said."""

REGION = "us-west-2"
BROWSER = client_config(
    CLIENT_ID,
    has_secret=True,
    oauth_flows=frozenset({"code"}),
    oauth_scopes=tuple(SCOPES.split()),
    callback_urls=(CALLBACK_URL,),
    logout_urls=(APP_URL,),
    rotation_grace_seconds=10,
)


@pytest.fixture(scope="session")
def make_client() -> Iterator[MakeClient]:
    made: list[Any] = []

    def make(url: str, service: str = "secretsmanager") -> Any:
        client = boto3.client(  # type: ignore[call-overload]  # the service is a variable
            service,
            endpoint_url=url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=CALLS,
        )
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture(scope="session")
def dynamodb() -> Iterator[Any]:
    client = client_in_process("dynamodb", REGION, CALLS)
    yield client
    client.close()


@pytest.fixture(scope="session")
def table(dynamodb: Any) -> str:
    """The table of what was taken back."""
    name = f"ended-{uuid.uuid4().hex}"
    dynamodb.create_table(
        TableName=name,
        KeySchema=[
            {"AttributeName": LIST, "KeyType": "HASH"},
            {"AttributeName": ENTRY, "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": LIST, "AttributeType": "S"},
            {"AttributeName": ENTRY, "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


@pytest.fixture(scope="session")
def aws(secretsmanager: Any, dynamodb: Any, table: str) -> Aws:
    return Aws(secretsmanager, dynamodb, table)


@pytest.fixture(scope="session")
def secretsmanager() -> Iterator[Any]:
    client = client_in_process("secretsmanager", REGION, CALLS)
    yield client
    client.close()


@pytest.fixture
def secret_id(secretsmanager: Any) -> str:
    """A new secret's ARN."""
    made = secretsmanager.create_secret(Name=uuid.uuid4().hex, SecretString=uuid.uuid4().hex * 2)
    return str(made["ARN"])


def keep_client_secret(secretsmanager: Any, secret: str) -> str:
    """A secret as the rotation leaves it; its ARN."""
    text = json.dumps({"client_id": CLIENT_ID, "client_secret": secret})
    return str(secretsmanager.create_secret(Name=uuid.uuid4().hex, SecretString=text)["ARN"])


@pytest.fixture(scope="session")
def pool() -> Iterator[Cognito]:
    """A user pool with the page's client, and a clock that the backends share."""
    yield from serve(pool_config(f"{REGION}_session12", BROWSER), clock=Clock())


@pytest.fixture
def backend(pool: Cognito, aws: Aws, secret_id: str) -> Backend:
    secret = pool.pool.clients[CLIENT_ID].secret
    return new_backend(
        aws,
        secret_id,
        keep_client_secret(aws.secretsmanager, secret),
        pool.pool.issuer,
        f"{pool.server.url}/{pool.pool.id}",
        pool.clock,
    )


@pytest.fixture
def person(backend: Backend) -> Person:
    """A browser that has not been here before."""
    return Person(backend)


@pytest.fixture
def signed_in(person: Person, pool: Cognito) -> Person:
    """A browser in which the admin has signed in."""
    person.sign_in(pool)
    return person


@pytest.fixture
def faulty(aws: Aws, secret_id: str) -> Iterator[FaultyIssuer]:
    """An issuer that answers as a test wants it."""
    clock = Clock()
    with serve_faulty_issuer(clock) as issuer:
        issuer.backend = new_backend(
            aws,
            secret_id,
            keep_client_secret(aws.secretsmanager, CLIENT_SECRET),
            issuer.url,
            issuer.url,
            clock,
            timeout_seconds=0.5,
        )
        yield issuer
