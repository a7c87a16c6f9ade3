import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from function_kit.revocation.entry import Revocation, new_item
from function_kit.revocation.table_keys import ENTRY, LIST
from local.loopback.listener import listen_on_loopback
from local.loopback.wsgi_server import WsgiServer
from local.stack.aws_services import AwsServices
from local.template.local_app import TableConfig, TableKey
from tests.issuer import Issuer, serve_issuer

REGION, ACCOUNT = "eu-north-1", "123456789012"
TABLE = "Revocations"
WRITTEN_TOGETHER = 25
"""BatchWriteItem takes no more."""


@dataclass
class Table:
    """The table of what was taken back, on loopback."""

    url: str
    dynamodb: Any

    def revoke(self, *revocations: Revocation) -> None:
        """Write them as they are written."""
        items = [new_item(each, now=time.time(), lifetime_seconds=900) for each in revocations]
        for start in range(0, len(items), WRITTEN_TOGETHER):
            puts = [{"PutRequest": {"Item": item}} for item in items[start:][:WRITTEN_TOGETHER]]
            self.dynamodb.batch_write_item(RequestItems={TABLE: puts})


@pytest.fixture
def table() -> Iterator[Table]:
    keys = TableKey(LIST, ENTRY)
    config = TableConfig(TABLE, keys, dict.fromkeys((LIST, ENTRY), "S"), REGION, ACCOUNT)
    server = WsgiServer(AwsServices([config]), listen_on_loopback())
    client = boto3.client(
        "dynamodb",
        endpoint_url=server.url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    yield Table(server.url, client)
    client.close()
    server.stop()


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    with serve_issuer() as served:
        yield served
