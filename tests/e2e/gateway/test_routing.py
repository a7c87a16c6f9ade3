import json

import pytest

from .conftest import Api, Serve
from .templates import route, stage

KEYS = (
    "ANY /{proxy+}",
    "GET /pets/{proxy+}",
    "GET /pets/{id}",
    "GET /pets/dog",
    "ANY /pets/cat",
    "GET /pets/{id}/toys",
    "GET /pets/{id}/{toy+}",
    "GET /",
    "GET /caf\u00e9",
)


@pytest.fixture(scope="module")
def api(serve_for_module: Serve) -> Api:
    return serve_for_module(
        *map(route, KEYS), Beta=stage("beta", StageVariables={"colour": "green"})
    )


@pytest.fixture(scope="module")
def default(serve_for_module: Serve) -> Api:
    """One route for everything, as the recorded API had."""
    return serve_for_module(route("$default"))


@pytest.fixture(scope="module")
def sparse(serve_for_module: Serve) -> Api:
    """Only a few routes, and no stage at the root but `v1`."""
    return serve_for_module(
        route("GET /orders"), route("GET /orders/{id}"), route("GET /x/{rest+}"), Stage=stage("v1")
    )


@pytest.mark.parametrize(
    ("method", "path", "key"),
    [
        ("GET", "/pets/dog", "GET /pets/dog"),
        ("GET", "/pets/bird", "GET /pets/{id}"),
        ("GET", "/pets/cat", "GET /pets/{id}"),
        ("POST", "/pets/cat", "ANY /pets/cat"),
        ("GET", "/pets/dog/1", "GET /pets/{id}/{toy+}"),
        ("GET", "/pets/dog/toys", "GET /pets/{id}/toys"),
        ("POST", "/pets/dog", "ANY /{proxy+}"),
        ("GET", "/other", "ANY /{proxy+}"),
        ("GET", "/", "GET /"),
        ("GET", "/caf%C3%A9", "GET /caf\u00e9"),
        ("GET", "/pets/d%6Fg", "GET /pets/dog"),
    ],
)
def test_the_most_specific_route_is_selected(api: Api, method: str, path: str, key: str) -> None:
    assert api.event(method, path)["routeKey"] == key


def test_the_default_route_takes_what_no_other_does(serve: Serve) -> None:
    api = serve(route("GET /a"), route("$default"))
    assert api.event("GET", "/a")["routeKey"] == "GET /a"
    assert api.event("POST", "/a/b")["routeKey"] == "$default"
    assert "pathParameters" not in api.event("GET", "/a/b")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/nothing"),
        ("GET", "/v1/orders/"),
        ("GET", "/v1//orders"),
        ("GET", "/v1/Orders"),
        ("GET", "/v1/orders/1/2"),
        ("GET", "/v1/orders//"),
        ("GET", "/v1/x"),
        ("GET", "/v1/x/"),
        ("GET", "/v1"),
        ("PUT", "/v1/orders"),
        ("TRACE", "/v1/orders"),
        ("get", "/v1/orders"),
        ("GET", "/orders"),
        ("GET", "/"),
        ("GET", "/v2/orders"),
        ("GET", "/%76%31x/orders"),
    ],
)
def test_no_route_or_stage_is_404_even_for_a_wrong_method(
    sparse: Api, method: str, path: str
) -> None:
    answer = sparse.call(method, path)
    assert (answer.status, answer.json) == (404, {"message": "Not Found"})
    assert answer.header("content-type") == "application/json"
    assert answer.header("apigw-requestid")


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
def test_a_method_that_api_gateway_does_not_know_matches_nothing(api: Api, method: str) -> None:
    assert api.call(method, "/any").status == 404


def test_a_named_stage_is_the_first_segment(api: Api, sparse: Api) -> None:
    event = api.event("GET", "/beta/pets/dog")
    assert (event["routeKey"], event["rawPath"]) == ("GET /pets/dog", "/beta/pets/dog")
    assert event["requestContext"]["stage"] == "beta"
    assert event["stageVariables"] == {"colour": "green"}
    assert "stageVariables" not in api.event("GET", "/pets/dog")
    assert sparse.event("GET", "/v1/orders")["requestContext"]["stage"] == "v1"


