"""The events that functions get, over the socket, read by Powertools and held to field lists."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes import (
    APIGatewayProxyEvent,
    APIGatewayProxyEventV2,
)
from aws_lambda_powertools.utilities.data_classes.api_gateway_authorizer_event import (
    APIGatewayAuthorizerEventV2,
    APIGatewayAuthorizerRequestEvent,
)

from .conftest import Api, Serve
from .templates import lambda_authorizer, resource, route, stage

FIXTURES = Path(__file__).parents[2] / "events"
VERDICT = json.dumps({"return": {"isAuthorized": True, "context": {"event": "$event"}}})
POLICY_VERDICT = json.dumps(
    {
        "return": {
            "principalId": "someone",
            "policyDocument": {
                "Statement": {"Action": "*", "Effect": "Allow", "Resource": "*"},
            },
            "context": {"methodArn": "$arn"},
        }
    }
)


@pytest.fixture(scope="module")
def api(serve_for_module: Serve) -> Api:
    sources = ("$request.header.X-Token", "$request.querystring.q")
    return serve_for_module(
        route("ANY /two/{id}"),
        route("ANY /one/{id}", "Lambda1"),
        route("$default", "Lambda1"),
        route("GET /authorized/two/{id}", "Lambda2", "Tokens2"),
        route("GET /authorized/one/{id}", "Lambda1", "Tokens2"),
        route("GET /policy/two/{id}", "Lambda2", "Tokens1"),
        route("GET /policy/one/{id}", "Lambda1", "Tokens1"),
        Tokens2=lambda_authorizer(*sources),
        Tokens1=lambda_authorizer(*sources, payload="1.0", simple=False),
        Beta=stage("beta", StageVariables={"colour": "green"}),
    )


def shape(value: Any) -> Any:
    """Where what kind of value stands: objects by member, all else by the name of its type."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    return type(value).__name__


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


HEADERS = (("user-agent", "curl/8"), ("content-type", "application/json"), ("cookie", "a=1; b=2"))


def test_payload_two_has_the_documented_members(api: Api) -> None:
    event = api.event("POST", "/beta/two/7?x=1&x=2&y=", HEADERS, b'{"a": 1}')
    assert shape(event) == shape(fixture("http_api_proxy_v2"))


def test_payload_one_has_the_documented_members(api: Api) -> None:
    event = api.event("POST", "/beta/one/7?x=1&x=2&y=", HEADERS, b'{"a": 1}')
    assert shape(event) == shape(fixture("http_api_proxy_v1"))


def test_an_authorizers_payload_two_has_the_documented_members(api: Api) -> None:
    headers = (*HEADERS, ("x-token", "t"), ("x-verdict", VERDICT))
    context = api.event("GET", "/beta/authorized/two/7?q=1", headers)["requestContext"]
    seen = context["authorizer"]["lambda"]["event"]
    assert shape(seen) == shape(fixture("http_api_authorizer_v2"))


def test_an_authorizers_payload_one_has_the_documented_members(api: Api) -> None:
    verdict = json.loads(POLICY_VERDICT)
    verdict["return"]["context"] = {"event": "$eventText"}
    headers = (*HEADERS, ("x-token", "t"), ("x-verdict", json.dumps(verdict)))
    context = api.event("GET", "/beta/policy/two/7?q=1", headers)["requestContext"]
    seen = json.loads(context["authorizer"]["lambda"]["event"])
    assert shape(seen) == shape(fixture("http_api_authorizer_v1"))
    read = APIGatewayAuthorizerRequestEvent(seen)
    assert (read.version, read.get_type, read.http_method) == ("1.0", "REQUEST", "GET")
    assert (read.identity_source, read.authorization_token) == ("t,1", "t,1")
    assert (read.resource, read.path) == ("/policy/two/{id}", "/beta/policy/two/7")
    assert (read.path_parameters, read.query_string_parameters) == ({"id": "7"}, {"q": "1"})
    assert read.stage_variables == {"colour": "green"}
    assert read.parsed_arn.stage == "beta"
    assert (read.parsed_arn.http_method, read.parsed_arn.resource) == ("GET", "policy/two/7")
    assert read.request_context.identity.source_ip == "127.0.0.1"


