"""`make revoke` for a deployed stage, whose stacks, table and pool moto's server plays."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from werkzeug.wrappers import Request, Response

from function_kit.revocation.entry import Revocation, read_item
from function_kit.revocation.table_keys import ENTRY, LIST
from local.loopback.listener import listen_on_loopback
from local.loopback.wsgi_server import WsgiServer
from stacks.app_sources import AppSources
from stacks.deployment.__main__ import main
from tests.sample.access import ACCESS
from tests.sample.paths import CDK_JSON

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

REGION, TABLE = "eu-west-1", "jwt-authorizer-dev-api-Revocations"
ON = {
    "revocation": "closed",
    "revocation_list_age_seconds": 1,
    "authorizer_cache_ttl_seconds": 9,
}
STACK = """<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
<DescribeStacksResult><Stacks><member><StackName>{name}</StackName><Outputs>{outputs}</Outputs>
<CreationTime>2026-11-29T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>
</member></Stacks></DescribeStacksResult></DescribeStacksResponse>"""
NO_STACK = """<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>
<Message>Stack with id {name} does not exist</Message></Error></ErrorResponse>"""


class Stacks:
    """CloudFormation, as far as stacks have outputs; moto's needs packages that nothing else does."""

    def __init__(self) -> None:
        self.outputs: dict[str, dict[str, str]] = {}

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Answer a call (WSGI)."""
        return self._answer(Request(environ))(environ, start)

    def _answer(self, request: Request) -> Response:
        name = request.form["StackName"]
        outputs = self.outputs.get(name)
        if outputs is None:
            return Response(NO_STACK.format(name=name), 400, content_type="text/xml")
        members = "".join(
            f"<member><OutputKey>{key}</OutputKey><OutputValue>{value}</OutputValue></member>"
            for key, value in outputs.items()
        )
        return Response(STACK.format(name=name, outputs=members), content_type="text/xml")


class Account:
    """An account with the table and the pool of a stage."""

    def __init__(self, stacks: Stacks) -> None:
        self.stacks = stacks
        self.cognito = boto3.client("cognito-idp", region_name=REGION)
        self.dynamodb = boto3.client("dynamodb", region_name=REGION)
        self.pool_id = str(self.cognito.create_user_pool(PoolName="p")["UserPool"]["Id"])
        self.dynamodb.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": LIST, "KeyType": "HASH"},
                {"AttributeName": ENTRY, "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": LIST, "AttributeType": "S"},
                {"AttributeName": ENTRY, "AttributeType": "S"},
            ],
        )

    def deploy(self, **outputs: str) -> None:
        """Have both stacks there, with these outputs."""
        self.stacks.outputs = {
            "jwt-authorizer-dev-api": outputs,
            "jwt-authorizer-dev-identity": {"UserPoolId": self.pool_id},
        }

    def entries(self) -> list[Revocation]:
        items = self.dynamodb.scan(TableName=TABLE)["Items"]
        return [read_item(item).revocation for item in items]

    def close(self) -> None:
        """Take everything away."""
        self.dynamodb.delete_table(TableName=TABLE)
        self.cognito.delete_user_pool(UserPoolId=self.pool_id)
        for client in (self.cognito, self.dynamodb):
            client.close()


@pytest.fixture
def stacks() -> Iterator[tuple[Stacks, str]]:
    played = Stacks()
    server = WsgiServer(played, listen_on_loopback())
    yield played, server.url
    server.stop()


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def account(
    aws: str, stacks: tuple[Stacks, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Account]:
    for name, value in {
        "AWS_ENDPOINT_URL": aws,
        "AWS_ENDPOINT_URL_CLOUDFORMATION": stacks[1],
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    document = json.loads(CDK_JSON.read_text())
    document["context"]["stages"]["dev"].update(ON)
    (tmp_path / "cdk.json").write_text(json.dumps(document))
    sources = AppSources(access=ACCESS, cdk_json=tmp_path / "cdk.json")
    monkeypatch.setattr("tests.sample.app.APP", sources)
    made = Account(stacks[0])
    yield made
    made.close()


def revoke(*arguments: str) -> int:
    return main(["revoke", "--stage", "dev", "--app", "tests.sample.app", *arguments])


def test_a_person_of_a_deployed_stage_is_refused_and_gets_no_new_tokens(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    account.deploy(RevocationTable=TABLE, ApiId="abc123")
    made = account.cognito.admin_create_user(UserPoolId=account.pool_id, Username="a@example.com")
    [sub] = [item["Value"] for item in made["User"]["Attributes"] if item["Name"] == "sub"]
    assert revoke("--sub", sub) == 0
    [entry] = account.entries()
    assert (entry.kind, entry.issuer, entry.value) == ("sub", "cognito", sub)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(
        f"dev refuses tokens in account 123456789012, region {REGION}, table {TABLE}, as arn:aws:"
    )
    assert "no refresh token of this person brings new ones any longer" in lines
    # moto has no API Gateway that keeps decisions: whoever may not reset it hears how long it does.
    assert lines[-1].startswith("the gateway keeps what was decided before for up to 9 s more")


def test_a_person_whom_the_pool_does_not_know_is_refused_with_a_doubt(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    account.deploy(RevocationTable=TABLE, ApiId="abc123")
    assert revoke("--sub", "nobody") == 0
    assert len(account.entries()) == 1
    assert "the user pool has nobody with this sub" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("deployed", "problem"),
    [
        (
            None,
            "revoke: dev is not deployed in account 123456789012, region eu-west-1: there is no",
        ),
        ({"ApiUrl": "https://abc.example"}, "revoke: dev is deployed in account 123456789012"),
        ({"RevocationTable": "gone", "ApiId": "a"}, "revoke: nothing was refused: "),
    ],
)
def test_what_is_not_there_is_named_and_nothing_was_refused(
    account: Account,
    capsys: pytest.CaptureFixture[str],
    deployed: dict[str, Any] | None,
    problem: str,
) -> None:
    if deployed is not None:
        account.deploy(**deployed)
    assert revoke("--client", "web") == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(problem)
