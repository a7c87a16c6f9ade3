"""KMS and DynamoDB on loopback, for functions that use them. moto plays both.

The rule: loopback only, empty at every start, and no other service behind the same door.
"""

from collections.abc import Iterable
from threading import Thread
from typing import TYPE_CHECKING

from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.kms.models import KmsBackend, kms_backends
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

from local.template.local_app import TableConfig

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_POLL_SECONDS = 0.05
_SERVICE_BY_TARGET = {"TrentService": "kms", "DynamoDB_20120810": "dynamodb"}
"""What a call's X-Amz-Target begins with: KMS has had another name inside AWS."""


class AwsServices:
    """Serves tables and keys from the moment it is made; `stop` must be called in the end.

    Args:
        tables: At least one, all in one region and account.
    """

    def __init__(self, tables: Iterable[TableConfig]) -> None:
        configs = tuple(tables)
        self._region, self._account_id = configs[0].region, configs[0].account_id
        self._tables = DynamoDBBackend(self._region, self._account_id)
        dynamodb_backends[self._account_id][self._region] = self._tables
        kms_backends[self._account_id][self._region] = KmsBackend(self._region, self._account_id)
        for config in configs:
            self._create(config)
        self._apps = {"kms": create_backend_app("kms"), "dynamodb": create_backend_app("dynamodb")}
        self._server = make_server(
            "127.0.0.1", 0, self._serve, threaded=True, request_handler=_QuietHandler
        )
        self._thread = Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self._thread.start()

    @property
    def environment(self) -> dict[str, str]:
        """What tells AWS's SDK where both services are ("Service-specific endpoints")."""
        url = f"http://127.0.0.1:{self._server.server_port}"
        return {"AWS_ENDPOINT_URL_DYNAMODB": url, "AWS_ENDPOINT_URL_KMS": url}

    def stop(self) -> None:
        """Stop serving; tables and keys are gone."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _create(self, table: TableConfig) -> None:
        self._tables.create_table(
            table.name,
            schema=[{"AttributeName": table.key, "KeyType": "HASH"}],
            throughput=None,
            attr=[{"AttributeName": table.key, "AttributeType": "S"}],
            global_indexes=[],
            indexes=[],
            streams=None,
            billing_mode="PAY_PER_REQUEST",
            sse_specification=None,
            tags=[],
            deletion_protection_enabled=False,
            warm_throughput=None,
        )

    def _serve(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        target = str(environ.get("HTTP_X_AMZ_TARGET", "")).partition(".")[0]
        service = _SERVICE_BY_TARGET.get(target)
        if service is None:
            return Response("only KMS and DynamoDB are here", 404)(environ, start)
        # moto reads the region from the host name when a call is not signed.
        environ["HTTP_HOST"] = f"{service}.{self._region}.amazonaws.com"
        return self._apps[service](environ, start)


class _QuietHandler(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing: functions' calls are not what the console is about."""
