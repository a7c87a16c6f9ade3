"""DynamoDB, KMS and Secrets Manager, for functions that use them. moto plays all three.

Empty at every start; behind the same door is what there is of API Gateway's own API.
"""

import secrets
import string
from collections.abc import Iterable
from typing import TYPE_CHECKING

from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.kms.models import KmsBackend, kms_backends
from moto.moto_server.werkzeug_app import create_backend_app
from moto.secretsmanager.models import SecretsManagerBackend, secretsmanager_backends
from werkzeug.wrappers import Response

from local.stack.gateway_api import APIS, GatewayApi
from local.template.local_app import SecretConfig, TableConfig

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_SERVICE_BY_TARGET = {
    "DynamoDB_20120810": "dynamodb",
    "TrentService": "kms",
    "secretsmanager": "secretsmanager",
}
"""What a call's X-Amz-Target begins with: KMS has had another name inside AWS."""

_ALPHABET = string.ascii_letters + string.digits + string.punctuation


class AwsServices:
    """Answers for tables, keys and secrets; an application of WSGI.

    Args:
        tables: With the secrets at least one, all in one region and account.
        secrets_of_app: Each gets a value of its own.
        gateway: API Gateway's own API; None without.
    """

    def __init__(
        self,
        tables: Iterable[TableConfig],
        secrets_of_app: Iterable[SecretConfig] = (),
        gateway: GatewayApi | None = None,
    ) -> None:
        self._gateway = gateway
        table_configs, secret_configs = tuple(tables), tuple(secrets_of_app)
        all_configs: tuple[TableConfig | SecretConfig, ...] = (*table_configs, *secret_configs)
        first = all_configs[0]
        self._region, self._account_id = first.region, first.account_id
        self._tables = DynamoDBBackend(self._region, self._account_id)
        self._secrets = SecretsManagerBackend(self._region, self._account_id)
        dynamodb_backends[self._account_id][self._region] = self._tables
        kms_backends[self._account_id][self._region] = KmsBackend(self._region, self._account_id)
        secretsmanager_backends[self._account_id][self._region] = self._secrets
        for table in table_configs:
            self._create_table(table)
        for secret in secret_configs:
            self._create_secret(secret)
        self._apps = {
            "dynamodb": create_backend_app("dynamodb"),
            "kms": create_backend_app("kms"),
            "secretsmanager": create_backend_app("secretsmanager"),
        }

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a call of an SDK."""
        if self._gateway and str(environ["PATH_INFO"]).startswith(APIS):
            return self._gateway(environ, start)
        target = str(environ.get("HTTP_X_AMZ_TARGET", "")).partition(".")[0]
        service = _SERVICE_BY_TARGET.get(target)
        if service is None:
            text = "only DynamoDB, KMS and Secrets Manager are here"
            return Response(text, 404)(environ, start)
        # moto reads the region from the host name when a call is not signed.
        environ["HTTP_HOST"] = f"{service}.{self._region}.amazonaws.com"
        return self._apps[service](environ, start)

    def _create_table(self, table: TableConfig) -> None:
        keys = {table.key: "HASH"} | ({table.sort_key: "RANGE"} if table.sort_key else {})
        self._tables.create_table(
            table.name,
            schema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()],
            throughput=None,
            attr=[{"AttributeName": name, "AttributeType": "S"} for name in keys],
            global_indexes=[],
            indexes=[],
            streams=None,
            billing_mode="PAY_PER_REQUEST",
            sse_specification=None,
            tags=[],
            deletion_protection_enabled=False,
            warm_throughput=None,
        )

    def _create_secret(self, secret: SecretConfig) -> None:
        value = "".join(secrets.choice(_ALPHABET) for _ in range(secret.characters))
        self._secrets.create_secret(
            name=secret.name,
            secret_string=value,
            secret_binary=None,
            description=None,
            tags=None,
            kms_key_id=None,
            client_request_token=None,
            replica_regions=[],
            force_overwrite=False,
        )
        # The template has told functions the ARN already: moto would draw its last letters.
        self._secrets.secrets[secret.name].arn = secret.arn
