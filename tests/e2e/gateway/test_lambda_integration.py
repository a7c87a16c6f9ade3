"""Lambda integrations through a socket: answers, inference, failures, limits."""

import json
from typing import Any

import pytest

from local.runtime.outcome import Succeeded

from .conftest import Answer, Api, Serve
from .templates import lambda_integration, route


@pytest.fixture(scope="module")
def api(serve_for_module: Serve) -> Api:
    mapped = {
        "200": {
            "ResponseParameters": [
                {"Destination": "overwrite:statuscode", "Source": "202"},
                {"Destination": "append:header.x-id", "Source": "$context.requestId"},
                {"Destination": "remove:header.x-secret", "Source": ""},
                {"Destination": "overwrite:header.x-name", "Source": "<${response.body.name}>"},
            ]
        }
    }
    return serve_for_module(
        route("ANY /two"),
        route("ANY /one", "Lambda1"),
        route("GET /late", "Late"),
        route("GET /mapped", "Mapped"),
        Late=lambda_integration(TimeoutInMillis=300),
        Mapped=lambda_integration(ResponseParameters=mapped),
    )


def ask(api: Api, path: str, answer: Any, method: str = "GET") -> Answer:
    return api.call(method, path, (("x-answer", json.dumps(answer)),))


FAILED = b'{"message":"Internal Server Error"}'


@pytest.mark.parametrize(
    ("result", "body"),
    [
        ({"body": "hi"}, b'{"body": "hi"}'),
        ({"name": "John Doe", "age": 30}, b'{"name": "John Doe", "age": 30}'),
        ([1, 2, 3, 4, 5], b"[1, 2, 3, 4, 5]"),
        ({"n": "\u00fc"}, '{"n": "\u00fc"}'.encode()),
        ("hello", b"hello"),
        ('Special "quoted" text', b'Special "quoted" text'),
        ("", b""),
        (None, b"null"),
        (True, b"true"),
        (3, b"3"),
        ({}, b"{}"),
        ("\u20ac", "\u20ac".encode()),
    ],
)
def test_without_a_status_the_whole_result_is_the_body(api: Api, result: Any, body: bytes) -> None:
    answer = ask(api, "/two", result)
    assert (answer.status, answer.header("content-type")) == (200, "application/json")
    assert answer.body == body


@pytest.mark.parametrize(
    ("payload", "body"),
    [
        (b'{"name": "John Doe", "age":', b'{"name": "John Doe", "age":'),
        (b"Hello, World!", b"Hello, World!"),
        (b'{ "a" :1,"a":2 }', b'{ "a" :1,"a":2 }'),
        (b"1.50", b"1.50"),
        (b"\xff\x00", b"\xff\x00"),
        (b"", b""),
        (b"[" * 9000, b"[" * 9000),
        (b'"test"', b"test"),
    ],
)
def test_a_result_without_a_status_leaves_as_its_function_wrote_it(
    serve: Serve, payload: bytes, body: bytes
) -> None:
    # Of the runtimes, only those for other languages let a function write its own bytes.
    api = serve(
        route("GET /two"),
        route("GET /one", "Lambda1"),
        invoke=lambda _name, _event, _seconds: Succeeded(payload),
    )
    answer = api.call("GET", "/two")
    assert (answer.status, answer.header("content-type")) == (200, "application/json")
    assert answer.body == body
    assert (api.call("GET", "/one").status, api.call("GET", "/one").body) == (500, FAILED)


@pytest.mark.parametrize("result", [{"body": "hi"}, "hello", None, [1]])
def test_payload_one_infers_nothing(api: Api, result: Any) -> None:
    answer = ask(api, "/one", result)
    assert (answer.status, answer.body) == (500, FAILED)


def test_a_declared_response_is_given_as_it_is(api: Api) -> None:
    answer = ask(
        api,
        "/two",
        {
            "statusCode": 201,
            "headers": {"X-A": "1", "Content-Type": "text/csv", "x-n": 3, "x-b": True},
            "cookies": ["a=1; Secure", "b=2"],
            "body": "a,b",
        },
    )
    assert (answer.status, answer.body, answer.header("content-type")) == (201, b"a,b", "text/csv")
    assert [answer.header(name) for name in ("x-a", "x-n", "x-b")] == ["1", "3", "true"]
    assert answer.all("set-cookie") == ["a=1; Secure", "b=2"]
    assert answer.header("content-length") == "3"
    assert answer.header("apigw-requestid")


def test_payload_one_knows_headers_of_several_values(api: Api) -> None:
    answer = ask(
        api,
        "/one",
        {
            "statusCode": 200,
            "headers": {"x-a": "0", "x-c": "3"},
            "multiValueHeaders": {"X-A": ["1", "2"], "Set-Cookie": ["a=1", "b=2"]},
            "cookies": ["no"],
        },
    )
    assert (answer.all("x-a"), answer.all("x-c")) == (["0", "1", "2"], ["3"])
    assert answer.all("set-cookie") == ["a=1", "b=2"]


