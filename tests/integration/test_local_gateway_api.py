"""What is there of API Gateway's own API: throwing away what authorizers have decided."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.gateway.authorizers.lambda_authorizer import LambdaAuthorizer
from local.loopback.listener import listen_on_loopback
from local.loopback.wsgi_server import WsgiServer
from local.runtime.outcome import Outcome, Succeeded
from local.stack.aws_services import AwsServices
from local.stack.gateway_api import GatewayApi
from local.template.local_app import ApiConfig, LambdaAuthorizerConfig, TableConfig, TableKey
from tests.unit.local.gateway_values import STAGE, context, request, route

REGION, ACCOUNT = "eu-north-1", "123456789012"
API = ApiConfig("api1", "Api", REGION, ACCOUNT, None, (STAGE,), ())
AUTHORIZER = LambdaAuthorizerConfig(
    "a1", "Tokens", "authorizer", ("$request.header.Authorization",), ttl_seconds=3_600
)


def invoke(_name: str, _event: bytes, _limit_seconds: float) -> Outcome:
    return Succeeded(b'{"isAuthorized": true}')


@pytest.fixture
def decisions() -> LambdaAuthorizer:
    return LambdaAuthorizer(invoke, lambda: 0.0)


@pytest.fixture
def gateway(decisions: LambdaAuthorizer) -> Iterator[Any]:
    """An SDK's client of API Gateway on loopback, behind the door of all services."""
    table = TableConfig("t", TableKey("id"), {"id": "S"}, REGION, ACCOUNT)
    services = AwsServices([table], (), GatewayApi(API, decisions.forget))
    server = WsgiServer(services, listen_on_loopback())
    client = boto3.client(
        "apigatewayv2",
        endpoint_url=server.url,
        region_name=REGION,
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    yield client
    client.close()
    server.stop()


def is_kept(decisions: LambdaAuthorizer) -> bool:
    asked = context(request(headers=(("authorization", "t"),)), route("GET /orders"))
    return decisions.decide(AUTHORIZER, asked).request_id != asked.request_id


def test_a_reset_throws_away_what_was_decided(gateway: Any, decisions: LambdaAuthorizer) -> None:
    assert [is_kept(decisions) for _ in range(2)] == [False, True]
    answer = gateway.reset_authorizers_cache(ApiId="api1", StageName="$default")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert [is_kept(decisions) for _ in range(2)] == [False, True]


@pytest.mark.parametrize(("api_id", "stage"), [("api2", "$default"), ("api1", "v1")])
def test_a_reset_of_another_api_or_stage_is_not_here(
    gateway: Any, decisions: LambdaAuthorizer, api_id: str, stage: str
) -> None:
    is_kept(decisions)
    with pytest.raises(ClientError, match="NotServedLocally"):
        gateway.reset_authorizers_cache(ApiId=api_id, StageName=stage)
    assert is_kept(decisions)


def test_nothing_else_of_it_is_here(gateway: Any) -> None:
    with pytest.raises(ClientError, match="NotServedLocally"):
        gateway.get_stages(ApiId="api1")