def test_powertools_reads_payload_two(api: Api) -> None:
    event = api.event("POST", "/beta/two/a%20b?x=1&x=2&y=", HEADERS, b'{"a": 1}')
    read = APIGatewayProxyEventV2(event)
    assert (read.version, read.route_key) == ("2.0", "ANY /two/{id}")
    assert (read.raw_path, read.raw_query_string) == ("/beta/two/a b", "x=1&x=2&y=")
    assert (read.path_parameters, read.stage_variables) == ({"id": "a b"}, {"colour": "green"})
    assert read.query_string_parameters == {"x": "1,2", "y": ""}
    assert (read.json_body, read.is_base64_encoded) == ({"a": 1}, False)
    assert read.cookies == ["a=1", "b=2"]
    assert read.request_context.http.method == "POST"
    assert read.request_context.http.user_agent == "curl/8"
    assert read.request_context.http.source_ip == "127.0.0.1"
    assert (read.request_context.stage, read.request_context.domain_prefix) == (
        "beta",
        read.request_context.api_id,
    )


def test_powertools_reads_payload_one(api: Api) -> None:
    event = api.event("POST", "/one/7?x=1&x=2", (*HEADERS, ("x-a", "1"), ("x-a", "2")), b'{"a": 1}')
    read = APIGatewayProxyEvent(event)
    assert (read.version, read.resource, read.path) == ("1.0", "/one/{id}", "/one/7")
    assert (read.http_method, read.path_parameters) == ("POST", {"id": "7"})
    assert read.multi_value_headers["x-a"] == ["1", "2"]
    assert read.headers["x-a"] == "2"
    assert read.multi_value_query_string_parameters == {"x": ["1", "2"]}
    assert read.query_string_parameters == {"x": "2"}
    assert read.json_body == {"a": 1}
    assert read.headers["Content-Type"] == "application/json"
    assert event["headers"]["cookie"] == "a=1; b=2"
    assert read.request_context.resource_path == "/one/{id}"
    assert event["requestContext"]["resourceId"] == "ANY /one/{id}"
    assert event["requestContext"]["extendedRequestId"] == event["requestContext"]["requestId"]


def test_payload_one_has_what_aws_recorded(api: Api) -> None:
    headers = (
        ("Cookie", "session=abc123; theme=dark"),
        ("X-Custom-Header", "value1"),
        ("x-lower", "2"),
        ("X-Twice", "1"),
        ("x-twice", "2"),
        ("user-agent", "TestAgent"),
        ("Content-Length", "0"),
    )
    sent = "/beta/one/****%20Doe%2FSummer"
    event = api.event("POST", f"{sent}?status=pending&tag=important&tag=urgent", headers)
    assert event["path"] == sent
    assert event["requestContext"]["path"] == "/beta/one/**** Doe/Summer"
    assert event["pathParameters"] == {"id": "**** Doe/Summer"}
    assert event["queryStringParameters"] == {"status": "pending", "tag": "urgent"}
    assert event["multiValueQueryStringParameters"]["tag"] == ["important", "urgent"]
    assert event["headers"].items() >= {
        ("Cookie", "session=abc123; theme=dark"),
        ("X-Custom-Header", "value1"),
        ("x-lower", "2"),
        ("X-Twice", "2"),
        ("User-Agent", "TestAgent"),
        ("Content-Length", "0"),
    }
    assert event["multiValueHeaders"]["X-Twice"] == ["1", "2"]
    assert event["multiValueHeaders"].keys() == event["headers"].keys()


