"""What local functions ask of AWS: one address, which plays what is declared and names the rest."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError

from local.loopback.listener import listen_on_loopback
from local.loopback.wsgi_server import WsgiServer
from local.runtime.file_system import refusal
from local.runtime.functions import Functions
from local.stack.aws_call import AwsCall
from local.stack.aws_services import AwsServices
from local.template.local_app import IndexConfig, SecretConfig, TableConfig, TableKey
from tests.integration.runtime_functions import call, function_config

REGION, ACCOUNT = "eu-north-1", "123456789012"
ORDERS = TableConfig(
    "Orders",
    TableKey("owner", "number"),
    {"owner": "S", "number": "N", "tenant": "S", "placed": "S"},
    REGION,
    ACCOUNT,
    (
        IndexConfig("of_tenant", TableKey("tenant"), "INCLUDE", ("item",)),
        IndexConfig("by_date", TableKey("owner", "placed"), "KEYS_ONLY", is_local=True),
    ),
)
SECRET = SecretConfig(
    "S", f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:S-abc123", 16, REGION, ACCOUNT
)

Refused = list[AwsCall]


@pytest.fixture(scope="module")
def refused() -> Refused:
    return []


@pytest.fixture(scope="module")
def door(refused: Refused) -> Iterator[str]:
    server = WsgiServer(AwsServices([ORDERS], on_refusal=refused.append), listen_on_loopback())
    yield server.url
    server.stop()


@pytest.fixture
def client(door: str) -> Iterator[Callable[[str], Any]]:
    made: list[Any] = []

    def make(service: str) -> Any:
        made.append(
            boto3.client(  # type: ignore[call-overload]  # the service is a variable
                service,
                endpoint_url=door,
                region_name=REGION,
                aws_access_key_id="orders",
                aws_secret_access_key="local",
            )
        )
        return made[-1]

    yield make
    for item in made:
        item.close()


# One of each protocol, and what is not played of a service that is.
@pytest.mark.parametrize(
    ("service", "method", "arguments", "named"),
    [
        ("sqs", "send_message", {"QueueUrl": "q", "MessageBody": "m"}, "sqs SendMessage"),
        ("sts", "get_caller_identity", {}, "sts GetCallerIdentity"),
        ("ec2", "describe_instances", {}, "ec2 DescribeInstances"),
        ("s3", "put_object", {"Bucket": "b", "Key": "k", "Body": b"x" * 2**20}, "s3 PUT /b/k"),
        ("lambda", "get_function", {"FunctionName": "f"}, "lambda GET /2015-03-31/functions/f"),
        ("cloudwatch", "put_metric_data", {"Namespace": "n", "MetricData": []}, "monitoring PutMetricData"),
        ("dynamodb", "delete_table", {"TableName": "Orders"}, "dynamodb DeleteTable"),
        ("secretsmanager", "list_secrets", {}, "secretsmanager ListSecrets"),
        ("kms", "list_keys", {}, "kms ListKeys"),
        ("cognito-idp", "list_users", {"UserPoolId": "eu-north-1_Ab"}, "cognito-idp ListUsers"),
    ],
)  # fmt: skip
def test_what_is_not_declared_is_a_501_that_names_service_and_operation(
    client: Callable[[str], Any],
    refused: Refused,
    service: str,
    method: str,
    arguments: dict[str, Any],
    named: str,
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(client(service), method)(**arguments)
    answer = caught.value.response
    assert answer["Error"]["Code"] == "NotServedLocally"
    assert answer["Error"]["Message"].startswith(f"501 {named}: this machine plays what")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert f"{refused[-1].service} {refused[-1].operation}" == named
    assert refused[-1].caller == "orders"


def test_a_table_has_the_keys_and_indexes_that_are_declared(client: Callable[[str], Any]) -> None:
    assert client("dynamodb").describe_table(TableName="Orders")
    table = boto3.resource(
        "dynamodb",
        endpoint_url=client("dynamodb").meta.endpoint_url,
        region_name=REGION,
        aws_access_key_id="orders",
        aws_secret_access_key="local",
    ).Table("Orders")
    for number, tenant, placed in ((1, "acme", "c"), (2, "acme", "b"), (3, "globex", "a")):
        item = {"owner": "u", "number": number, "tenant": tenant, "placed": placed, "item": "x"}
        table.put_item(Item=item)
    asked = Key("owner").eq("u") & Key("number").gte(2)
    assert [item["number"] for item in table.query(KeyConditionExpression=asked)["Items"]] == [2, 3]
    of_tenant = table.query(IndexName="of_tenant", KeyConditionExpression=Key("tenant").eq("acme"))[
        "Items"
    ]
    assert {(item["number"], item["item"]) for item in of_tenant} == {(1, "x"), (2, "x")}
    by_date = table.query(IndexName="by_date", KeyConditionExpression=Key("owner").eq("u"))["Items"]
    assert [item["placed"] for item in by_date] == ["a", "b", "c"]
    assert "item" not in by_date[0]


SENDS = """
import boto3
sqs = boto3.client("sqs")
def handler(event, context):
    try:
        sqs.send_message(QueueUrl=event["queue"], MessageBody="hello")
    except sqs.exceptions.ClientError as error:
        return [boto3.__file__.rpartition("/")[0], error.response["Error"]["Code"]]
"""


@pytest.mark.parametrize("own", [True, False])
def test_a_function_without_an_sdk_of_its_own_has_lambdas_and_reaches_this_machine_alone(
    tmp_path: Path, door: str, refused: Refused, own: bool
) -> None:
    if own and refusal():
        pytest.skip("no process has a file system of its own here")
    function = function_config(tmp_path, SENDS, environment={"AWS_ENDPOINT_URL": door})
    functions = Functions(lambda _name, _line: None, own_file_systems=own)
    try:
        functions.update([function])
        found = call(functions, queue="https://sqs.eu-west-1.amazonaws.com/123456789012/q")
    finally:
        functions.stop()
    assert isinstance(found, list)
    assert (found[0] == "/var/lang/boto3") is own
    assert found[1] == "NotServedLocally"
    assert refused[-1].caller == function.label
