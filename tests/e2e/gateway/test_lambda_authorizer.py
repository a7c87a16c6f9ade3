"""Lambda authorizers through a socket, their function under the real runtime client."""

import json
from typing import Any

import pytest

from local.gateway.gateway import Clocks

from .conftest import Answer, Api, Serve
from .templates import lambda_authorizer, route, stage

HEADER = "$request.header.Authorization"
NOW = [0.0]


@pytest.fixture(scope="module")
def api(serve_for_module: Serve) -> Api:
    return serve_for_module(
        route("GET /simple", "Lambda2", "Simple"),
        route("GET /simple/one", "Lambda1", "Simple"),
        route("ANY /policy/{proxy+}", "Lambda2", "Policy"),
        route("GET /first", "Lambda2", "First"),
        route("GET /first/one", "Lambda1", "First"),
        route("GET /several", "Lambda2", "Several"),
        route("GET /sourceless", "Lambda2", "Sourceless"),
        route("GET /shared/a", "Lambda2", "Shared"),
        route("GET /shared/b", "Lambda2", "Shared"),
        route("GET /apart/a", "Lambda2", "Apart"),
        route("GET /apart/b", "Lambda2", "Apart"),
        route("GET /kept/a", "Lambda2", "KeptPolicy"),
        route("GET /kept/b", "Lambda2", "KeptPolicy"),
        route("GET /other/a", "Lambda2", "OtherShared"),
        clocks=Clocks(monotonic=lambda: NOW[0]),
        Stage=stage(StageVariables={"colour": "green"}),
        Simple=lambda_authorizer(HEADER),
        Policy=lambda_authorizer(HEADER, simple=False),
        First=lambda_authorizer(HEADER, payload="1.0", simple=False),
        Several=lambda_authorizer(
            "$request.header.X-A",
            "$request.querystring.Q",
            "$stageVariables.colour",
            "$context.httpMethod",
        ),
        Sourceless=lambda_authorizer(),
        Shared=lambda_authorizer(HEADER, ttl_seconds=60),
        OtherShared=lambda_authorizer(HEADER, ttl_seconds=60),
        Apart=lambda_authorizer(HEADER, "$context.routeKey", ttl_seconds=60),
        KeptPolicy=lambda_authorizer(HEADER, simple=False, ttl_seconds=60),
    )


def ask(api: Api, path: str, verdict: Any = None, credential: str | None = "t") -> Answer:
    headers = [] if credential is None else [("authorization", credential)]
    if verdict is not None:
        headers.append(("x-verdict", json.dumps(verdict)))
    return api.call("GET", path, headers)


def returns(**answer: Any) -> Any:
    return {"return": answer}


def policy(*statements: Any, **more: Any) -> Any:
    return returns(
        principalId="someone",
        policyDocument={"Version": "2012-10-17", "Statement": list(statements)},
        **more,
    )


def statement(effect: str, *resources: str, action: Any = "execute-api:Invoke") -> Any:
    return {"Effect": effect, "Action": action, "Resource": list(resources)}


def context_of(answer: Answer) -> Any:
    assert answer.status == 200, answer
    return answer.json["requestContext"]["authorizer"]


FORBIDDEN = (403, {"message": "Forbidden"})
UNAUTHORIZED = (401, {"message": "Unauthorized"})
FAILED = (500, {"message": "Internal Server Error"})


def seen(answer: Answer) -> tuple[int, Any]:
    return answer.status, answer.json


def test_a_simple_answer_allows_with_its_context_and_types(api: Api) -> None:
    context = {"s": "x", "n": 1.5, "b": True, "list": ["a"], "map": {"k": "v"}, "none": None}
    answer = ask(api, "/simple", returns(isAuthorized=True, context=context))
    assert context_of(answer) == {"lambda": context}


def test_without_a_context_the_back_end_gets_null(api: Api) -> None:
    assert context_of(ask(api, "/simple", returns(isAuthorized=True))) == {"lambda": None}


def test_payload_one_back_ends_get_the_context_flat_as_strings(api: Api) -> None:
    context = {"s": "x", "n": 1, "b": True, "list": ["a"]}
    answer = ask(api, "/simple/one", returns(isAuthorized=True, context=context))
    assert context_of(answer) == {"s": "x", "n": "1", "b": "true", "list": '["a"]'}


def test_a_simple_denial_is_403(api: Api) -> None:
    assert seen(ask(api, "/simple", returns(isAuthorized=False))) == FORBIDDEN


@pytest.mark.parametrize("token", [None, ""])
def test_without_its_identity_source_it_is_401_and_not_called(api: Api, token: str | None) -> None:
    answer = ask(api, "/simple", {"raise": "called"}, token)
    assert seen(answer) == UNAUTHORIZED
    assert api.reason == "missing: an identity source is not provided"