def test_a_header_of_payload_one_has_its_single_and_its_several_values(api: Api) -> None:
    answer = ask(
        api,
        "/one",
        {
            "statusCode": 200,
            "headers": {"Combined-Header": "single", "x-same": "1", "Set-Cookie": "a=1"},
            "multiValueHeaders": {
                "Combined-Header": ["multi1", "multi2"],
                "X-Same": ["1", "2"],
                "set-cookie": ["b=2"],
            },
        },
    )
    assert answer.all("combined-header") == ["single", "multi1", "multi2"]
    assert answer.all("x-same") == ["1", "2"]
    assert answer.all("set-cookie") == ["a=1", "b=2"]


def test_payload_two_knows_no_multi_value_headers(api: Api) -> None:
    answer = ask(api, "/two", {"statusCode": 200, "multiValueHeaders": {"x-a": ["1"]}})
    assert answer.header("x-a") is None


@pytest.mark.parametrize("path", ["/one", "/two"])
def test_a_missing_content_type_is_plain_text(api: Api, path: str) -> None:
    answer = ask(api, path, {"statusCode": 200, "body": "Hello, World!"})
    assert answer.all("content-type") == ["text/plain; charset=utf-8"]


@pytest.mark.parametrize("path", ["/one", "/two", "/mapped"])
def test_an_answer_is_of_one_content_type(api: Api, path: str) -> None:
    types = {"Content-Type": "text/html", "content-type": "application/json"}
    answer = ask(api, path, {"statusCode": 200, "headers": types})
    assert answer.all("content-type") == ["application/json"]


def test_an_answer_of_payload_one_with_several_content_types_has_the_last(api: Api) -> None:
    several = {"content-type": ["text/html", "text/css"]}
    answer = ask(
        api,
        "/one",
        {"statusCode": 200, "headers": {"Content-Type": "a/b"}, "multiValueHeaders": several},
    )
    assert answer.all("content-type") == ["text/css"]


@pytest.mark.parametrize("path", ["/one", "/two"])
@pytest.mark.parametrize("name", ["Date", "date", "Apigw-Requestid", "apigw-requestid"])
def test_what_the_gateway_says_of_an_answer_its_function_does_not(
    api: Api, path: str, name: str
) -> None:
    answer = ask(api, path, {"statusCode": 200, "headers": {name: "mine", "x-mine": "1"}})
    [value] = answer.all(name.lower())
    assert value != "mine"
    assert answer.header("x-mine") == "1"


def test_a_mapping_cannot_say_it_either(serve: Serve) -> None:
    mapped = {
        "200": {
            "ResponseParameters": [
                {"Destination": "append:header.date", "Source": "mine"},
                {"Destination": "append:header.www-authenticate", "Source": "Bearer"},
                {"Destination": "append:header.content-type", "Source": "text/css"},
            ]
        }
    }
    api = serve(route("GET /a"), Lambda2=lambda_integration(ResponseParameters=mapped))
    answer = ask(api, "/a", {"statusCode": 200, "headers": {"content-type": "text/html"}})
    assert "mine" not in answer.all("date")
    assert answer.header("www-authenticate") is None
    assert answer.header("x-amzn-remapped-www-authenticate") == "Bearer"
    assert answer.all("content-type") == ["text/css"]


@pytest.mark.parametrize("path", ["/one", "/two"])
@pytest.mark.parametrize("status", [200, 401, 403])
def test_a_functions_challenge_is_renamed(api: Api, path: str, status: int) -> None:
    challenge = 'Bearer error="insufficient_scope"'
    headers = {"WWW-Authenticate": challenge}
    answer = ask(api, path, {"statusCode": status, "headers": headers})
    assert answer.header("www-authenticate") is None
    assert answer.all("x-amzn-remapped-www-authenticate") == [challenge]


def test_a_base64_body_is_decoded(api: Api) -> None:
    result = {"statusCode": 200, "body": "/wA=", "isBase64Encoded": True}
    assert ask(api, "/two", result).body == b"\xff\x00"


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body_has_none(api: Api, status: int) -> None:
    answer = ask(api, "/two", {"statusCode": status, "body": "x"})
    assert (answer.status, answer.body) == (status, b"")


def test_the_answer_to_a_head_request_has_no_body(api: Api) -> None:
    answer = ask(api, "/two", {"statusCode": 200, "body": "abc"}, "HEAD")
    assert (answer.status, answer.body, answer.header("content-length")) == (200, b"", "3")


