"""HTTP proxy integrations through two sockets: the gateway's and a backend's."""

import json
from typing import Any

import pytest

from .conftest import Answer, Api, Serve
from .templates import http_integration, lambda_authorizer, route, stage

BODY = json.dumps({"name": "lamp", "tags": ["a", "b"], "deep": {"n": 1, "t": True}}).encode()


def response_changes(**by_status: dict[str, str]) -> dict[str, Any]:
    return {
        status.removeprefix("s"): {
            "ResponseParameters": [
                {"Destination": place, "Source": value} for place, value in changes.items()
            ]
        }
        for status, changes in by_status.items()
    }


@pytest.fixture(scope="module")
def api(serve_for_module: Serve, backend: str) -> Api:
    return serve_for_module(
        route("ANY /pass", "Pass"),
        route("ANY /posted", "Posted"),
        route("ANY /uncookied", "Uncookied"),
        route("ANY /all/{proxy+}", "All"),
        route("GET /pets/{id}/toys/{toy}", "Pets"),
        route("GET /query", "Query"),
        route("ANY /mapped/{id}", "Mapped", "Tokens"),
        route("ANY /path/{proxy+}", "Path"),
        route("GET /staged", "Staged"),
        route("GET /slow", "Slow"),
        route("GET /drip", "Drip"),
        route("GET /gone", "Gone"),
        route("GET /nowhere", "Nowhere"),
        route("GET /changed/{status}", "Changed"),
        Stage=stage(StageVariables={"base": "staged/base", "colour": "green"}),
        Tokens=lambda_authorizer("$request.header.X-Token"),
        Pass=http_integration(f"{backend}/back"),
        Posted=http_integration(f"{backend}/posted", "POST"),
        Uncookied=http_integration(
            f"{backend}/back", RequestParameters={"remove:header.cookie": ""}
        ),
        All=http_integration(f"{backend}/{{proxy}}"),
        Pets=http_integration(f"{backend}/p/{{id}}/t/{{toy}}"),
        Query=http_integration(f"{backend}/q?own=1"),
        Staged=http_integration(backend + "/${stageVariables.base}"),
        Slow=http_integration(f"{backend}/slow", TimeoutInMillis=300),
        Drip=http_integration(f"{backend}/drip", TimeoutInMillis=500),
        Gone=http_integration("http://127.0.0.1:1/"),
        Nowhere=http_integration("http://nowhere.invalid/"),
        Path=http_integration(
            f"{backend}/own", RequestParameters={"overwrite:path": "$request.path"}
        ),
        Mapped=http_integration(
            f"{backend}/mapped",
            RequestParameters={
                "append:header.x-many": "new",
                "overwrite:header.x-one": "$request.header.X-From",
                "remove:header.x-gone": "",
                "append:querystring.q": "$request.querystring.from",
                "overwrite:querystring.o": "<${request.path.id}|${stageVariables.colour}>",
                "remove:querystring.gone": "''",
                "overwrite:header.x-path": "$request.path",
                "overwrite:header.x-name": "$request.body.name",
                "overwrite:header.x-tag": "$request.body.tags[1]",
                "overwrite:header.x-deep": "$request.body.deep",
                "overwrite:header.x-true": "$request.body.deep.t",
                "overwrite:header.x-sub": "$context.authorizer.sub",
                "overwrite:header.x-request": "$context.requestId",
                "overwrite:header.x-none": "$request.header.x-missing",
                "overwrite:header.x-mixed": "a ${request.header.x-missing}b",
                "overwrite:header.x-static": "just text",
            },
        ),
        Changed=http_integration(
            f"{backend}/status/{{status}}",
            ResponseParameters=response_changes(
                s500={
                    "overwrite:statuscode": "403",
                    "append:header.x-id": "$context.requestId",
                },
                s404={
                    "append:header.error": "$stageVariables.colour",
                    "overwrite:header.x-method": "was ${response.body.method}",
                    "overwrite:header.content-type": "<${response.header.Content-Type}>",
                    "remove:header.server": "",
                },
            ),
        ),
    )


def sent(answer: Answer) -> Any:
    """The request as the backend got it."""
    assert answer.status == 200, answer
    return answer.json


def headers_sent(answer: Answer) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in sent(answer)["headers"]:
        found.setdefault(name, []).append(value)
    return found


