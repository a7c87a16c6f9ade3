from typing import Any

import pytest

from authorizer.errors import CredentialsAmbiguous, CsrfTokenInvalid, OriginNotAllowed, TokenMissing
from authorizer.events import AuthorizerRequest, RequestOrigin, origin, parse
from authorizer.route import NO_ROUTE, RouteKey
from function_kit.csrf_token import csrf_token
from jwt_verifier.errors import TokenMalformed, TokenOversized, VerifierError
from jwt_verifier.tokens import UnverifiedToken


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


ORIGINS = frozenset({"https://app.example"})


def of_page(*cookies: str, **headers: Any) -> dict[str, Any]:
    """The event of a route that takes cookies: without identity sources."""
    page = {"origin": "https://app.example", "x-csrf-token": csrf_token("a.b.c")}
    given = {**page, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return event(
        headers={name: value for name, value in given.items() if value is not None},
        cookies=list(cookies or ("__Host-Http-access=a.b.c",)),
        identitySource=[],
    )


def test_an_event_becomes_a_request() -> None:
    assert parse(event()) == AuthorizerRequest(
        UnverifiedToken("a.b.c"), RouteKey("GET /orders"), "r-1", {}
    )


def of_path(raw_path: str) -> dict[str, Any]:
    """The event of a route with a parameter, called by this path."""
    key = "GET /orders/{id}"
    context = {"routeKey": key, "requestId": "r-1"}
    path = {"rawPath": raw_path, "pathParameters": {"id": "7"}}
    return event(routeKey=key, requestContext=context, **path)


def test_a_request_holds_the_parameters_of_its_path() -> None:
    assert parse(of_path("/orders/7")).path_parameters == {"id": "7"}
    assert parse(of_path("/dev/orders/7")).path_parameters == {"id": "7"}


def test_a_request_whose_path_reads_in_two_ways_holds_none() -> None:
    assert parse(of_path("/orders/8")).path_parameters == {}
    assert parse(of_path("/orders/%37")).path_parameters == {}


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


class TestCookie:
    def test_a_cookie_of_an_allowed_page_holds_the_token(self) -> None:
        assert parse(of_page(), ORIGINS) == AuthorizerRequest(
            UnverifiedToken("a.b.c"), RouteKey("GET /orders"), "r-1", {}
        )

    def test_its_parts_are_put_together(self) -> None:
        parts = ("theme=dark", "__Host-Http-access-1=.c", "__Host-Http-access=a.b")
        assert parse(of_page(*parts), ORIGINS).token == "a.b.c"

    def test_where_the_route_takes_none_it_counts_for_nothing(self) -> None:
        with pytest.raises(TokenMissing):
            parse(of_page())
        header = of_page(authorization="Bearer d.e.f", origin="https://evil.example")
        assert parse(header).token == "d.e.f"
        assert parse({**header, "cookies": 1}, frozenset()).token == "d.e.f"

    def test_where_the_route_takes_one_the_header_is_still_good(self) -> None:
        assert parse(event(), ORIGINS).token == "a.b.c"
        foreign = of_page("access=d.e.f", authorization="Bearer a.b.c", x_csrf_token=None)
        assert parse(foreign, ORIGINS).token == "a.b.c"

    def test_where_the_route_takes_one_and_there_is_neither_the_token_is_missing(self) -> None:
        with pytest.raises(TokenMissing):
            parse(of_page("access=a.b.c"), ORIGINS)

    @pytest.mark.parametrize("value", ["Bearer a.b.c", "Bearer d.e.f", "Basic x", "", None, 1, []])
    def test_a_header_and_a_cookie_are_ambiguous_whatever_the_header_says(self, value: Any) -> None:
        both = of_page()
        both["headers"]["Authorization"] = value
        with pytest.raises(CredentialsAmbiguous):
            parse(both, ORIGINS)

    @pytest.mark.parametrize("cookies", [[], ["__Host-Http-access=a.b.c"], None, 1])
    @pytest.mark.parametrize("name", ["cookie", "Cookie"])
    def test_a_cookie_header_which_the_gateway_never_sends_is_ambiguous(
        self, name: str, cookies: Any
    ) -> None:
        both = {**of_page(authorization="Bearer a.b.c"), "cookies": cookies}
        both["headers"][name] = "a=1"
        with pytest.raises(CredentialsAmbiguous, match="a cookie header"):
            parse(both, ORIGINS)

    @pytest.mark.parametrize("cookies", ["__Host-Http-access=a.b.c", 1, {}, [1], [None]])
    def test_cookies_of_another_shape_are_malformed_even_beside_a_header(
        self, cookies: Any
    ) -> None:
        for headers in ({}, {"authorization": "Bearer a.b.c"}):
            with pytest.raises(TokenMalformed):
                parse({**of_page(**headers), "cookies": cookies}, ORIGINS)

    def test_another_page_may_not_send_it(self) -> None:
        for site in ("https://evil.example", "null", None):
            with pytest.raises(OriginNotAllowed):
                parse(of_page(origin=site), ORIGINS)

    def test_a_page_that_does_not_know_the_anti_csrf_token_may_not_send_it(self) -> None:
        for value in (csrf_token("d.e.f"), "", None):
            with pytest.raises(CsrfTokenInvalid):
                parse(of_page(x_csrf_token=value), ORIGINS)

    @pytest.mark.parametrize(
        "sources", [["GET /orders"], ["__Host-Http-access=a.b.c"], "x", {"a": 1}]
    )
    def test_a_gateway_that_would_cache_the_answer_under_something_else_gets_none(
        self, sources: object
    ) -> None:
        with pytest.raises(CredentialsAmbiguous, match="not the identity source"):
            parse({**of_page(), "identitySource": sources}, ORIGINS)

    @pytest.mark.parametrize("sources", ["a.b.c", ["a.b.c"], ["GET /orders", "a.b.c"]])
    def test_a_gateway_that_caches_under_the_token_itself_gets_an_answer(
        self, sources: object
    ) -> None:
        assert parse({**of_page(), "identitySource": sources}, ORIGINS).token == "a.b.c"

    def test_a_request_does_not_show_it(self) -> None:
        assert "a.b.c" not in repr(parse(of_page(), ORIGINS))


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
    with pytest.raises(VerifierError):
        parse({"headers": {"authorization": "\ud800"}})


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (event(headers={}), "no Authorization header"),
        (event(""), "the Authorization header is empty"),
        (event(1), "the Authorization header is not a string"),
        (event(headers={"authorization": "x", "Authorization": "x"}), "several Authorization headers"),
        (event("x" * 10_241), "10241 characters"),
        (event("Basic x"), "the Authorization header is not Bearer and one token"),
        (event(identitySource=["x"]), "the credential is not the identity source"),
        (of_page(cookie="a=1"), "a cookie header, beside or for the list of cookies"),
        (of_page(authorization="Bearer a.b.c"), "an Authorization header and a cookie"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_refusal_says_why(refused: dict[str, Any], message: str) -> None:
    with pytest.raises(VerifierError) as caught:
        parse(refused, ORIGINS)
    assert str(caught.value) == message
