"""The stage `local` with revocation on, and a list of what others have had taken back."""

import shutil
import time
from typing import Any, Final

import boto3

from function_kit.revocation.entry import Revocation, new_item
from local.template.local_app import LocalApp
from local.this_app.authorizer_settings import revocation_table
from local.this_app.running_app import ServedApp
from local.this_app.synthesis.stage_app import read_this_app
from local.this_app.synthesis.synth import LOCAL_FOLDER
from tests.synth.synthesis import synthesise

ENTRIES: Final = 100
"""moto answers a query in time for so many; a table of AWS's for thousands."""

LIST_AGE_SECONDS, CACHE_SECONDS = 5, 5
_AT_ONCE: Final = 25
"""What one call may write ("BatchWriteItem", DynamoDB API)."""


def revoking_app() -> LocalApp:
    """Return the app as it is served with revocation on.

    While the list cannot be read in time, because this machine is busy, it is decided by what is
    known: an answer 500 would be right then, and could not be told from a wrong one.
    """
    assembly = LOCAL_FOLDER / "cdk.out-bench-revocation"
    shutil.rmtree(assembly, ignore_errors=True)
    synthesise(
        assembly,
        "local",
        bundled=True,
        revocation="open",
        revocation_list_age_seconds=LIST_AGE_SECONDS,
        authorizer_cache_ttl_seconds=CACHE_SECONDS,
    )
    return read_this_app(assembly)


def take_back_others(stack: ServedApp) -> None:
    """Put entries into the list that hit nobody who calls."""
    client = boto3.client(
        "dynamodb",
        endpoint_url=stack.addresses.services,
        region_name=stack.pool.region,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106  # of no account
    )
    table, now = str(revocation_table(stack.app)), time.time()
    items: list[Any] = [
        new_item(Revocation("jti", "cognito", f"other-{number}"), now=now, lifetime_seconds=3_600)
        for number in range(ENTRIES)
    ]
    for start in range(0, ENTRIES, _AT_ONCE):
        batch = [{"PutRequest": {"Item": item}} for item in items[start : start + _AT_ONCE]]
        client.batch_write_item(RequestItems={table: batch})
    client.close()