def test_the_whole_request_is_passed_on(api: Api, backend: str) -> None:
    headers = (("X-A", "1"), ("x-a", "2"), ("authorization", "Bearer x"), ("cookie", "a=1"))
    seen = sent(api.call("PUT", "/pass?x=1&x=%20&y", headers, b"some body"))
    assert (seen["method"], seen["target"]) == ("PUT", "/back?x=1&x=%20&y")
    assert seen["body"] == "some body"
    found = headers_sent(api.call("PUT", "/pass", headers, b"some body"))
    assert (found["x-a"], found["cookie"]) == (["1", "2"], ["a=1"])
    assert found["authorization"] == ["Bearer x"]
    assert found["host"] == [backend.removeprefix("http://")]


def test_a_backend_whose_mapping_removes_cookies_gets_none(api: Api) -> None:
    headers = (("cookie", "__Host-Http-access=a.b.c; a=1"), ("Cookie", "b=2"), ("x-a", "1"))
    found = headers_sent(api.call("GET", "/uncookied", headers))
    assert "cookie" not in found
    assert found["x-a"] == ["1"]


def test_the_backend_learns_who_asked_and_not_our_connection(api: Api) -> None:
    headers = (("connection", "x-hop"), ("x-hop", "1"), ("forwarded", "for=x"), ("te", "trailers"))
    found = headers_sent(api.call("GET", "/pass", headers))
    assert found["forwarded"] == [f"for=127.0.0.1;host=127.0.0.1:{api.address[1]};proto=http"]
    assert found["via"] == ["HTTP/1.1 AmazonAPIGateway"]
    assert found["x-forwarded-for"] == ["127.0.0.1"]
    assert not {"x-hop", "te", "user-agent", "accept-encoding"} & found.keys()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_any_method_is_the_clients_own(api: Api, method: str) -> None:
    assert sent(api.call(method, "/pass"))["method"] == method
    assert sent(api.call(method, "/posted"))["method"] == "POST"


def test_a_head_request_stays_one(api: Api) -> None:
    answer = api.call("HEAD", "/pass")
    assert (answer.status, answer.body) == (200, b"")
    assert int(str(answer.header("content-length"))) > 0


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/all/a/b", "/a/b"),
        ("/all/a%20b/c", "/a%20b/c"),
        ("/all/a%3Fb", "/a%3Fb"),
        ("/all/a?x=1", "/a?x=1"),
        ("/pets/1/toys/a%2Fb", "/p/1/t/a/b"),
        ("/query", "/q?own=1"),
        ("/query?x=1", "/q?own=1&x=1"),
        ("/staged", "/staged/base"),
        ("/path/a%20b/c", "/path/a%20b/c"),
    ],
)
def test_the_address_is_made_of_the_path_and_the_stage(api: Api, path: str, target: str) -> None:
    assert sent(api.call("GET", path))["target"] == target


@pytest.mark.parametrize(
    "path",
    ["/all/../x", "/all/a/..", "/all/%2e%2e/x", "/pets/../toys/x", "/path/%2e%2e/x", "/all/."],
)
def test_a_path_cannot_lead_out_of_the_integrations_own(api: Api, path: str) -> None:
    answer = api.call("GET", path)
    assert answer.status in {400, 404}
    assert answer.json["message"] in {"Bad Request", "Not Found"}


VERDICT = json.dumps({"return": {"isAuthorized": True, "context": {"sub": "someone"}}})


def test_request_parameters_are_mapped(api: Api) -> None:
    headers = (
        ("x-token", "t"),
        ("x-verdict", VERDICT),
        ("x-many", "old"),
        ("x-one", "old"),
        ("x-from", "1"),
        ("x-from", "2"),
        ("x-gone", "1"),
        ("x-none", "kept"),
    )
    answer = api.call("POST", "/mapped/7?q=1&from=2&from=3&gone=1&o=old&r=a+b", headers, BODY)
    found = headers_sent(answer)
    assert (found["x-many"], found["x-one"]) == (["old", "new"], ["1,2"])
    assert "x-gone" not in found
    assert found["x-none"] == ["kept"]
    assert found["x-mixed"] == ["a b"]
    assert found["x-static"] == ["just text"]
    assert (found["x-path"], found["x-name"], found["x-tag"]) == (["/mapped/7"], ["lamp"], ["b"])
    assert (found["x-deep"], found["x-true"]) == (['{"n":1,"t":true}'], ["true"])
    assert (found["x-sub"], found["x-request"]) == (
        ["someone"],
        [answer.header("apigw-requestid")],
    )
    assert sent(answer)["target"] == "/mapped?q=1&from=2&from=3&r=a+b&q=2%2C3&o=%3C7%7Cgreen%3E"
    assert sent(answer)["body"] == BODY.decode()


