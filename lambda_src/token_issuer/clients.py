"""Credentials -> Client: who may ask for what. The function's only reader of the clients' table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from function_kit.aws import AWS_ERRORS, AwsClient
from token_issuer.client_item import CLIENT_ID, HASHES_INVALID, ClientItem, valid_hashes
from token_issuer.client_secret import UNKNOWN_CLIENT, is_right
from token_issuer.errors import ClientInvalid, ScopeInvalid, Unavailable
from token_issuer.rate import Rate
from token_issuer.token_request import Credentials

RETRY_SECONDS: Final = 2


@dataclass(frozen=True, slots=True)
class Client:
    """A client that has authenticated.

    Attributes:
        client_id: Its id.
        scopes: What it may ask for.
        rate: How often it may ask, if not as often as every other client.
    """

    client_id: str
    scopes: frozenset[str]
    rate: Rate | None = None

    def granted(self, asked: tuple[str, ...]) -> tuple[str, ...]:
        """Return the scopes of the token: those asked for, or all of the client's, in order.

        Raises:
            ScopeInvalid: One of them is not this client's; nothing is granted then.
        """
        if not self.scopes.issuperset(asked):
            raise ScopeInvalid("the client may not have every scope that it asks for")
        return asked or tuple(sorted(self.scopes))


class Clients:
    """Looks clients up, afresh and consistently each time: one that was removed is gone at once."""

    def __init__(self, dynamodb: AwsClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def authenticate(self, credentials: Credentials) -> Client:
        """Return the client, if the secret is one of its own.

        Raises:
            ClientInvalid: Unknown client or wrong secret; nothing tells which, time neither.
            ServerError: The client has authenticated, and its item is malformed.
            Unavailable: The table cannot be read.
        """
        found = self._item(credentials.client_id)
        hashes = valid_hashes(found) if found else ()
        if not is_right(credentials.secret, hashes or UNKNOWN_CLIENT) or not found or not hashes:
            reason = HASHES_INVALID if found and not hashes else None
            raise ClientInvalid("unknown client or wrong secret", reason)
        item = ClientItem.from_item(found)
        return Client(item.client_id, item.scopes, item.rate)

    def _item(self, client_id: str) -> Mapping[str, Any] | None:
        if not CLIENT_ID.fullmatch(client_id):
            return None
        try:
            found = self._dynamodb.get_item(
                TableName=self._table, Key={"client_id": {"S": client_id}}, ConsistentRead=True
            )
        except AWS_ERRORS as error:
            raise Unavailable(
                "clients cannot be looked up now", RETRY_SECONDS, "clients_unavailable"
            ) from error
        item: Mapping[str, Any] | None = found.get("Item")
        return item
