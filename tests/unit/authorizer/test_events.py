from typing import Any

import pytest

from authorizer.errors import (
    AuthorizerError,
    CredentialsAmbiguous,
    TokenMalformed,
    TokenMissing,
    TokenOversized,
)
from authorizer.events import AuthorizerRequest, RequestOrigin, origin, parse
from authorizer.route import NO_ROUTE, RouteKey
from authorizer.tokens import UnverifiedToken


def event(value: Any = "Bearer a.b.c", **members: Any) -> dict[str, Any]:
    return {
        "version": "2.0",
        "type": "REQUEST",
        "identitySource": [value, "GET /orders"],
        "routeKey": "GET /orders",
        "headers": {"host": "api.example", "authorization": value},
        "requestContext": {"routeKey": "GET /orders", "requestId": "r-1"},
        **members,
    }


def test_an_event_becomes_a_request() -> None:
    assert parse(event()) == AuthorizerRequest(
        UnverifiedToken("a.b.c"), RouteKey("GET /orders"), "r-1", {}
    )


def test_a_request_holds_the_parameters_of_its_path() -> None:
    assert parse(event(pathParameters={"id": "7", "x": 1, 2: "y"})).path_parameters == {"id": "7"}
    assert parse(event(pathParameters=["id"])).path_parameters == {}


def test_a_request_does_not_show_its_token() -> None:
    assert "a.b.c" not in repr(parse(event()))


@pytest.mark.parametrize("value", ["bearer a.b.c", "BEARER a.b.c", "Bearer   a.b.c"])
def test_the_scheme_has_no_case_and_any_number_of_spaces_behind_it(value: str) -> None:
    assert parse(event(value)).token == "a.b.c"


@pytest.mark.parametrize(
    "value",
    [
        "a.b.c", "Bearer", "Bearer ", "Basic a.b.c", "Bearera.b.c", " Bearer a.b.c", "Bearer a.b.c ", "Bearer\ta.b.c",
        "Bearer\u00a0a.b.c", "Bearer a.b.c, Bearer d.e.f", "Bearer a.b.c,d", "Bearer a.b.c d", 'Bearer "a.b.c"',
        "Bearer a.b.c\n", "Bearer a.b.c\0", "Bearer a.b.ç", "Bearer token=a.b.c", "\uff22earer a.b.c", "bearer a.b.\u017f",
    ],
)  # fmt: skip
def test_anything_but_bearer_and_one_token_is_malformed(value: str) -> None:
    with pytest.raises(TokenMalformed):
        parse(event(value))


@pytest.mark.parametrize(
    "headers",
    [{}, None, [], "authorization", {"authorization": ""}, {1: "Bearer a.b.c"}, {"cookie": "a"}],
)
def test_without_an_authorization_header_the_token_is_missing(headers: Any) -> None:
    with pytest.raises(TokenMissing):
        parse(event(headers=headers))


@pytest.mark.parametrize("broken", [None, [], "", 1, {}, {"headers": None}])
def test_a_foreign_event_has_no_token(broken: object) -> None:
    with pytest.raises(TokenMissing):
        parse(broken)


@pytest.mark.parametrize("value", [1, None, ["Bearer a.b.c"], {}])
def test_a_header_that_is_no_string_is_malformed(value: object) -> None:
    with pytest.raises(TokenMalformed):
        parse(event(headers={"authorization": value}))


def test_two_spellings_of_the_header_are_ambiguous() -> None:
    with pytest.raises(CredentialsAmbiguous):
        parse(event(headers={"authorization": "Bearer a.b.c", "Authorization": "Bearer a.b.c"}))


def test_one_other_spelling_of_the_header_is_the_header() -> None:
    assert parse(event(headers={"Authorization": "Bearer a.b.c"})).token == "a.b.c"


@pytest.mark.parametrize(
    "source", [["Bearer x.y.z", "GET /orders"], ["GET /orders"], "Bearer x.y.z", {"a": 1}, 1]
)
def test_a_header_that_is_not_the_identity_source_is_ambiguous(source: object) -> None:
    with pytest.raises(CredentialsAmbiguous):
        parse(event(identitySource=source))


@pytest.mark.parametrize("source", [None, [], "Bearer a.b.c"])
def test_an_event_without_identity_sources_or_with_a_joined_one_is_read(source: object) -> None:
    assert parse(event(identitySource=source)).token == "a.b.c"


def test_an_oversized_header_is_refused_before_anything_else() -> None:
    longest = "Bearer " + "a" * (10_240 - 7)
    assert parse(event(longest)).token == longest[7:]
    with pytest.raises(TokenOversized):
        parse(event(longest + "a", identitySource=["another"]))


@pytest.mark.parametrize(
    "members",
    [
        {"routeKey": None, "requestContext": {}},
        {"routeKey": 1},
        {"routeKey": ["GET /orders"], "requestContext": {}},
        {"requestContext": {"routeKey": "GET /admin", "requestId": "r-1"}},
        {"routeKey": None},
    ],
    ids=str,
)
def test_an_event_without_one_clear_route_key_names_no_route(members: dict[str, Any]) -> None:
    assert origin(event(**members)).route_key == NO_ROUTE
    assert parse(event(**members)).route_key == NO_ROUTE


def test_the_route_key_at_the_top_is_enough() -> None:
    assert origin(event(requestContext=None)) == RequestOrigin(RouteKey("GET /orders"), "")


@pytest.mark.parametrize(
    "broken", [None, 1, "x", [], {}, {"requestContext": 1}, {"requestContext": {"requestId": 1}}]
)
def test_the_origin_of_any_event_can_be_told(broken: object) -> None:
    assert origin(broken) == RequestOrigin(NO_ROUTE, "")


def test_every_refusal_is_a_known_error() -> None:
    with pytest.raises(AuthorizerError):
        parse({"headers": {"authorization": "\ud800"}})
