"""Credentials -> Client: who may ask for what. The only reader of the clients' table."""

import re
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from token_issuer.aws import AwsClient
from token_issuer.client_secret import UNKNOWN_CLIENT, is_right
from token_issuer.errors import ClientInvalid, ScopeInvalid, Unavailable
from token_issuer.token_request import Credentials

CLIENT_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,63}")
"""What we give out; anything else is nobody's, and not worth a look-up."""

RETRY_SECONDS: Final = 2


@dataclass(frozen=True, slots=True)
class Client:
    """A client that has proved who it is."""

    client_id: str
    scopes: frozenset[str]

    def granted(self, asked: tuple[str, ...]) -> tuple[str, ...]:
        """The scopes of the token: those asked for, or all of the client's, in order.

        Raises:
            ScopeInvalid: One of them is not this client's; nothing is granted then.
        """
        if not self.scopes.issuperset(asked):
            raise ScopeInvalid("the client may not have every scope that it asks for")
        return asked or tuple(sorted(self.scopes))


class Clients:
    """Looks clients up, afresh each time, so that a deleted client is gone at once."""

    def __init__(self, dynamodb: AwsClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def authenticate(self, credentials: Credentials) -> Client:
        """Return the client, if the secret is its own.

        Raises:
            ClientInvalid: Unknown client or wrong secret; nothing tells which, time neither.
            Unavailable: The table cannot be read.
        """
        item = self._item(credentials.client_id)
        hashed = item["secret_hash"]["S"] if item else UNKNOWN_CLIENT
        if not is_right(credentials.secret, hashed) or item is None:
            raise ClientInvalid("unknown client or wrong secret")
        return Client(credentials.client_id, frozenset(item["scopes"]["SS"]))

    def _item(self, client_id: str) -> dict[str, Any] | None:
        if not CLIENT_ID.fullmatch(client_id):
            return None
        try:
            found = self._dynamodb.get_item(
                TableName=self._table, Key={"client_id": {"S": client_id}}
            )
        except (BotoCoreError, ClientError) as error:
            raise Unavailable(
                "clients cannot be looked up now", RETRY_SECONDS, "clients_unavailable"
            ) from error
        item: dict[str, Any] | None = found.get("Item")
        return item
