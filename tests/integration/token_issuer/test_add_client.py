"""The administrator's command: a client in the table, its secret on the screen and nowhere else."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.token_issuer.issuer import Issuer, basic

ROOT = Path(__file__).parents[3]


def add(aws_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "token_issuer.add_client", *arguments],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT / "lambda_src"),
            "AWS_ENDPOINT_URL": aws_url,
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_client_that_was_added_gets_tokens_for_its_scopes_alone(
    issuer: Issuer, aws_url: str
) -> None:
    done = add(
        aws_url,
        *("--table", issuer.tables.clients, "--client-id", "shipping", "--scope", "orders/read"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    shown = json.loads(done.stdout)
    assert shown["client_id"] == "shipping"
    headers = basic("shipping", shown["client_secret"])
    answer = issuer.post({"grant_type": "client_credentials"}, headers=headers)
    assert (answer.status, answer.body["scope"]) == (200, "orders/read")
    again = add(
        aws_url,
        *("--table", issuer.tables.clients, "--client-id", "shipping", "--scope", "orders/read"),
    )
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == "client id 'shipping': there is one already\n"


@pytest.mark.parametrize(
    ("client_id", "scope", "problem"),
    [
        ("a b", "orders/read", "client id 'a b': use 3 to 64"),
        ("ab", "orders/read", "client id 'ab': use 3 to 64"),
        ("shipping", "two words", "scope 'two words': use visible ASCII"),
    ],
)
def test_a_malformed_client_is_refused_with_one_line(
    issuer: Issuer, aws_url: str, client_id: str, scope: str, problem: str
) -> None:
    done = add(
        aws_url,
        *("--table", issuer.tables.clients, "--client-id", client_id, "--scope", scope),
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(problem)
    assert done.stderr.count("\n") == 1


def test_the_table_holds_no_secret_only_its_salted_hash(issuer: Issuer) -> None:
    items = issuer.dynamodb.scan(TableName=issuer.tables.clients)["Items"]
    [kept] = [item for item in items if item["client_id"]["S"] == "billing"]
    assert issuer.secret not in json.dumps(kept["secret_hash"])
    kind, cost, block_size, parallelism, salt, digest = kept["secret_hash"]["S"].split("$")
    assert (kind, cost, block_size, parallelism) == ("scrypt", "16384", "8", "1")
    assert (len(base64.b64decode(salt)), len(base64.b64decode(digest))) == (16, 32)