@pytest.mark.parametrize("path", ["/one", "/two"])
@pytest.mark.parametrize(
    "result",
    [
        {"statusCode": None},
        {"statusCode": "ok"},
        {"statusCode": "\u00b200"},
        {"statusCode": True},
        {"statusCode": 0},
        {"statusCode": 99},
        {"statusCode": 101},
        {"statusCode": 600},
        {"statusCode": 200.5},
        {"statusCode": "9" * 5000},
        {"statusCode": 200, "headers": ["x"]},
        {"statusCode": 200, "headers": {"x": {}}},
        {"statusCode": 200, "headers": {"x": None}},
        {"statusCode": 200, "headers": {"x": "a\r\nset-cookie: b"}},
        {"statusCode": 200, "headers": {"x": "a\x00"}},
        {"statusCode": 200, "headers": {"x y": "a"}},
        {"statusCode": 200, "headers": {"": "a"}},
        {"statusCode": 200, "headers": {"x": "\u20ac"}},
        {"statusCode": 200, "body": {}},
        {"statusCode": 200, "body": "!", "isBase64Encoded": True},
        {"statusCode": 200, "body": "eA==", "isBase64Encoded": "true"},
    ],
    ids=lambda value: json.dumps(value)[:60],
)
def test_a_malformed_response_is_500_and_the_next_is_served(
    api: Api, path: str, result: Any
) -> None:
    answer = ask(api, path, result)
    assert (answer.status, answer.body) == (500, FAILED)
    assert ask(api, path, {"statusCode": 200}).status == 200


@pytest.mark.parametrize(
    ("path", "result"),
    [
        ("/two", {"statusCode": 200, "cookies": "a=1"}),
        ("/two", {"statusCode": 200, "cookies": [{}]}),
        ("/two", {"statusCode": 200, "cookies": ["a\nb"]}),
        ("/one", {"statusCode": 200, "multiValueHeaders": {"x": "1"}}),
        ("/one", {"statusCode": 200, "multiValueHeaders": {"x": [None]}}),
        ("/one", {"statusCode": 200, "multiValueHeaders": []}),
    ],
)
def test_malformed_lists_of_headers_are_500(api: Api, path: str, result: Any) -> None:
    assert ask(api, path, result).status == 500


@pytest.mark.parametrize("name", ["Connection", "Transfer-Encoding", "Upgrade", "Keep-Alive"])
def test_a_functions_connection_headers_are_not_the_gateways(api: Api, name: str) -> None:
    answer = ask(api, "/two", {"statusCode": 200, "headers": {name: "chunked"}, "body": "abc"})
    assert (answer.status, answer.body, answer.header("content-length")) == (200, b"abc", "3")
    assert answer.header(name.lower()) is None


def test_a_functions_content_length_is_corrected(api: Api) -> None:
    result = {"statusCode": 200, "headers": {"content-length": "99"}, "body": "abc"}
    answer = ask(api, "/two", result)
    assert (answer.body, answer.all("content-length")) == (b"abc", ["3"])


@pytest.mark.parametrize("header", [("x-raise", "secret"), ("x-exit", "1")])
def test_a_failed_function_is_500_and_tells_the_caller_nothing(
    api: Api, header: tuple[str, str]
) -> None:
    answer = api.call("GET", "/two", (header,))
    assert (answer.status, answer.body) == (500, FAILED)
    assert api.call("GET", "/two").status == 200


def test_an_integration_that_takes_too_long_is_503(api: Api) -> None:
    answer = api.call("GET", "/late", (("x-sleep", "1"),))
    assert (answer.status, answer.json) == (503, {"message": "Service Unavailable"})


def test_an_event_over_six_megabytes_is_413(api: Api) -> None:
    body = b"a" * (6 * 1024 * 1024)
    headers = (("content-type", "text/plain"),)
    answer = api.call("POST", "/two", headers, body)
    assert (answer.status, answer.json) == (413, {"message": "Request Entity Too Large"})
    assert api.call("POST", "/two", headers, body[:1_000_000]).status == 200


def test_a_result_over_six_megabytes_is_500(api: Api) -> None:
    assert api.call("GET", "/two", (("x-large", str(6_291_556)),)).status == 500
    answer = api.call("GET", "/two", (("x-large", str(6_291_000)),))
    assert (answer.status, len(answer.body)) == (200, 6_291_000)


def test_response_parameters_change_a_functions_answer_too(api: Api) -> None:
    headers = {"x-secret": "1", "x-name": "old"}
    answer = ask(
        api, "/mapped", {"statusCode": 200, "headers": headers, "body": '{"name": "lamp"}'}
    )
    assert (answer.status, answer.header("x-name")) == (202, "<lamp>")
    assert answer.header("x-secret") is None
    assert answer.header("x-id") == answer.header("apigw-requestid")
    assert ask(api, "/mapped", {"statusCode": 404}).status == 404
