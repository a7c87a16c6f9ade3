"""What functions ask of AWS, behind one address: played, or a 501 that names it.

moto plays DynamoDB, KMS and Secrets Manager, as far as a template declares something of them; they
are empty at every start. Whoever serves the pools answers for Cognito, and whoever serves the API
for API Gateway's own calls. Nothing else is here, and no call goes on to AWS.
"""

import secrets
import string
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.kms.models import KmsBackend, kms_backends
from moto.moto_server.werkzeug_app import create_backend_app
from moto.secretsmanager.models import SecretsManagerBackend, secretsmanager_backends
from werkzeug.wrappers import Request

from local.stack.aws_call import AwsCall, call_of, refusal
from local.stack.gateway_api import GatewayApi
from local.template.local_app import SecretConfig, TableConfig, TableKey

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

COGNITO: Final = "cognito-idp"
DYNAMODB: Final = "dynamodb"
KMS: Final = "kms"
SECRETS_MANAGER: Final = "secretsmanager"

_PLAYED: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        DYNAMODB: frozenset(
            {
                *("BatchGetItem", "BatchWriteItem", "DeleteItem", "DescribeTable", "GetItem"),
                *("ListTables", "PutItem", "Query", "Scan", "TransactGetItems"),
                *("TransactWriteItems", "UpdateItem"),
            }
        ),
        KMS: frozenset(
            {
                *("CreateKey", "DescribeKey", "GetPublicKey", "ListKeys", "ListResourceTags"),
                *("ScheduleKeyDeletion", "Sign"),
            }
        ),
        SECRETS_MANAGER: frozenset(
            {
                *("BatchGetSecretValue", "DescribeSecret", "GetRandomPassword", "GetSecretValue"),
                *("ListSecretVersionIds", "ListSecrets", "PutSecretValue"),
                "UpdateSecretVersionStage",
            }
        ),
    }
)
"""What is asked of what a template declares; the rest makes, changes and deletes that."""

OnRefusal = Callable[[AwsCall], None]
"""Called with each call that is answered 501, from any thread."""

_ALPHABET = string.ascii_letters + string.digits + string.punctuation


class AwsServices:
    """Answers for tables, keys, secrets and pools; an application of WSGI.

    Args:
        tables: All in one region and account, with the secrets; none for no DynamoDB.
        secrets_of_app: Each gets a value of its own; none for no Secrets Manager.
        gateway: API Gateway's own API; None without.
        kms: Whether keys are played, where there are tables or secrets.
        cognito: Answers for the pools.
        on_refusal: Called with each call of what is not here.
    """

    def __init__(
        self,
        tables: Iterable[TableConfig] = (),
        secrets_of_app: Iterable[SecretConfig] = (),
        gateway: GatewayApi | None = None,
        *,
        kms: bool = False,
        cognito: "WSGIApplication | None" = None,
        on_refusal: OnRefusal = lambda _call: None,
    ) -> None:
        self._on_refusal = on_refusal
        self._gateway = gateway
        self._apps: dict[str, WSGIApplication] = {COGNITO: cognito} if cognito else {}
        table_configs, secret_configs = tuple(tables), tuple(secrets_of_app)
        all_configs: tuple[TableConfig | SecretConfig, ...] = (*table_configs, *secret_configs)
        if all_configs:
            self._region, self._account_id = all_configs[0].region, all_configs[0].account_id
            if kms:
                self._play_keys()
        if table_configs:
            self._play_tables(table_configs)
        if secret_configs:
            self._play_secrets(secret_configs)

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a call of an SDK."""
        if self._gateway and self._gateway.takes(environ):
            return self._gateway(environ, start)
        request = Request(environ, populate_request=False)
        call = call_of(request)
        app = self._apps.get(call.service)
        is_played = call.service == COGNITO or call.operation in _PLAYED.get(call.service, ())
        if app is None or not is_played:
            self._on_refusal(call)
            request.get_data()  # a caller that is still sending would not read the answer
            return refusal(call, not_played(call))(environ, start)
        if call.service != COGNITO:
            # moto reads the region from the host name when a call is not signed.
            environ["HTTP_HOST"] = f"{call.service}.{self._region}.amazonaws.com"
        return app(environ, start)

    def _play_keys(self) -> None:
        kms_backends[self._account_id][self._region] = KmsBackend(self._region, self._account_id)
        self._apps[KMS] = create_backend_app(KMS)

    def _play_tables(self, tables: Iterable[TableConfig]) -> None:
        self._tables = DynamoDBBackend(self._region, self._account_id)
        dynamodb_backends[self._account_id][self._region] = self._tables
        for table in tables:
            self._create_table(table)
        self._apps[DYNAMODB] = create_backend_app(DYNAMODB)

    def _play_secrets(self, secret_configs: Iterable[SecretConfig]) -> None:
        self._secrets = SecretsManagerBackend(self._region, self._account_id)
        secretsmanager_backends[self._account_id][self._region] = self._secrets
        for secret in secret_configs:
            self._create_secret(secret)
        self._apps[SECRETS_MANAGER] = create_backend_app(SECRETS_MANAGER)

    def _create_table(self, table: TableConfig) -> None:
        self._tables.create_table(
            table.name,
            schema=_schema(table.key),
            throughput=None,
            attr=[
                {"AttributeName": name, "AttributeType": kind}
                for name, kind in table.attribute_types.items()
            ],
            global_indexes=_indexes(table, is_local=False),
            indexes=_indexes(table, is_local=True),
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


def _schema(key: TableKey) -> list[dict[str, str]]:
    names = zip((key.partition, key.sort), ("HASH", "RANGE"), strict=True)
    return [{"AttributeName": name, "KeyType": kind} for name, kind in names if name]


def _indexes(table: TableConfig, *, is_local: bool) -> list[dict[str, Any]]:
    return [
        {
            "IndexName": index.name,
            "KeySchema": _schema(index.key),
            "Projection": {"ProjectionType": index.projection}
            | ({"NonKeyAttributes": list(index.attributes)} if index.attributes else {}),
        }
        for index in table.indexes
        if index.is_local is is_local
    ]


def not_played(call: AwsCall) -> str:
    """Return what is said of a call that is answered 501."""
    asked = f"{call.service or 'AWS'} {call.operation}"
    return (
        f"501 {asked}: this machine plays what the template declares of DynamoDB, Secrets Manager, "
        "Cognito and the issuer's KMS, and nothing else of AWS; no call goes there"
    )
