"""Rows R7 to R9 and R12: where a token in a cookie counts, and that nothing else stands beside it."""

import json
from typing import Any

import pytest

from function_kit.csrf_token import csrf_token
from tests.attacks.bench import NOW, Bench
from tests.attacks.forge import Mint
from tests.attacks.gateway_event import COOKIE, PAGE_ORIGIN, ROUTE_KEY, page_event
from tests.attacks.target import PLAIN_ISSUER, Target, build_target, policy_of

HEADER_ROUTE = "GET /header-only"


@pytest.fixture(scope="module")
def target(bench: Bench) -> Target:
    return build_target(
        {**PLAIN_ISSUER, "jwks_uri": bench.jwks_uri()},
        policy=policy_of(orders={"cookie": True}, **{HEADER_ROUTE: {}}),
        wall_clock=lambda: NOW,
        COOKIE_ORIGINS=json.dumps([PAGE_ORIGIN]),
    )


def parts(token: str, size: int) -> list[str]:
    """A token as the cookies that hold it, each value of a size at most."""
    values = [token[start : start + size] for start in range(0, len(token), size)]
    return [f"{COOKIE}-{n}={v}" if n else f"{COOKIE}={v}" for n, v in enumerate(values)]


def test_the_request_that_these_attacks_start_from_passes(target: Target, mint: Mint) -> None:
    """R7 to R9: or they would be refused for another reason."""
    assert target.judge(page_event(f"{COOKIE}={mint.token()}")).status == 200


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Basic dTpw", "Bearer a.b.c"])
def test_a_cookie_on_a_route_of_headers_is_no_credential_and_no_fallback(
    authorization: str | None, target: Target, mint: Mint
) -> None:
    """R7: with no header, and with a bad one."""
    event = page_event(f"{COOKIE}={mint.token()}", authorization=authorization)
    event["routeKey"] = event["requestContext"]["routeKey"] = HEADER_ROUTE
    assert target.judge(event).status == 401


def test_a_cookie_on_a_route_of_headers_does_no_harm(target: Target, mint: Mint) -> None:
    """R7: it is not even looked at, whatever its shape."""
    for cookies in ([f"{COOKIE}=x", f"{COOKIE}=y"], 7, None):
        event = page_event("a=1", authorization=f"Bearer {mint.token()}")
        event["cookies"] = cookies
        event["routeKey"] = event["requestContext"]["routeKey"] = HEADER_ROUTE
        assert target.judge(event).status == 200


@pytest.mark.parametrize("route_key", [HEADER_ROUTE, "GET /unknown", None, 7])
def test_an_event_of_two_route_keys_takes_no_cookie(
    route_key: object, target: Target, mint: Mint
) -> None:
    """R7: either way round."""
    for outer, inner in ((ROUTE_KEY, route_key or "x"), (route_key, ROUTE_KEY)):
        event = page_event(f"{COOKIE}={mint.token()}")
        event["routeKey"], event["requestContext"]["routeKey"] = outer, inner
        assert target.judge(event).status == 401


@pytest.mark.parametrize("name", ["authorization", "Authorization", "AUTHORIZATION"])
@pytest.mark.parametrize("scheme", ["Bearer {}", "Basic dTpw", "", " "])
def test_a_header_beside_the_cookie_is_refused(
    name: str, scheme: str, target: Target, mint: Mint
) -> None:
    """R8: even if both hold the same token; which of them would a backend take?"""
    event = page_event(f"{COOKIE}={mint.token()}")
    event["headers"][name] = scheme.format(mint.token())
    assert target.judge(event).reason == "credentials_ambiguous"


def test_a_header_beside_a_broken_cookie_is_refused(target: Target, mint: Mint) -> None:
    """R8: a bad cookie does not make the header the one credential."""
    for cookie in (f"{COOKIE}=", f"{COOKIE}-1=x", f"{COOKIE}-x=x", COOKIE):
        event = page_event(cookie, authorization=f"Bearer {mint.token()}")
        assert target.judge(event).reason == "credentials_ambiguous"


@pytest.mark.parametrize("name", ["cookie", "Cookie", "COOKIE"])
def test_a_cookie_header_beside_the_list_of_cookies_is_refused(
    name: str, target: Target, mint: Mint
) -> None:
    """R8: format 2.0 has the list alone; whoever made this event is not a gateway of ours."""
    for cookies in ([f"{COOKIE}={mint.token()}"], []):
        event = {**page_event(f"{COOKIE}={mint.token()}"), "cookies": cookies}
        event["headers"][name] = f"{COOKIE}={mint.token()}"
        assert target.judge(event).reason == "credentials_ambiguous"


