from typing import Any

import pytest

from authorizer.errors import CsrfTokenInvalid, OriginNotAllowed
from authorizer.page_request import check_csrf_token, check_origin
from function_kit.csrf_token import csrf_token
from jwt_verifier.tokens import UnverifiedToken

OURS = "https://app.example"
ORIGINS = frozenset({OURS, "http://127.0.0.1:3000"})
TOKEN = UnverifiedToken("a.b.c")
CSRF = csrf_token(TOKEN)


def check(headers: Any, method: Any = "GET") -> None:
    context = {"http": {"method": method}}
    check_origin({"headers": headers, "requestContext": context}, ORIGINS)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("origin", sorted(ORIGINS))
def test_an_allowed_origin_may_send_any_method(origin: str, method: str) -> None:
    check({"origin": origin}, method)
    check({"Origin": origin, "sec-fetch-site": "cross-site"}, method)


@pytest.mark.parametrize(
    "origin",
    [
        "", "null", "https://app.example/", "https://app.example:443", "http://app.example", "HTTPS://app.example",
        "https://APP.example", "https://app.example.evil.example", "https://evil.example", "https://x.app.example",
        "https://app.example, https://app.example", "https://app.example,https://evil.example", " https://app.example",
        "https://app.example ", "app.example", "https://app.example@evil.example", "https://\u0430pp.example", "http://127.0.0.1",
        "http://127.0.0.1:3001", "http://localhost:3000", "*", 1, None, True, ["https://app.example"], {"https://app.example": 1},
    ],
)  # fmt: skip
def test_any_other_origin_is_refused_whatever_else_the_request_says(origin: Any) -> None:
    for headers in ({"origin": origin}, {"origin": origin, "sec-fetch-site": "same-origin"}):
        with pytest.raises(OriginNotAllowed, match="^the request's origin is not allowed$"):
            check(headers)


def test_two_origins_are_refused_even_if_both_are_allowed() -> None:
    with pytest.raises(OriginNotAllowed):
        check({"origin": OURS, "Origin": OURS})


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_request_of_the_same_origin_that_browsers_send_without_one_is_taken(method: str) -> None:
    check({"sec-fetch-site": "same-origin"}, method)
    check({"Sec-Fetch-Site": "same-origin"}, method)


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "OPTIONS", "get", "", None, 1, ["GET"]]
)
def test_any_other_method_without_an_origin_is_refused(method: object) -> None:
    with pytest.raises(OriginNotAllowed):
        check({"sec-fetch-site": "same-origin"}, method)


@pytest.mark.parametrize(
    "site",
    [
        "same-site", "cross-site", "none", "", "Same-Origin", "same-origin ", "same-origin,same-origin", '"same-origin"',
        "?1", None, 1, ["same-origin"],
    ],
)  # fmt: skip
def test_without_an_origin_only_same_origin_will_do(site: object) -> None:
    with pytest.raises(OriginNotAllowed):
        check({"sec-fetch-site": site})


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"headers": None, "requestContext": None},
        {"headers": {"sec-fetch-site": "same-origin"}},
        {"headers": {"sec-fetch-site": "same-origin"}, "requestContext": {"http": "GET"}},
        {"headers": {}, "requestContext": {"http": {"method": "GET"}}},
        {
            "headers": {"sec-fetch-site": "same-origin", "Sec-Fetch-Site": "same-origin"},
            "requestContext": {"http": {"method": "GET"}},
        },
    ],
    ids=str,
)
def test_a_request_that_says_nothing_clear_is_refused(members: Any) -> None:
    with pytest.raises(OriginNotAllowed):
        check_origin(members, ORIGINS)


@pytest.mark.parametrize("name", ["x-csrf-token", "X-CSRF-Token"])
def test_the_anti_csrf_token_of_the_access_token_is_taken(name: str) -> None:
    check_csrf_token({name: CSRF}, TOKEN)


@pytest.mark.parametrize(
    "value",
    [
        "", CSRF[:-1], CSRF + "=", CSRF + " ", CSRF.lower(), CSRF.swapcase(), csrf_token("a.b.d"), "a.b.c", f"{CSRF},{CSRF}",
        "\ud800", "\u00e4" * 43, "x" * 20_000, None, 1, True, [CSRF], {CSRF: CSRF}, CSRF.encode(),
    ],
)  # fmt: skip
def test_any_other_anti_csrf_token_is_refused(value: Any) -> None:
    with pytest.raises(CsrfTokenInvalid) as refused:
        check_csrf_token({"x-csrf-token": value}, TOKEN)
    assert str(refused.value) == (
        "the anti-CSRF token does not match the cookie"
        if isinstance(value, str)
        else "exactly one anti-CSRF token is required"
    )


@pytest.mark.parametrize(
    "headers", [None, [], {}, {"csrf-token": CSRF}, {"x-csrf-token": CSRF, "X-Csrf-Token": CSRF}]
)
def test_a_missing_or_doubled_anti_csrf_token_is_refused(headers: Any) -> None:
    with pytest.raises(CsrfTokenInvalid, match="^exactly one anti-CSRF token is required$"):
        check_csrf_token(headers, TOKEN)
