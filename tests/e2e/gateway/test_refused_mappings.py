"""Parameter mappings that API Gateway would not take stop the start."""

from typing import Any

import pytest

from .conftest import Serve
from .refusal import refusal
from .templates import http_integration, lambda_integration

BACKEND = "http://127.0.0.1:1"
RESERVED = (
    "Authorization",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Location",
    "Forwarded",
    "Keep-Alive",
    "Origin",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "TE",
    "Trailers",
    "Transfer-Encoding",
    "Upgrade",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "access-control-allow-origin",
    "apigw-requestid",
    "x-amz-date",
    "X-Amzn-Trace-Id",
)


@pytest.mark.parametrize("name", RESERVED)
def test_a_reserved_header_cannot_be_mapped(serve: Serve, name: str) -> None:
    asked = {f"overwrite:header.{name}": "x"}
    told = refusal(serve, Back=http_integration(BACKEND, RequestParameters=asked))
    assert told.startswith("Stack.Back, property RequestParameters.overwrite:header.")
    assert "is reserved" in told
    answer = {
        "200": {"ResponseParameters": [{"Destination": f"remove:header.{name}", "Source": ""}]}
    }
    told = refusal(serve, Back=http_integration(BACKEND, ResponseParameters=answer))
    assert "Stack.Back, property ResponseParameters.200." in told
    assert "is reserved" in told


@pytest.mark.parametrize(
    ("place", "value", "problem"),
    [
        ("append:path", "x", "append:path"),
        ("overwrite:body", "x", "overwrite:body"),
        ("replace:header.x", "x", "replace:header.x"),
        ("overwrite:header.", "x", "overwrite:header."),
        ("overwrite:header.x:y", "x", "is not a header name"),
        ("overwrite:statuscode", "200", "overwrite:statuscode"),
        ("overwrite:header.x", "$request.cookie.a", "is not modelled"),
        ("overwrite:header.x", "$response.header.a", "is not modelled"),
        ("overwrite:header.x", "$request.body..a", "is not modelled"),
        ("overwrite:header.x", "$request.body.a[?(@.b)]", "is not modelled"),
        ("overwrite:header.x", "$request.body.a[*]", "is not modelled"),
        ("overwrite:header.x", "${request.nothing}", "is not modelled"),
        ("overwrite:header.x", "a $request.header.b", "use ${...}"),
        ("remove:header.x", "y", "has no value"),
    ],
)
def test_an_unknown_request_parameter_is_refused(
    serve: Serve, place: str, value: str, problem: str
) -> None:
    told = refusal(serve, Back=http_integration(BACKEND, RequestParameters={place: value}))
    assert told.startswith("Stack.Back, property RequestParameters.")
    assert problem in told


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({"20x": {"ResponseParameters": []}}, "a status is 200 to 599"),
        ({"100": {"ResponseParameters": []}}, "a status is 200 to 599"),
        ({"200": {"Other": []}}, "ResponseParameters.200.Other"),
        ({"200": {"ResponseParameters": [{"Destination": "x", "Source": "y"}]}}, "'x' is no"),
        (
            {
                "200": {
                    "ResponseParameters": [
                        {"Destination": "overwrite:statuscode", "Source": "$context.x"}
                    ]
                }
            },
            "is not a status",
        ),
        (
            {
                "200": {
                    "ResponseParameters": [{"Destination": "append:querystring.x", "Source": "y"}]
                }
            },
            "append:querystring.x",
        ),
        (
            {
                "200": {
                    "ResponseParameters": [
                        {"Destination": "append:header.x", "Source": "$request.header.y"}
                    ]
                }
            },
            "is not modelled",
        ),
    ],
)
def test_an_unknown_response_parameter_is_refused(
    serve: Serve, parameters: Any, problem: str
) -> None:
    assert problem in refusal(serve, Back=lambda_integration(ResponseParameters=parameters))