def test_a_tossed_cookie_of_the_same_name_is_refused(target: Target, mint: Mint) -> None:
    """R9: in either order, and whichever of the two the anti-CSRF token belongs to."""
    own, tossed = mint.token(), mint.token(claims=mint.claims(sub="mallory"))
    for cookies in ((own, tossed), (tossed, own), (own, own)):
        listed = [f"{COOKIE}={value}" for value in cookies]
        for token in cookies:
            verdict = target.judge(page_event(*listed, csrf=csrf_token(token)))
            assert verdict.reason == "credentials_ambiguous"


@pytest.mark.parametrize(
    "name",
    [
        *("access", "__Secure-access", "__host-access", "__HOST-access", "__Host-Access", "Host-access"),
        *(" __Host-Http-access", "\t__Host-Http-access", "_Host-access", "__Host-", "", "x=__Host-Http-access", "$__Host-Http-access"),
    ],
)  # fmt: skip
def test_a_name_that_a_subdomain_could_plant_is_no_credential(
    name: str, target: Target, mint: Mint
) -> None:
    """R9: alone it is nothing, and beside ours it changes nothing."""
    own, planted = mint.token(), mint.token(claims=mint.claims(sub="mallory"))
    assert target.judge(page_event(f"{name}={planted}")).reason == "token_missing"
    both = page_event(f"{COOKIE}={own}", f"{name}={planted}")
    assert target.judge(both).context["sub"] == mint.claims()["sub"]


@pytest.mark.parametrize("size", [1, 100, 400])
def test_a_token_in_parts_is_put_together(size: int, target: Target, mint: Mint) -> None:
    """R9: in any order."""
    cookies = parts(mint.token(), size)
    event = page_event(*reversed(cookies), csrf=csrf_token(mint.token()))
    assert target.judge(event).status == 200


def test_parts_that_are_not_one_whole_are_refused(target: Target, mint: Mint) -> None:
    """R9: a gap, no first, another's part, one part twice, one too many."""
    one, other = mint.token(), mint.token(claims=mint.claims(sub="mallory"))
    whole, foreign = parts(one, 200), parts(other, 200)
    broken = [
        whole[1:], whole[:-1], [whole[0], *whole[2:]], [*whole, whole[1]], [*whole, f"{COOKIE}-{len(whole)}=A"],
        [*whole, f"{COOKIE}-{len(whole) + 1}=A"], [*whole, f"{COOKIE}-01=A"], [foreign[0], *whole[1:]], [*whole[:-1], foreign[-1]],
    ]  # fmt: skip
    for cookies in broken:
        for token in (one, other):
            assert target.judge(page_event(*cookies, csrf=csrf_token(token))).status == 401


@pytest.mark.parametrize(
    "shape",
    [
        *('"{}"', "'{}'", " {}", "{} ", "{}\t", "{}\0", "\0{}", "{}\n", "{}\r\nX: 1", "Bearer {}"),
        *("{}=", "{},", "{};", "{0},{0}", "{0} {0}", "\ufeff{}", "{}\u200b", "%22{}%22", "s%3A{}"),
    ],
)
def test_a_value_that_is_not_the_token_alone_is_refused(
    shape: str, target: Target, mint: Mint
) -> None:
    """R9: nothing is trimmed, unquoted or decoded."""
    value = shape.format(mint.token())
    for csrf in (csrf_token(mint.token()), "x"):
        assert target.judge(page_event(f"{COOKIE}={value}", csrf=csrf)).status == 401


@pytest.mark.parametrize(
    "cookies",
    [None, 7, True, "{0}", {"{0}": 1}, {COOKIE: "{0}"}, [["{0}"]], [{"{0}": 1}], [None], [7, "{0}"], ["{0}", None]],
)  # fmt: skip
def test_cookies_of_another_shape_are_refused_and_not_an_error(
    cookies: Any, target: Target, mint: Mint
) -> None:
    """R9: JSON can hold anything."""
    event = page_event(f"{COOKIE}={mint.token()}")
    text = json.dumps(cookies).replace("{0}", f"{COOKIE}={mint.token()}")
    assert target.judge({**event, "cookies": json.loads(text)}).status == 401


def test_cookies_longer_than_all_headers_may_be_are_refused(target: Target, mint: Mint) -> None:
    """R12: in one, in many, and however many names there are."""
    long = mint.token(claims=mint.claims(padding="x" * 10_240))
    for cookies in (parts(long, 20_000), parts(long, 3_800), parts(long, 1)):
        event = page_event(*cookies, csrf=csrf_token(long))
        assert target.judge(event).reason == "token_oversized"
    many = [f"{COOKIE}-{number}=" for number in range(100_000)]
    assert target.judge(page_event(*many)).reason == "token_malformed"


def test_a_token_as_long_as_is_allowed_passes(target: Target, mint: Mint) -> None:
    """R12: or the bound would be another one."""
    long = mint.token(claims=mint.claims(padding="x" * 6_500))
    assert 9_000 < len(long) <= 10_240
    event = page_event(*parts(long, 3_800), csrf=csrf_token(long))
    assert target.judge(event).status == 200