def test_every_identity_source_must_be_there(api: Api) -> None:
    event = returns(isAuthorized=True, context={"e": "$event"})
    whole = (("x-a", "1"), ("x-verdict", json.dumps(event)))
    answer = api.call("GET", "/several?Q=2", whole)
    assert context_of(answer)["lambda"]["e"]["identitySource"] == ["1", "2", "green", "GET"]
    for path, headers in (
        ("/several?Q=2", whole[1:]),
        ("/several?q=2", whole),
        ("/several?Q=", whole),
        ("/several", whole),
    ):
        assert seen(api.call("GET", path, headers)) == UNAUTHORIZED


def test_an_authorizer_without_identity_sources_is_always_called(api: Api) -> None:
    verdict = returns(isAuthorized=True, context={"e": "$event"})
    answer = ask(api, "/sourceless", verdict, credential=None)
    assert context_of(answer)["lambda"]["e"]["identitySource"] == []


def test_raising_unauthorized_is_401(api: Api) -> None:
    assert seen(ask(api, "/simple", {"raise": "Unauthorized"})) == UNAUTHORIZED


@pytest.mark.parametrize(
    "verdict",
    [
        {"raise": "unauthorized"},
        {"raise": "Unauthorized."},
        {"raise": ""},
        {"exit": 1},
        {"sleep": 5, "return": {"isAuthorized": True}},
        {"return": None},
        {"return": []},
        {"return": "true"},
        {"return": True},
        returns(),
        returns(isAuthorized="true"),
        returns(isAuthorized=1),
        returns(isAuthorized=None),
        returns(isAuthorized=True, context=[]),
        returns(isAuthorized=True, context="x"),
        returns(isAuthorized=True, policyDocument={"Statement": []}, principalId="s"),
    ],
    ids=json.dumps,
)
def test_a_failed_late_or_malformed_answer_is_500(api: Api, verdict: Any) -> None:
    assert seen(ask(api, "/simple", verdict)) == FAILED
    assert ask(api, "/simple").status == 200


def test_simple_responses_may_still_be_policies(api: Api) -> None:
    assert ask(api, "/simple", policy(statement("Allow", "*"))).status == 200
    assert seen(ask(api, "/simple", policy())) == FORBIDDEN


ARN = "arn:aws:execute-api:eu-west-1:123456789012:*/$default/GET/policy/"


@pytest.mark.parametrize(
    ("path", "statements", "status"),
    [
        ("a", [statement("Allow", "$arn")], 200),
        ("a", [statement("Allow", f"{ARN}a")], 200),
        ("a/b/c", [statement("Allow", f"{ARN}*")], 200),
        ("a/b", [statement("Allow", f"{ARN}?/b")], 200),
        ("ab/b", [statement("Allow", f"{ARN}?/b")], 403),
        ("a", [statement("Allow", "*"), statement("Deny", "$arn")], 403),
        ("a", [statement("Deny", f"{ARN}*"), statement("Allow", "*")], 403),
        ("a", [statement("Deny", f"{ARN}b"), statement("Allow", "*")], 200),
        ("a", [statement("Allow", f"{ARN}b", f"{ARN}a")], 200),
        ("a", [statement("Allow", f"{ARN}A")], 403),
        ("a", [statement("Allow", f"{ARN}[a]")], 403),
        ("a", [statement("Allow", f"{ARN}")], 403),
        ("a", [statement("Allow", "*", action="execute-api:*")], 200),
        ("a", [statement("Allow", "*", action=["s3:Get", "Execute-API:invoke"])], 200),
        ("a", [statement("Allow", "*", action="execute-api:ManageConnections")], 403),
        ("a", [statement("Deny", "*", action="s3:*"), statement("Allow", "*")], 200),
        ("a", [], 403),
    ],
)
def test_a_policy_decides_by_the_routes_arn(
    api: Api, path: str, statements: list[Any], status: int
) -> None:
    assert ask(api, f"/policy/{path}", policy(*statements)).status == status


def test_a_star_crosses_slashes_and_a_deny_wins(api: Api) -> None:
    allowed = statement("Allow", "arn:aws:execute-api:*")
    assert ask(api, "/policy/a/b", policy(allowed)).status == 200
    denied = statement("Deny", f"{ARN}a/*")
    assert seen(ask(api, "/policy/a/b", policy(allowed, denied))) == FORBIDDEN


@pytest.mark.parametrize(
    "verdict",
    [
        returns(isAuthorized=True),
        returns(principalId="s"),
        returns(policyDocument={"Statement": []}),
        returns(principalId=1, policyDocument={"Statement": []}),
        returns(principalId="s", policyDocument={}),
        returns(principalId="s", policyDocument="x"),
        policy("x"),
        policy({"Effect": "allow", "Action": "*", "Resource": "*"}),
        policy({"Effect": "Allow", "Action": "*"}),
        policy({"Effect": "Allow", "Resource": "*"}),
        policy({"Effect": "Allow", "Action": "*", "Resource": []}),
        policy({"Effect": "Allow", "Action": "*", "Resource": [1]}),
        policy({"Effect": "Allow", "NotAction": "x", "Resource": "*"}),
        policy({**statement("Allow", "*"), "Condition": {}}),
        policy(statement("Allow", "*"), context=[]),
    ],
    ids=json.dumps,
)
def test_a_malformed_policy_is_500_and_never_a_yes(api: Api, verdict: Any) -> None:
    assert seen(ask(api, "/policy/a", verdict)) == FAILED


