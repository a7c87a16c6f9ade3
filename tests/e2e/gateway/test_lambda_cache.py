"""How long a Lambda authorizer's answers are kept, and for whom."""

from typing import Any

import pytest

from local.gateway.gateway import Clocks

from .conftest import Api, Serve
from .templates import lambda_authorizer, route
from .verdicts import ask, context_of, policy, returns, statement

HEADER = "$request.header.Authorization"
NOW = [0.0]


@pytest.fixture(scope="module")
def api(serve_for_module: Serve) -> Api:
    return serve_for_module(
        route("GET /never", "Lambda2", "Never"),
        route("GET /unasked", "Lambda2", "Unasked"),
        route("GET /shared/a", "Lambda2", "Shared"),
        route("GET /shared/b", "Lambda2", "Shared"),
        route("GET /apart/a", "Lambda2", "Apart"),
        route("GET /apart/b", "Lambda2", "Apart"),
        route("GET /kept/a", "Lambda2", "KeptPolicy"),
        route("GET /kept/b", "Lambda2", "KeptPolicy"),
        route("GET /other/a", "Lambda2", "OtherShared"),
        clocks=Clocks(monotonic=lambda: NOW[0]),
        Never=lambda_authorizer(HEADER),
        Unasked=lambda_authorizer(),
        Shared=lambda_authorizer(HEADER, ttl_seconds=60),
        OtherShared=lambda_authorizer(HEADER, ttl_seconds=60),
        Apart=lambda_authorizer(HEADER, "$context.routeKey", ttl_seconds=60),
        KeptPolicy=lambda_authorizer(HEADER, simple=False, ttl_seconds=60),
    )


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
    first = calls(api, "/never", "zero")
    assert calls(api, "/never", "zero") > first


def test_without_an_identity_source_every_request_is_asked_about(api: Api) -> None:
    first = calls(api, "/unasked", "any")
    assert calls(api, "/unasked", "any") > first
    assert api.call("GET", "/unasked").status == 200


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