def test_the_default_stage_keeps_the_whole_path(api: Api) -> None:
    event = api.event("GET", "/gamma/pets/dog")
    assert (event["routeKey"], event["requestContext"]["stage"]) == ("ANY /{proxy+}", "$default")
    assert api.event("GET", "/$default/x")["rawPath"] == "/$default/x"


@pytest.mark.parametrize(
    ("sent", "raw_path"),
    [
        ("/capture/plain", "/capture/plain"),
        ("/capture/space%20value", "/capture/space value"),
        ("/capture/question%3Fvalue", "/capture/question"),
        ("/capture/hash%23value", "/capture/hash#value"),
        ("/capture/slash%2Fvalue", "/capture/slash/value"),
        (
            "/capture/unicode-%CE%BB-%E4%B8%96%E7%95%8C",
            "/capture/unicode-\u03bb-\u4e16\u754c",
        ),
        ("/capture/literal%252Fvalue", "/capture/literal/value"),
        ("/capture/literal%253Fvalue", "/capture/literal?value"),
        ("/capture/literal%2525value", "/capture/literal%value"),
        ("/capture/plus+value", "/capture/plus+value"),
    ],
)
def test_a_path_is_decoded_twice_and_cut_at_an_encoded_question_mark(
    default: Api, sent: str, raw_path: str
) -> None:
    event = default.event("GET", f"{sent}?value=a%3Fb%25c%23d")
    assert (event["rawPath"], event["requestContext"]["http"]["path"]) == (raw_path, raw_path)
    assert event["rawQueryString"] == "value=a%3Fb%25c%23d"


@pytest.mark.parametrize(
    ("path", "key", "parameter"),
    [
        ("/pets/a%20b", "GET /pets/{id}", "a b"),
        ("/pets/a%2Fb", "GET /pets/{id}", "a/b"),
        ("/pets/a%252Fb", "GET /pets/{id}", "a/b"),
        ("/pets/a%3Fb", "GET /pets/{id}", "a?b"),
        ("/pets/a%2525b", "GET /pets/{id}", "a%b"),
        ("/pets/%E2%82%AC", "GET /pets/{id}", "\u20ac"),
        ("/pets/a+b", "GET /pets/{id}", "a+b"),
        ("/pets/a%3F/toys", "GET /pets/{id}/toys", "a?"),
    ],
)
def test_a_path_selects_its_route_as_it_was_sent(
    api: Api, path: str, key: str, parameter: str
) -> None:
    event = api.event("GET", path)
    assert (event["routeKey"], event["pathParameters"]) == (key, {"id": parameter})


def test_a_greedy_parameter_takes_all_the_rest(sparse: Api) -> None:
    assert sparse.event("GET", "/v1/x/a/b%20c/")["pathParameters"] == {"rest": "a/b c/"}


@pytest.mark.parametrize(
    "path",
    [
        *("/pets/%", "/pets/%zz", "/pets/%f", "/pets/%ff", "/%c0%80", "/%ed%a0%80", "/nothing/%"),
        *("/capture/percent%25done", "/pets/%25", "/pets/%25ff", "/pets/a%3F%25"),
    ],
)
def test_a_path_that_cannot_be_decoded_is_400(api: Api, path: str) -> None:
    answer = api.call("GET", path)
    assert (answer.status, answer.json) == (400, {"message": "Bad Request"})
    assert api.reason.startswith("the path: ")


@pytest.mark.parametrize("query", ["x=%", "x=%zz", "%ff=1", "x=%c3%28"])
def test_a_query_that_cannot_be_decoded_is_400(api: Api, query: str) -> None:
    answer = api.call("GET", f"/pets/dog?{query}")
    assert (answer.status, answer.json) == (400, {"message": "Bad Request"})


def test_the_access_log_has_the_stages_format(serve: Serve) -> None:
    template = '{"id": "$context.requestId", "r": "$context.routeKey", "n": "$context.none"}'
    settings = {"DestinationArn": "arn", "Format": template}
    api = serve(route("GET /a"), Stage=stage(AccessLogSettings=settings))
    answer = api.call("GET", "/a")
    assert json.loads(str(api.exchanges[0].access_log)) == {
        "id": answer.header("apigw-requestid"),
        "r": "GET /a",
        "n": "-",
    }