def test_an_authorizers_payload_one_has_what_aws_recorded_too(api: Api) -> None:
    verdict = json.loads(POLICY_VERDICT)
    verdict["return"]["context"] = {"event": "$eventText"}
    headers = (("X-Token", "t"), ("x-verdict", json.dumps(verdict)), ("X-Custom-Header", "1"))
    answered = api.event("GET", "/beta/policy/two/a%20b?q=1&q=2", headers)
    seen = json.loads(answered["requestContext"]["authorizer"]["lambda"]["event"])
    assert (seen["path"], seen["requestContext"]["path"]) == (
        "/beta/policy/two/a%20b",
        "/beta/policy/two/a b",
    )
    assert seen["queryStringParameters"] == {"q": "2"}
    assert {"X-Token", "X-Custom-Header", "Content-Length"} <= seen["headers"].keys()


def test_each_request_of_a_connection_has_its_own_names(api: Api) -> None:
    requests = (
        "GET /one/1 HTTP/1.1\r\nhost: x\r\nX-First: 1\r\n\r\n"
        "GET /one/2 HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-FIRST: 1\r\n\r\n"
    )
    answers = api.raw(requests.encode()).split(b"\r\n\r\n")
    assert b'"X-First"' in answers[1]
    assert b'"x-FIRST"' in answers[2]
    assert b'"X-First"' not in answers[2]


@pytest.mark.parametrize("path", ["/two/7", "/one/7"])
def test_a_request_without_a_body_has_a_content_length_of_zero(api: Api, path: str) -> None:
    for method in ("GET", "DELETE"):
        headers = api.event(method, path)["headers"]
        assert {name.lower(): value for name, value in headers.items()}["content-length"] == "0"


def test_a_chunked_request_has_no_content_length(api: Api) -> None:
    request = "POST /two/7 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
    body = "transfer-encoding: chunked\r\n\r\n0\r\n\r\n"
    event = json.loads(api.raw((request + body).encode()).partition(b"\r\n\r\n")[2])
    assert "content-length" not in event["headers"]


def test_what_is_empty_is_absent_in_payload_two_and_null_in_payload_one(api: Api) -> None:
    two, one = api.event("GET", "/two/7"), api.event("GET", "/other")
    empty = {"cookies", "queryStringParameters", "stageVariables", "body"}
    assert not empty & two.keys()
    assert two["rawQueryString"] == ""
    assert two["isBase64Encoded"] is False
    assert "authorizer" not in two["requestContext"]
    nulls = ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters")
    assert [one[name] for name in (*nulls, "stageVariables", "body")] == [None] * 5
    assert (one["resource"], one["requestContext"]["resourcePath"]) == ("$default", "$default")
    assert "authorizer" not in one["requestContext"]


def test_powertools_reads_the_authorizers_payload_two(api: Api) -> None:
    headers = (*HEADERS, ("X-Token", "t"), ("x-verdict", VERDICT))
    context = api.event("GET", "/beta/authorized/two/7?q=1", headers)["requestContext"]
    read = APIGatewayAuthorizerEventV2(context["authorizer"]["lambda"]["event"])
    assert (read.version, read.get_type) == ("2.0", "REQUEST")
    assert read.identity_source == ["t", "1"]
    assert read.route_key == "GET /authorized/two/{id}"
    assert (read.raw_path, read.raw_query_string) == ("/beta/authorized/two/7", "q=1")
    assert read.cookies == ["a=1", "b=2"]
    assert (read.path_parameters, read.stage_variables) == ({"id": "7"}, {"colour": "green"})
    assert read.parsed_arn.stage == "beta"
    assert (read.parsed_arn.http_method, read.parsed_arn.resource) == ("GET", "authorized/two/7")
    assert read.request_context.request_id == context["requestId"]
    assert "body" not in read.raw_event


