"""`python -m token_issuer.add_client`: an administrator's words -> a client, its secret shown once.

Runs on an administrator's machine with the SDK's usual credentials; the function never does this.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from token_issuer.aws import AwsClient
from token_issuer.client_secret import new_secret
from token_issuer.clients import CLIENT_ID
from token_issuer.token_request import is_scope

EXISTS: Final = "ConditionalCheckFailedException"


def add_client(dynamodb: AwsClient, table: str, client_id: str, scopes: Sequence[str]) -> str:
    """Add a client and return its secret, which nothing can show again.

    Args:
        dynamodb: A client of the SDK.
        table: The clients' table.
        client_id: 3 to 64 letters, digits, dots, underscores and hyphens.
        scopes: What it may ask for, at least one.

    Raises:
        ValueError: The id or a scope is malformed.
        ClientError: The client is there already (ConditionalCheckFailedException), or may not be
            written.
    """
    if not CLIENT_ID.fullmatch(client_id):
        raise ValueError(
            f"client id {client_id!r}: use 3 to 64 letters, digits, dots, underscores, hyphens"
        )
    for scope in scopes:
        if not is_scope(scope):
            raise ValueError(f"scope {scope!r}: use visible ASCII without spaces and quotes")
    made = new_secret()
    dynamodb.put_item(
        TableName=table,
        Item={
            "client_id": {"S": client_id},
            "secret_hash": {"S": made.hashed},
            "scopes": {"SS": sorted(set(scopes))},
        },
        ConditionExpression="attribute_not_exists(client_id)",
    )
    return made.secret


def main(arguments: Sequence[str] | None = None) -> int:
    """Add the client that the command line describes; print it as one JSON object.

    Returns:
        The exit status: 0, or 1 after one line on stderr that says why not.
    """
    parser = argparse.ArgumentParser(prog="python -m token_issuer.add_client", description=__doc__)
    parser.add_argument("--table", required=True, help="output ClientsTable of the issuer's stack")
    parser.add_argument("--client-id", required=True)
    parser.add_argument("--scope", required=True, action="append", help="may be given many times")
    given = parser.parse_args(arguments)
    try:
        secret = add_client(boto3.client("dynamodb"), given.table, given.client_id, given.scope)
    except (ValueError, BotoCoreError, ClientError) as error:
        if isinstance(error, ClientError) and error.response["Error"]["Code"] == EXISTS:
            error = ValueError(f"client id {given.client_id!r}: there is one already")
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps({"client_id": given.client_id, "client_secret": secret}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
