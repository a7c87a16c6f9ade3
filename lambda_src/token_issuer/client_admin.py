"""`python -m token_issuer.client_admin`: an administrator's words -> clients and their secrets.

Runs on an administrator's machine with the SDK's usual credentials; the function never does this.
A secret is shown once, when it is made. A client may have two, so that one can be replaced without
an outage: add the second, hand it out, remove the first.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import ClientError

from function_kit.aws import (
    AWS_ERRORS,
    CONDITION_FAILED,
    AwsClient,
    aws_client,
    call_limits,
    error_code,
)
from token_issuer.client_item import ClientItem
from token_issuer.client_secret import MAX_SECRETS, NewSecret, new_secret, secret_id
from token_issuer.errors import ServerError
from token_issuer.rate import CLIENT_RATE, Rate

Shown = Mapping[str, object]
"""What a command prints, as one JSON object on one line."""

CALLS: Final = call_limits(connect_seconds=5, read_seconds=10, attempts=3)
"""A person waits who may try again."""


class ClientAdmin:
    """The clients of one table.

    Every method raises ValueError with one line that says what is wrong and what to do, and the
    SDK's own errors.
    """

    def __init__(self, dynamodb: AwsClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def add(self, client_id: str, scopes: Sequence[str], rate: Rate | None = None) -> Shown:
        """Add a client.

        Args:
            client_id: 3 to 64 letters, digits, dots, underscores and hyphens.
            scopes: What it may ask for, at least one.
            rate: How often it may ask; None means the issuer's own limit.

        Returns:
            Its id and its secret, which nothing can show again.
        """
        made = new_secret()
        item = ClientItem(client_id, (made.hashed,), frozenset(scopes), rate)
        self._put(item, "attribute_not_exists(client_id)", f"{client_id!r}: it already exists")
        return _secret_shown(client_id, made)

    def list(self) -> Iterator[Shown]:
        """List every client: its id, scopes, rate and the ids of its secrets."""
        start: dict[str, Any] = {}
        while True:
            page = self._dynamodb.scan(TableName=self._table, ConsistentRead=True, **start)
            for found in page["Items"]:
                yield _client_shown(found)
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def remove(self, client_id: str) -> Shown:
        """Remove a client; it gets no more tokens from now on."""
        self._change(
            self._dynamodb.delete_item,
            f"client {client_id!r}: not found",
            Key={"client_id": {"S": client_id}},
            ConditionExpression="attribute_exists(client_id)",
        )
        return {"client_id": client_id, "removed": True}

    def add_secret(self, client_id: str) -> Shown:
        """Add a second secret beside the one in use; both are valid from now on."""
        item = self._get(client_id)
        if len(item.secret_hashes) == MAX_SECRETS:
            raise ValueError(
                f"client {client_id!r}: it has {MAX_SECRETS} secrets already; remove one first"
            )
        made = new_secret(item.secret_hashes)
        self._replace(item, (*item.secret_hashes, made.hashed))
        return _secret_shown(client_id, made)

    def remove_secret(self, client_id: str, removed: str) -> Shown:
        """Remove a secret by its id; the client keeps the other one."""
        item = self._get(client_id)
        left = tuple(hashed for hashed in item.secret_hashes if secret_id(hashed) != removed)
        if len(left) == len(item.secret_hashes):
            raise ValueError(f"client {client_id!r}: it has no secret {removed!r}; list shows them")
        if not left:
            raise ValueError(
                f"client {client_id!r}: {removed!r} is its only secret; add one first, or remove "
                "the client"
            )
        self._replace(item, left)
        return {"client_id": client_id, "removed_secret_id": removed}

    def _get(self, client_id: str) -> ClientItem:
        found = self._dynamodb.get_item(
            TableName=self._table, Key={"client_id": {"S": client_id}}, ConsistentRead=True
        )
        if "Item" not in found:
            raise ValueError(f"client {client_id!r}: not found")
        try:
            return ClientItem.from_item(found["Item"])
        except ServerError as error:
            raise ValueError(
                f"client {client_id!r}: {error.reason}; remove the client and add it again"
            ) from None

    def _replace(self, item: ClientItem, hashes: tuple[str, ...]) -> None:
        """Write other secrets, unless somebody has changed them meanwhile."""
        self._put(
            ClientItem(item.client_id, hashes, item.scopes, item.rate),
            "secret_hashes = :read",
            f"{item.client_id!r}: it has changed since; run the command again",
            ExpressionAttributeValues={":read": {"SS": sorted(item.secret_hashes)}},
        )

    def _put(self, item: ClientItem, condition: str, problem: str, **more: object) -> None:
        self._change(
            self._dynamodb.put_item,
            f"client {problem}",
            Item=item.to_item(),
            ConditionExpression=condition,
            **more,
        )

    def _change(self, call: Callable[..., object], problem: str, **arguments: object) -> None:
        try:
            call(TableName=self._table, **arguments)
        except ClientError as error:
            if error_code(error) == CONDITION_FAILED:
                raise ValueError(problem) from None
            raise


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; print one JSON object a line.

    Returns:
        The exit status: 0, or 1 after one line on stderr that says why not.
    """
    given = _parser().parse_args(arguments)
    try:
        admin = ClientAdmin(aws_client("dynamodb", CALLS), given.table)
        for shown in _run(admin, given):
            sys.stdout.write(f"{json.dumps(shown)}\n")
    except (ValueError, *AWS_ERRORS) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _run(admin: ClientAdmin, given: argparse.Namespace) -> Iterator[Shown]:
    match given.command:
        case "add":
            yield admin.add(given.client_id, given.scope, _rate(given))
        case "list":
            yield from admin.list()
        case "remove":
            yield admin.remove(given.client_id)
        case "add-secret":
            yield admin.add_secret(given.client_id)
        case "remove-secret":
            yield admin.remove_secret(given.client_id, given.secret_id)