def test_repeated_headers_are_joined_and_cookies_stand_apart(api: Api) -> None:
    headers = (("X-A", "1"), ("x-a", "2"), ("cookie", "a=1; b=2"), ("cookie", "c=3"))
    event = api.event("GET", "/two/7", headers)
    assert event["headers"]["x-a"] == "1,2"
    assert "cookie" not in event["headers"]
    assert event["cookies"] == ["a=1", "b=2", "c=3"]


def test_the_gateway_adds_its_own_headers_and_keeps_the_connections_away(api: Api) -> None:
    headers = (
        ("x-forwarded-for", "10.0.0.1"),
        ("x-forwarded-proto", "https"),
        ("connection", "x-hop, keep-alive"),
        ("x-hop", "1"),
        ("te", "trailers"),
        ("upgrade", "h2c"),
    )
    found = api.event("GET", "/two/7", headers)["headers"]
    assert found["x-forwarded-for"] == "10.0.0.1, 127.0.0.1"
    assert found["x-forwarded-proto"] == "http"
    assert found["x-forwarded-port"] == str(api.address[1])
    assert found["x-amzn-trace-id"].startswith("Root=1-")
    assert not {"connection", "x-hop", "te", "upgrade"} & found.keys()


def test_a_clients_trace_id_is_kept(api: Api) -> None:
    headers = (("X-Amzn-Trace-Id", "Root=1-a-b"),)
    assert api.event("GET", "/two/7", headers)["headers"]["x-amzn-trace-id"] == "Root=1-a-b"


@pytest.mark.parametrize("path", ["/two/7", "/one/7"])
@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("application/json", "\u00e9".encode(), ("\u00e9", False)),
        ("text/plain; charset=UTF-8", b"x", ("x", False)),
        ("text/csv", b"a,b", ("a,b", False)),
        ("application/xml", b"<a/>", ("<a/>", False)),
        ("application/javascript", b"1", ("1", False)),
        ("text/plain; charset=iso-8859-1", b"x", ("eA==", True)),
        ("application/json", b"\xff", ("/w==", True)),
        ("application/x-www-form-urlencoded", b"a=1", ("YT0x", True)),
        ("application/octet-stream", b"x", ("eA==", True)),
        ("application/vnd.api+json", b"x", ("eA==", True)),
        (None, b"x", ("eA==", True)),
    ],
)
def test_only_declared_text_arrives_as_text(
    api: Api, path: str, content_type: str | None, body: bytes, expected: tuple[str, bool]
) -> None:
    headers = (("content-type", content_type),) if content_type else ()
    event = api.event("POST", path, headers, body)
    assert (event["body"], event["isBase64Encoded"]) == expected


def test_a_plus_in_the_query_is_a_space_and_the_raw_string_stays(api: Api) -> None:
    event = api.event("GET", "/two/7?a=1+2&b=%2B&c")
    assert event["rawQueryString"] == "a=1+2&b=%2B&c"
    assert event["queryStringParameters"] == {"a": "1 2", "b": "+", "c": ""}


def test_a_header_above_ascii_arrives_as_latin_1(api: Api) -> None:
    received = api.raw(b"GET /two/7 HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-a: \xe9\r\n\r\n")
    event = json.loads(received.partition(b"\r\n\r\n")[2])
    assert event["headers"]["x-a"] == "\u00e9"


def test_an_api_with_a_name_of_its_own_tells_functions_the_name(serve: Serve) -> None:
    api = resource("Api", Name="Api", ProtocolType="HTTP", DisableExecuteApiEndpoint=True)
    name = resource(
        "DomainName", DomainName="api.orders.test", MutualTlsAuthentication={"TruststoreUri": "s3:"}
    )
    mapping = resource(
        "ApiMapping", ApiId={"Ref": "Api"}, DomainName={"Ref": "Name"}, Stage="$default"
    )
    event = serve(route("GET /a"), Api=api, Name=name, Mapping=mapping).event("GET", "/a")
    context = event["requestContext"]
    assert (context["domainName"], context["domainPrefix"]) == ("api.orders.test", "api")
