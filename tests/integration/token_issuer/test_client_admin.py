"""The administrator's commands: clients in the table, a secret on the screen and nowhere else."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.token_issuer.issuer import Issuer, basic, new_issuer
from token_issuer.client_admin import ClientAdmin
from token_issuer.rate import CLIENT_RATE, Rate

ROOT = Path(__file__).parents[3]
GRANT = {"grant_type": "client_credentials"}


def run(aws_url: str, table: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "token_issuer.client_admin", "--table", table, *arguments],
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


@pytest.fixture
def fresh(dynamodb: Any, issuer: Issuer) -> Issuer:
    """An issuer with clients of its own, and the keys that are there already."""
    made = new_issuer(issuer.kms, dynamodb)
    item = dynamodb.get_item(TableName=issuer.tables.ring, Key={"id": {"S": "signing-keys"}})
    dynamodb.put_item(TableName=made.tables.ring, Item=item["Item"])
    return made


@pytest.fixture
def admin(fresh: Issuer) -> ClientAdmin:
    return ClientAdmin(fresh.dynamodb, fresh.tables.clients)


def status(issuer: Issuer, client_id: str, secret: object) -> int:
    return issuer.post(GRANT, headers=basic(client_id, str(secret))).status


def test_a_client_that_was_added_gets_tokens_for_its_scopes_alone(
    fresh: Issuer, aws_url: str
) -> None:
    arguments = ("add", "--client-id", "shipping", "--scope", "orders/read")
    done = run(aws_url, fresh.tables.clients, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    shown = json.loads(done.stdout)
    assert shown["client_id"] == "shipping"
    headers = basic("shipping", shown["client_secret"])
    answer = fresh.post(GRANT, headers=headers)
    assert (answer.status, answer.body["scope"]) == (200, "orders/read")
    again = run(aws_url, fresh.tables.clients, *arguments)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == "client 'shipping': it already exists\n"


def test_a_secret_is_replaced_by_the_commands_without_an_outage(
    fresh: Issuer, aws_url: str
) -> None:
    def command(*arguments: str) -> list[dict[str, Any]]:
        done = run(aws_url, fresh.tables.clients, *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return [json.loads(line) for line in done.stdout.splitlines()]

    [added] = command("add-secret", "--client-id", "billing")
    new = added["client_secret"]
    assert [status(fresh, "billing", secret) for secret in (fresh.secret, new)] == [200, 200]
    [listed] = command("list")
    assert (listed["client_id"], listed["scopes"]) == ("billing", ["orders/read", "orders/write"])
    assert added["secret_id"] in listed["secret_ids"]
    [old] = [known for known in listed["secret_ids"] if known != added["secret_id"]]
    command("remove-secret", "--client-id", "billing", "--secret-id", old)
    assert [status(fresh, "billing", secret) for secret in (fresh.secret, new)] == [401, 200]
    command("remove", "--client-id", "billing")
    assert status(fresh, "billing", new) == 401
    assert command("list") == []


def test_a_third_secret_and_the_last_ones_removal_are_refused(admin: ClientAdmin) -> None:
    [only] = [shown["secret_ids"] for shown in admin.list()]
    assert isinstance(only, list)
    with pytest.raises(ValueError, match="is its only secret; add one first"):
        admin.remove_secret("billing", only[0])
    admin.add_secret("billing")
    with pytest.raises(ValueError, match="it has 2 secrets already; remove one first"):
        admin.add_secret("billing")
    with pytest.raises(ValueError, match="it has no secret 'ffffffff'; list shows them"):
        admin.remove_secret("billing", "ffffffff")


@pytest.mark.parametrize("command", ["remove", "add_secret"])
def test_a_client_that_is_not_there_is_named(admin: ClientAdmin, command: str) -> None:
    with pytest.raises(ValueError, match="client 'shipping': not found"):
        getattr(admin, command)("shipping")


def test_of_two_administrators_the_second_is_told_to_look_again(fresh: Issuer) -> None:
    """The other's change falls between this one's reading and writing."""
    other = ClientAdmin(fresh.dynamodb, fresh.tables.clients)

    class Interrupted:
        def __getattr__(self, name: str) -> Any:
            return getattr(fresh.dynamodb, name)

        def put_item(self, **arguments: Any) -> Any:
            other.add_secret("billing")
            return fresh.dynamodb.put_item(**arguments)

    with pytest.raises(ValueError, match="has changed since; run the command again"):
        ClientAdmin(Interrupted(), fresh.tables.clients).add_secret("billing")


def test_a_list_longer_than_a_page_is_whole(admin: ClientAdmin) -> None:
    made = {f"client-{number}" for number in range(7)}
    for client_id in made:
        admin.add(client_id, ["orders/read"])

    class Paged:
        def __getattr__(self, name: str) -> Any:
            return getattr(admin._dynamodb, name)

        def scan(self, **arguments: Any) -> Any:
            return admin._dynamodb.scan(Limit=3, **arguments)

    listed = [shown["client_id"] for shown in ClientAdmin(Paged(), admin._table).list()]
    assert sorted(map(str, listed)) == sorted(made | {"billing"})


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--client-id", "a b", "--scope", "x"), "client_id 'a b': use 3 to 64"),
        (("--client-id", "ab", "--scope", "x"), "client_id 'ab': use 3 to 64"),
        (("--client-id", "shipping", "--scope", "two words"), "scopes: 'two words'; use 1 to"),
        (("--client-id", "shipping", "--scope", "x", "--rate", "0"), "rate_per_second: 0; give"),
        (("--client-id", "shipping", "--scope", "x", "--rate", "nan"), "rate_per_second: nan;"),
        (("--client-id", "shipping", "--scope", "x", "--burst", "0"), "burst: 0; give a whole"),
    ],
)
def test_a_malformed_client_is_refused_with_one_line(
    issuer: Issuer, aws_url: str, arguments: tuple[str, ...], problem: str
) -> None:
    done = run(aws_url, issuer.tables.clients, "add", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(problem)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("number", "characters"), [(23, 128), (60, 64), (1001, 1)])
def test_scopes_that_kms_could_not_sign_in_one_token_are_refused_when_a_client_is_added(
    admin: ClientAdmin, number: int, characters: int
) -> None:
    scopes = [f"{chr(0x21 + index % 90)}{index}".ljust(characters, "x") for index in range(number)]
    scopes = [scope.replace('"', "'").replace("\\", "/") for scope in scopes]
    with pytest.raises(ValueError, match="at most 2000: a token with all of them would be more"):
        admin.add("shipping", scopes)


def test_a_client_may_have_a_rate_of_its_own(fresh: Issuer, admin: ClientAdmin) -> None:
    slow = admin.add("slow-one", ["orders/read"], Rate(per_second=0.5, burst=2))
    secret = slow["client_secret"]
    assert [status(fresh, "slow-one", secret) for _ in range(3)] == [200, 200, 429]
    assert fresh.ask().status == 200
    rates = {
        shown["client_id"]: (shown["rate_per_second"], shown["burst"]) for shown in admin.list()
    }
    assert rates == {
        "billing": (CLIENT_RATE.per_second, CLIENT_RATE.burst),
        "slow-one": (0.5, 2),
    }


def test_an_item_that_somebody_has_spoiled_is_listed_with_what_is_wrong(
    fresh: Issuer, admin: ClientAdmin
) -> None:
    fresh.dynamodb.put_item(TableName=fresh.tables.clients, Item={"client_id": {"S": "spoiled"}})
    listed = {shown["client_id"]: shown for shown in admin.list()}
    assert listed["spoiled"]["problem"] == "client_item_invalid:secret_hashes"
    with pytest.raises(ValueError, match="secret_hashes; remove the client and add it again"):
        admin.add_secret("spoiled")
    admin.remove("spoiled")


def test_the_table_holds_no_secret_only_hashes_with_one_salt(
    fresh: Issuer, admin: ClientAdmin
) -> None:
    second = admin.add_secret("billing")["client_secret"]
    [kept] = fresh.dynamodb.scan(TableName=fresh.tables.clients)["Items"]
    for secret in (fresh.secret, str(second)):
        assert secret not in json.dumps(kept)
    hashes = [hashed.split("$") for hashed in kept["secret_hashes"]["SS"]]
    assert {tuple(parts[:4]) for parts in hashes} == {("scrypt", "16384", "8", "1")}
    [salt] = {parts[4] for parts in hashes}
    digests = {parts[5] for parts in hashes}
    assert (len(base64.b64decode(salt)), len(digests)) == (16, 2)
    assert {len(base64.b64decode(digest)) for digest in digests} == {32}
