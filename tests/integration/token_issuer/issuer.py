"""Both functions' real objects against moto's KMS and DynamoDB, with a clock that tests set."""

import base64
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote_plus, urlencode

import key_rotation.handler
import token_issuer.handler
from key_rotation.rotate import Rotation
from key_rotation.settings import Settings as RotationSettings
from tests.integration.token_issuer.strict_kms import KmsAccount, StrictKms
from token_issuer.client_admin import ClientAdmin
from token_issuer.key_ring import Patience
from token_issuer.rate import CLIENT_RATE, SOURCE_RATE, Rate
from token_issuer.settings import Settings

ISSUER_URL = "https://abc123.execute-api.eu-west-1.amazonaws.com"
AUDIENCE = "orders-api"
TOKEN_SECONDS = 900
DAY = 86_400
START = 1_800_000_000.0
SCOPES = ("orders/read", "orders/write")
FORM = "application/x-www-form-urlencoded"


OWNER = "issuer-stack"
STAGE = "prod"
ISSUER_ROLE = "arn:aws:iam::123456789012:role/issuer"
ROTATION_ROLE = "arn:aws:iam::123456789012:role/rotation"
PATIENT = Patience(with_keys=30, without_keys=30)
HURRIED = Patience(with_keys=0, without_keys=30)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]


def answered(response: Mapping[str, Any]) -> Answer:
    return Answer(response["statusCode"], response["headers"], json.loads(response["body"]))


def event(route_key: str, **more: Any) -> dict[str, Any]:
    source_ip = more.pop("source_ip", "203.0.113.7")
    return {
        "version": "2.0",
        "routeKey": route_key,
        "rawQueryString": "",
        "headers": {},
        "isBase64Encoded": False,
        "requestContext": {"requestId": "r-1", "http": {"sourceIp": source_ip}},
        **more,
    }


def token_event(form: Mapping[str, str] | str, **more: Any) -> dict[str, Any]:
    """A request to the token endpoint, its form in base64 as the gateway hands it over."""
    text = form if isinstance(form, str) else urlencode(form)
    headers = {"content-type": FORM, **more.pop("headers", {})}
    body = base64.b64encode(text.encode()).decode()
    return event("POST /oauth2/token", headers=headers, body=body, isBase64Encoded=True, **more)


def basic(client_id: str, secret: str) -> dict[str, str]:
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


@dataclass(frozen=True, slots=True)
class Tables:
    ring: str
    clients: str
    rates: str


def make_table(dynamodb: Any, name: str, key: str) -> str:
    table = f"{name}-{uuid.uuid4().hex}"
    dynamodb.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
    )
    return table


class Issuer:
    """One environment of an issuer, with a clock that stands still.

    It is patient with a table that a busy machine makes slow; tests of a hanging table have none.
    """

    def __init__(  # noqa: PLR0913  # what it is made of, most of it by keyword
        self,
        kms: Any,
        dynamodb: Any,
        tables: Tables,
        secret: str = "",
        *,
        issuer_url: str = ISSUER_URL,
        other_issuer_url: str | None = None,
        source_rate: Rate = SOURCE_RATE,
        client_rate: Rate = CLIENT_RATE,
        patience: Patience = PATIENT,
    ) -> None:
        self.kms, self.dynamodb, self.tables, self.secret = kms, dynamodb, tables, secret
        self.clock = Clock()
        self.pauses: list[float] = []
        self.answer = token_issuer.handler.build(
            Settings(
                issuer_url=issuer_url,
                audience=AUDIENCE,
                token_seconds=TOKEN_SECONDS,
                key_ring_table=tables.ring,
                clients_table=tables.clients,
                rate_limits_table=tables.rates,
                stage=STAGE,
                other_issuer_url=other_issuer_url,
            ),
            kms=kms,
            dynamodb=dynamodb,
            clock=self.clock,
            monotonic_clock=self.clock,
            source_rate=source_rate,
            client_rate=client_rate,
            patience=patience,
        )
        self.rotation = self.new_rotation()

    def beside(self, *, kms: Any = None, dynamodb: Any = None, **changes: Any) -> "Issuer":
        """Another environment of this issuer: the same keys and client, buckets of its own.

        Its clock starts anew; KMS's goes on as it was.
        """
        rates_table = make_table(self.dynamodb, "rates", "id")
        return Issuer(
            kms or self.kms,
            dynamodb or self.dynamodb,
            replace(self.tables, rates=rates_table),
            self.secret,
            **changes,
        )

    def new_rotation(self) -> Rotation:
        settings = RotationSettings(
            key_ring_table=self.tables.ring,
            key_owner=OWNER,
            period_seconds=30 * DAY,
            token_seconds=TOKEN_SECONDS,
            issuer_function="issuer",
            issuer_role=ISSUER_ROLE,
            rotation_role=ROTATION_ROLE,
            stage=STAGE,
        )
        return key_rotation.handler.build(
            settings,
            kms=self.kms,
            dynamodb=self.dynamodb,
            clock=self.clock,
            sleep=self.pauses.append,
        )

    def get(self, path: str) -> Answer:
        return answered(self.answer(event(f"GET {path}")))

    def post(self, form: Mapping[str, str] | str, **more: Any) -> Answer:
        return answered(self.answer(token_event(form, **more)))

    def ask(self, scope: str | None = None, **more: Any) -> Answer:
        """Ask for a token as the one client, with HTTP Basic."""
        form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
        return self.post(form, headers=basic("billing", self.secret), **more)


def new_issuer(kms: Any, dynamodb: Any, **changes: Any) -> Issuer:
    """An issuer with tables of its own and one client, and without keys until it has rotated.

    KMS's time is its clock's, unless the account is another issuer's.
    """
    tables = Tables(
        make_table(dynamodb, "ring", "id"),
        make_table(dynamodb, "clients", "client_id"),
        make_table(dynamodb, "rates", "id"),
    )
    secret = str(ClientAdmin(dynamodb, tables.clients).add("billing", SCOPES)["client_secret"])
    if isinstance(kms, StrictKms):
        return Issuer(kms, dynamodb, tables, secret, **changes)
    account = KmsAccount()
    made = Issuer(StrictKms(kms, account), dynamodb, tables, secret, **changes)
    account.time = made.clock
    return made
