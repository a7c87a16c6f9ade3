"""Lambda authorizers through a socket, their function under the real runtime client."""

import json
from typing import Any

import pytest

from .conftest import Api, Serve
from .templates import lambda_authorizer, route, stage
from .verdicts import ask, context_of, policy, returns, seen, statement

HEADER = "$request.header.Authorization"


@pytest.fixture(scope="module")
def api(serve_for_module: Serve) -> Api:
    return serve_for_module(
        route("GET /simple", "Lambda2", "Simple"),
        route("GET /simple/one", "Lambda1", "Simple"),
        route("GET /hasty", "Lambda2", "Hasty"),
        route("ANY /policy/{proxy+}", "Lambda2", "Policy"),
        route("GET /first", "Lambda2", "First"),
        route("GET /first/one", "Lambda1", "First"),
        route("GET /several", "Lambda2", "Several"),
        route("GET /sourceless", "Lambda2", "Sourceless"),
        Stage=stage(StageVariables={"colour": "green"}),
        Simple=lambda_authorizer(HEADER),
        Hasty=lambda_authorizer(HEADER, asks="HastyAuthorizer"),
        Policy=lambda_authorizer(HEADER, simple=False),
        First=lambda_authorizer(HEADER, payload="1.0", simple=False),
        Several=lambda_authorizer(
            "$request.header.X-A",
            "$request.querystring.Q",
            "$stageVariables.colour",
            "$context.httpMethod",
        ),
        Sourceless=lambda_authorizer(),
    )


FORBIDDEN = (403, {"message": "Forbidden"})
UNAUTHORIZED = (401, {"message": "Unauthorized"})
FAILED = (500, {"message": "Internal Server Error"})


def test_a_simple_answer_allows_with_its_context_and_types(api: Api) -> None:
    context = {"s": "x", "n": 1.5, "b": True, "list": ["a"], "map": {"k": "v"}, "none": None}
    answer = ask(api, "/simple", returns(isAuthorized=True, context=context))
    assert context_of(answer) == {"lambda": context}


def test_without_a_context_the_backend_gets_null(api: Api) -> None:
    assert context_of(ask(api, "/simple", returns(isAuthorized=True))) == {"lambda": None}


def test_payload_one_backends_get_the_context_flat_as_strings(api: Api) -> None:
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
def test_a_failed_or_malformed_answer_is_500(api: Api, verdict: Any) -> None:
    assert seen(ask(api, "/simple", verdict)) == FAILED
    assert ask(api, "/simple").status == 200


def test_an_answer_that_comes_too_late_is_500(api: Api) -> None:
    late = {"sleep": 5, "return": {"isAuthorized": True}}
    assert seen(ask(api, "/hasty", late)) == FAILED
    assert "Task timed out after 1.00 seconds" in api.reason


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


def test_a_policys_context_reaches_the_backend(api: Api) -> None:
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


def test_the_functions_reason_stays_in_the_log(serve: Serve) -> None:
    template = '{"e": "$context.authorizer.error", "s": "$context.authorizer.sub"}'
    api = serve(
        route("GET /a", "Lambda2", "Simple"),
        Simple=lambda_authorizer(HEADER),
        Hasty=lambda_authorizer(HEADER, asks="HastyAuthorizer"),
        Stage=stage(AccessLogSettings={"DestinationArn": "arn", "Format": template}),
    )
    answer = ask(api, "/a", {"raise": "secret"})
    ask(api, "/a", returns(isAuthorized=True, context={"sub": "s"}))
    failed, allowed = (json.loads(str(exchange.access_log)) for exchange in api.exchanges)
    assert "secret" in failed["e"]
    assert allowed == {"e": "-", "s": "s"}
    assert b"secret" not in answer.body