def test_a_policys_context_reaches_the_back_end(api: Api) -> None:
    answer = ask(api, "/policy/a", policy(statement("Allow", "*"), context={"n": 1}))
    assert context_of(answer) == {"lambda": {"n": 1}}


def test_payload_one_context_arrives_as_strings(api: Api) -> None:
    verdict = policy(statement("Allow", "*"), context={"s": "x", "n": 1.5, "b": False, "z": None})
    texts = {"s": "x", "n": "1.5", "b": "false"}
    assert context_of(ask(api, "/first", verdict)) == {"lambda": texts}
    assert context_of(ask(api, "/first/one", verdict)) == {"principalId": "someone", **texts}


@pytest.mark.parametrize("context", [{"a": []}, {"a": {}}, {"claims": "x"}, [], "x"])
def test_payload_one_context_with_more_than_plain_values_is_500(api: Api, context: Any) -> None:
    assert seen(ask(api, "/first", policy(statement("Allow", "*"), context=context))) == FAILED


def test_payload_one_answers_with_policies_only(api: Api) -> None:
    assert seen(ask(api, "/first", returns(isAuthorized=True))) == FAILED


COUNT = returns(isAuthorized=True, context={"calls": "$calls"})


def calls(api: Api, path: str, token: str) -> Any:
    return context_of(ask(api, path, COUNT, token))["lambda"]["calls"]


def test_an_answer_is_kept_for_its_time_and_shared_by_all_routes(api: Api) -> None:
    NOW[0] = 1000.0
    first = calls(api, "/shared/a", "kept")
    NOW[0] = 1059.9
    assert calls(api, "/shared/a", "kept") == first
    assert calls(api, "/shared/b", "kept") == first
    assert calls(api, "/shared/a", "Kept") > first
    NOW[0] = 1060.0
    assert calls(api, "/shared/a", "kept") > first


def test_with_the_route_key_as_a_source_each_route_has_its_own_answer(api: Api) -> None:
    first = calls(api, "/apart/a", "own")
    assert calls(api, "/apart/b", "own") > first
    assert calls(api, "/apart/a", "own") == first


def test_each_authorizer_has_its_own_answers(api: Api) -> None:
    assert ask(api, "/other/a", returns(isAuthorized=False), "each").status == 403
    assert calls(api, "/shared/a", "each")


def test_a_ttl_of_zero_keeps_nothing(api: Api) -> None:
    first = calls(api, "/simple", "zero")
    assert calls(api, "/simple", "zero") > first


def test_a_denial_is_kept_and_a_failure_is_not(api: Api) -> None:
    assert ask(api, "/shared/a", returns(isAuthorized=False), "denied").status == 403
    assert ask(api, "/shared/b", COUNT, "denied").status == 403
    for verdict in ({"raise": "Unauthorized"}, {"raise": "x"}, returns(isAuthorized=1)):
        assert ask(api, "/shared/a", verdict, "failed").status in {401, 500}
    assert ask(api, "/shared/a", COUNT, "failed").status == 200


def test_a_kept_policy_is_evaluated_anew_for_each_route(api: Api) -> None:
    only_here = policy(statement("Allow", "$arn"))
    assert ask(api, "/kept/a", only_here, "narrow").status == 200
    assert ask(api, "/kept/b", only_here, "narrow").status == 403
    everywhere = policy(statement("Allow", "*"))
    assert ask(api, "/kept/a", everywhere, "wide").status == 200
    assert ask(api, "/kept/b", policy(), "wide").status == 200


def test_a_kept_answer_names_the_request_it_was_given_to(api: Api) -> None:
    answers = [ask(api, "/shared/a", COUNT, "named") for _ in range(2)]
    first = answers[0].header("apigw-requestid")
    assert [exchange.decided_in for exchange in api.exchanges[-2:]] == [first, first]


def test_the_functions_reason_stays_in_the_log(serve: Serve) -> None:
    template = '{"e": "$context.authorizer.error", "s": "$context.authorizer.sub"}'
    api = serve(
        route("GET /a", "Lambda2", "Simple"),
        Simple=lambda_authorizer(HEADER),
        Stage=stage(AccessLogSettings={"DestinationArn": "arn", "Format": template}),
    )
    answer = ask(api, "/a", {"raise": "secret"})
    ask(api, "/a", returns(isAuthorized=True, context={"sub": "s"}))
    failed, allowed = (json.loads(str(exchange.access_log)) for exchange in api.exchanges)
    assert "secret" in failed["e"]
    assert allowed == {"e": "-", "s": "s"}
    assert b"secret" not in answer.body
