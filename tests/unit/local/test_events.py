import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from aws_lambda_powertools.utilities.data_classes.api_gateway_authorizer_event import (
    APIGatewayAuthorizerEventV2,
)

from local.gateway.authorization import LambdaAuthorization
from local.gateway.events.payload_v2 import authorizer_event_v2, integration_event_v2
from local.template.local_app import StageConfig

from .gateway_values import context, request, route


def event(*args: Any, **kwargs: Any) -> Any:
    return integration_event_v2(context(request(*args, **kwargs)), None)


def test_what_is_empty_is_absent() -> None:
    found = event()
    absent = {"cookies", "queryStringParameters", "pathParameters", "stageVariables", "body"}
    assert not absent & found.keys()
    assert found["rawQueryString"] == ""
    assert "authorizer" not in found["requestContext"]


def test_powertools_reads_the_event_as_the_gateways() -> None:
    asked = request(
        "POST",
        "/orders/a%20b",
        "x=1&x=2",
        (("user-agent", "curl"), ("content-type", "application/json")),
        b'{"a": 1}',
    )
    matched = context(asked, route("POST /orders/{id}"), id="a b")
    authorizer = LambdaAuthorization({"sub": "someone", "exp": 3, "admin": True}, None)
    read = APIGatewayProxyEventV2(json.loads(json.dumps(integration_event_v2(matched, authorizer))))
    assert read.version == "2.0"
    assert read.route_key == "POST /orders/{id}"
    assert read.raw_path == "/orders/a b"
    assert read.path_parameters == {"id": "a b"}
    assert read.query_string_parameters == {"x": "1,2"}
    assert read.json_body == {"a": 1}
    assert read.request_context.http.method == "POST"
    assert read.request_context.http.user_agent == "curl"
    assert read.request_context.http.source_ip == "127.0.0.1"
    assert read.request_context.stage == "$default"
    assert read.request_context.time_epoch == 1_790_000_000_500
    assert read.request_context.time == "21/Sep/2026:14:13:20 +0000"
    assert read.request_context.authorizer.get_lambda == authorizer.context


def test_powertools_reads_the_authorizers_event() -> None:
    asked = request(headers=(("authorization", "Bearer x"),))
    found = authorizer_event_v2(context(asked), ["Bearer x", "GET /orders"])
    read = APIGatewayAuthorizerEventV2(found)
    assert read["type"] == "REQUEST"
    assert read.route_key == "GET /orders"
    assert read.identity_source == ["Bearer x", "GET /orders"]
    assert read.parsed_arn.http_method == "GET"
    assert read.parsed_arn.resource == "orders"
    assert read.headers["authorization"] == "Bearer x"
    assert "body" not in found


def test_repeated_headers_are_joined_and_cookies_stand_apart() -> None:
    found = event(headers=(("x-a", "1"), ("x-a", "2"), ("cookie", "a=1; b=2"), ("cookie", "c=3")))
    assert found["headers"]["x-a"] == "1,2"
    assert "cookie" not in found["headers"]
    assert found["cookies"] == ["a=1", "b=2", "c=3"]


def test_a_clients_forwarded_address_is_kept_before_its_real_one() -> None:
    headers = event(headers=(("x-forwarded-for", "10.0.0.1"),))["headers"]
    assert headers["x-forwarded-for"] == "10.0.0.1, 127.0.0.1"


@pytest.mark.parametrize(
    ("path", "raw_path"),
    [("/a%20b", "/a b"), ("/a%25b", "/a%25b"), ("/a%2520b", "/a%2520b"), ("/a%2Fb", "/a/b")],
)
def test_the_raw_path_is_decoded_but_for_the_percent_sign(path: str, raw_path: str) -> None:
    assert event("GET", path)["rawPath"] == raw_path


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("application/json", "é".encode(), ("é", False)),
        ("text/plain; charset=UTF-8", b"x", ("x", False)),
        ("text/csv", b"a,b", ("a,b", False)),
        ("application/xml", b"<a/>", ("<a/>", False)),
        ("text/plain; charset=iso-8859-1", b"x", ("eA==", True)),
        ("application/json", b"\xff", ("/w==", True)),
        ("application/x-www-form-urlencoded", b"a=1", ("YT0x", True)),
        ("application/octet-stream", b"x", ("eA==", True)),
        (None, b"x", ("eA==", True)),
    ],
)
def test_only_declared_text_arrives_as_text(
    content_type: str | None, body: bytes, expected: tuple[str, bool]
) -> None:
    headers = (("content-type", content_type),) if content_type else ()
    found = event("POST", headers=headers, body=body)
    assert (found["body"], found["isBase64Encoded"]) == expected


def test_stage_variables_are_handed_over() -> None:
    stage = StageConfig("beta", None, None, {"colour": "green"})
    found = integration_event_v2(context(request(), stage=stage), None)
    assert found["stageVariables"] == {"colour": "green"}