def _rate(given: argparse.Namespace) -> Rate | None:
    if given.rate is None and given.burst is None:
        return None
    return Rate(
        CLIENT_RATE.per_second if given.rate is None else given.rate,
        CLIENT_RATE.burst if given.burst is None else given.burst,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m token_issuer.client_admin", description="Clients of the issuer on KMS."
    )
    parser.add_argument("--table", required=True, help="output ClientsTable of the issuer's stack")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="add a client and show its secret, once")
    add.add_argument("--scope", required=True, action="append", help="may be given many times")
    add.add_argument("--rate", type=float, help=f"tokens a second ({CLIENT_RATE.per_second:g})")
    add.add_argument("--burst", type=int, help=f"tokens at once ({CLIENT_RATE.burst})")
    commands.add_parser("list", help="show every client and the ids of its secrets")
    remove = commands.add_parser("remove", help="remove a client")
    add_secret = commands.add_parser("add-secret", help="add a second secret and show it, once")
    remove_secret = commands.add_parser("remove-secret", help="remove one of two secrets")
    remove_secret.add_argument("--secret-id", required=True, help="as list shows it")
    for command in (add, remove, add_secret, remove_secret):
        command.add_argument("--client-id", required=True)
    return parser


def _secret_shown(client_id: str, made: NewSecret) -> Shown:
    return {
        "client_id": client_id,
        "client_secret": made.secret,
        "secret_id": secret_id(made.hashed),
    }


def _client_shown(found: Mapping[str, Any]) -> Shown:
    try:
        item = ClientItem.from_item(found)
    except ServerError as error:
        return {"client_id": found["client_id"]["S"], "problem": error.reason}
    rate = item.rate or CLIENT_RATE
    return {
        "client_id": item.client_id,
        "scopes": sorted(item.scopes),
        "secret_ids": sorted(map(secret_id, item.secret_hashes)),
        "rate_per_second": rate.per_second,
        "burst": rate.burst,
    }


if __name__ == "__main__":
    sys.exit(main())
