"""The tables that your functions declare, on loopback, as the local stack plays them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from aws_jwt_authorizer.needs.needs import Index, Table, attributes_of, key_of
from local.stack.aws_call import call_of
from local.stack.aws_services import AwsServices
from local.template.local_app import IndexConfig, TableConfig, TableKey

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

REGION, ACCOUNT = "eu-west-1", "123456789012"


class PlayedTables:
    """An application of WSGI that plays tables.

    Attributes:
        operations: What was asked of them.
    """

    def __init__(self, tables: Iterable[Table]) -> None:
        self.operations: set[str] = set()
        self._services = AwsServices([_config(table) for table in tables])

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        self.operations.add(call_of(Request(environ, populate_request=False)).operation)
        return self._services(environ, start)


def _config(table: Table) -> TableConfig:
    types = {name: kind[0].upper() for name, kind in attributes_of(table).items()}
    indexes = tuple(
        IndexConfig(index.name, _key(index), _projection(index), index.attributes or ())
        for index in table.indexes
    )
    return TableConfig(table.name, _key(table), types, REGION, ACCOUNT, indexes)


def _key(keyed: Table | Index) -> TableKey:
    sort = "" if keyed.sort_key is None else key_of(keyed.sort_key).name
    return TableKey(key_of(keyed.partition_key).name, sort)


def _projection(index: Index) -> str:
    if index.attributes is None:
        return "ALL"
    return "INCLUDE" if index.attributes else "KEYS_ONLY"
