import json
from typing import Any

import pytest

from local.gateway.integrations.lambda_response import integration_response
from local.gateway.messages import GatewayResponse, Refusal
from local.runtime.outcome import Failed, GaveUp, Succeeded


def respond(result: Any) -> GatewayResponse:
    return integration_response(Succeeded(json.dumps(result).encode()))


def test_a_declared_response_is_given_as_it_is() -> None:
    result = {
        "statusCode": 201,
        "headers": {"X-A": "1", "Content-Type": "application/json", "x-n": 3, "x-b": True},
        "cookies": ["a=1", "b=2"],
        "body": "{}",
    }
    assert respond(result) == GatewayResponse(
        201,
        [
            ("x-a", "1"),
            ("content-type", "application/json"),
            ("x-n", "3"),
            ("x-b", "true"),
            ("set-cookie", "a=1"),
            ("set-cookie", "b=2"),
        ],
        b"{}",
    )


@pytest.mark.parametrize(
    ("result", "body"),
    [
        ({"body": "hi"}, b'{"body":"hi"}'),
        ([1, 2], b"[1,2]"),
        ("hello", b"hello"),
        (None, b"null"),
        (3, b"3"),
    ],
)
def test_without_a_status_the_whole_result_is_the_body(result: Any, body: bytes) -> None:
    assert respond(result) == GatewayResponse(200, [("content-type", "application/json")], body)


def test_a_missing_content_type_is_plain_text() -> None:
    assert respond({"statusCode": 200, "body": "x"}).headers == [("content-type", "text/plain")]


def test_a_base64_body_is_decoded() -> None:
    result = {"statusCode": 200, "body": "/wA=", "isBase64Encoded": True}
    assert respond(result).body == b"\xff\x00"


@pytest.mark.parametrize("status", ["200", 599])
def test_a_status_may_be_digits(status: Any) -> None:
    assert respond({"statusCode": status}).status == int(status)


@pytest.mark.parametrize(
    "result",
    [
        {"statusCode": None},
        {"statusCode": "ok"},
        {"statusCode": "²00"},
        {"statusCode": True},
        {"statusCode": 99},
        {"statusCode": 600},
        {"statusCode": 200.5},
        {"statusCode": 200, "headers": ["x"]},
        {"statusCode": 200, "headers": {"x": {}}},
        {"statusCode": 200, "headers": {"x": "a\r\nset-cookie: b"}},
        {"statusCode": 200, "cookies": "a=1"},
        {"statusCode": 200, "cookies": [{}]},
        {"statusCode": 200, "body": {}},
        {"statusCode": 200, "body": "!", "isBase64Encoded": True},
    ],
)
def test_a_malformed_response_is_500(result: Any) -> None:
    with pytest.raises(Refusal) as raised:
        respond(result)
    assert (raised.value.status, raised.value.message) == (500, "Internal Server Error")


def test_a_result_that_is_no_json_is_500() -> None:
    with pytest.raises(Refusal, match="no JSON"):
        integration_response(Succeeded(b"<html>"))


def test_a_failed_function_is_500_and_tells_the_caller_nothing() -> None:
    with pytest.raises(Refusal, match="KeyError: secret") as raised:
        integration_response(Failed("KeyError", "secret"))
    assert raised.value.response().body == b'{"message":"Internal Server Error"}'


def test_a_slow_function_is_503() -> None:
    with pytest.raises(Refusal) as raised:
        integration_response(GaveUp(30))
    assert raised.value.status == 503