def test_a_body_that_is_no_json_has_no_values(api: Api) -> None:
    headers = (("x-token", "t"), ("x-verdict", VERDICT))
    for body in (b"nonsense", b"[1]", b"[" * 9000, BODY[:-1] + b" " * 110_000 + b"}"):
        found = headers_sent(api.call("POST", "/mapped/7", headers, body))
        assert "x-name" not in found


@pytest.mark.parametrize("body", [b'{"name": "a\\r\\nx-evil: 1"}', b'{"name": "\\u0000"}'])
def test_a_mapped_value_cannot_break_out_of_its_header(api: Api, body: bytes) -> None:
    headers = (("x-token", "t"), ("x-verdict", VERDICT))
    answer = api.call("POST", "/mapped/7", headers, body)
    assert (answer.status, answer.json) == (400, {"message": "Bad Request"})


def test_the_answer_is_passed_back_but_for_its_connections_headers(api: Api) -> None:
    answer = api.call("GET", "/all/headers")
    assert answer.all("x-a") == ["1", "2"]
    assert answer.all("set-cookie") == ["a=1"]
    assert answer.header("access-control-allow-origin") == "*"
    assert answer.header("x-hop") is None
    assert len(answer.all("date")) == 1


def test_a_backends_challenges_are_renamed_and_the_gateway_speaks_for_itself(api: Api) -> None:
    answer = api.call("GET", "/all/challenges")
    assert answer.status == 401
    assert answer.header("www-authenticate") is None
    assert answer.all("x-amzn-remapped-www-authenticate") == ["Basic", "Bearer"]
    assert len(answer.all("apigw-requestid")) == 1
    assert answer.header("apigw-requestid") != "mine"
    assert answer.all("content-type") == ["text/css"]


@pytest.mark.parametrize("status", [201, 204, 301, 418, 500, 599])
def test_the_status_is_the_backends(api: Api, status: int) -> None:
    assert api.call("GET", f"/all/status/{status}").status == status


def test_a_redirect_is_the_clients_to_follow(api: Api) -> None:
    answer = api.call("GET", "/all/redirect")
    assert (answer.status, answer.header("location")) == (302, "/elsewhere")


def test_response_parameters_are_mapped_by_status(api: Api) -> None:
    failed = api.call("GET", "/changed/500")
    assert (failed.status, failed.header("x-id")) == (403, failed.header("apigw-requestid"))
    missing = api.call("GET", "/changed/404")
    assert (missing.status, missing.header("error")) == (404, "green")
    assert missing.header("x-method") == "was GET"
    assert missing.header("content-type") == "<application/json>"
    assert missing.header("server") is None
    assert api.call("GET", "/changed/200").header("server")


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_a_backend_that_takes_too_long_is_503(api: Api, path: str) -> None:
    answer = api.call("GET", path)
    assert (answer.status, answer.json) == (503, {"message": "Service Unavailable"})
    assert "took more than" in api.reason


@pytest.mark.parametrize("path", ["/gone", "/nowhere"])
def test_a_backend_that_cannot_be_reached_is_503(api: Api, path: str) -> None:
    answer = api.call("GET", path)
    assert (answer.status, answer.json) == (503, {"message": "Service Unavailable"})
    assert "cannot be reached" in api.reason


def test_an_answer_over_ten_megabytes_is_500(api: Api) -> None:
    assert api.call("GET", "/all/large").status == 500
    assert api.call("GET", "/all/x").status == 200


def test_a_body_of_ten_megabytes_passes_and_one_more_byte_does_not(api: Api) -> None:
    body = b"a" * (10 * 1024 * 1024)
    assert sent(api.call("POST", "/pass", (), body))["body"] == len(body)
    answer = api.call("POST", "/pass", (), body + b"a")
    assert (answer.status, answer.json) == (413, {"message": "Request Entity Too Large"})
