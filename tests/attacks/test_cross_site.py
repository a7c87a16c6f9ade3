"""Rows R10 and R11: what another site can make a browser send with our cookie passes nowhere."""

import json
from typing import Any

import pytest

from function_kit.csrf_token import csrf_token
from tests.attacks.bench import NOW, Bench
from tests.attacks.forge import Mint
from tests.attacks.gateway_event import COOKIE, PAGE_ORIGIN, page_event
from tests.attacks.target import PLAIN_ISSUER, Target, build_target, policy_of

UNSAFE = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "get", "GET ", "")


@pytest.fixture(scope="module")
def target(bench: Bench) -> Target:
    return build_target(
        {**PLAIN_ISSUER, "jwks_uri": bench.jwks_uri()},
        policy=policy_of(orders={"cookie": True}),
        wall_clock=lambda: NOW,
        COOKIE_ORIGINS=json.dumps([PAGE_ORIGIN]),
    )


def judge(target: Target, mint: Mint, **changes: Any) -> str:
    verdict = target.judge(page_event(f"{COOKIE}={mint.token()}", **changes))
    assert verdict.status == (200 if verdict.reason == "allowed" else 401)
    return verdict.reason


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_a_script_of_our_page_may_do_anything(method: str, target: Target, mint: Mint) -> None:
    """R10: with an Origin, as browsers send it with all but GET and HEAD."""
    assert judge(target, mint, method=method, origin=PAGE_ORIGIN) == "allowed"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_script_of_our_page_may_read_without_an_origin(
    method: str, target: Target, mint: Mint
) -> None:
    """R10: as browsers send those two of the same origin."""
    assert judge(target, mint, method=method) == "allowed"


@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize("site", ["same-origin", "same-site", "cross-site", "none", None])
def test_a_form_that_is_posted_without_an_origin_is_refused(
    method: str, site: str | None, target: Target, mint: Mint
) -> None:
    """R10: whatever it says of its site."""
    assert judge(target, mint, method=method, sec_fetch_site=site) == "origin_not_allowed"


@pytest.mark.parametrize(
    "origin",
    [
        "null", "", "https://evil.example", "http://app.example", "https://app.example.evil.example", "https://evilapp.example",
        "https://app.example:8443", "https://app.example:443", "https://app.example.", "https://APP.EXAMPLE", "https://www.app.example",
        "https://xn--pp-oia.example", "https://\u0430pp.example", "https://app.example/", "https://app.example@evil.example", "file://", "*",
        "https://app.example,https://app.example", "https://app.example https://evil.example", "https://app.example\0", 7, "undefined",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_origin_that_is_not_ours_to_the_letter_is_refused(
    origin: Any, method: str, target: Target, mint: Mint
) -> None:
    """R10: an opaque one, a look-alike, a subdomain, another port or scheme, two in one."""
    assert judge(target, mint, method=method, origin=origin) == "origin_not_allowed"


def test_our_origin_in_another_header_is_none(target: Target, mint: Mint) -> None:
    """R10: a referrer is not asked, and nothing of the request overrides the origin."""
    for name in ("referer", "x_origin", "x_forwarded_origin", "host", "x_forwarded_host"):
        changes = {name: PAGE_ORIGIN, "sec_fetch_site": None}
        assert judge(target, mint, **changes) == "origin_not_allowed"
        assert judge(target, mint, method="POST", **changes) == "origin_not_allowed"


@pytest.mark.parametrize(
    "site",
    ["same-site", "cross-site", "none", "", None, "Same-Origin", "SAME-ORIGIN", " same-origin", "same-origin,", "same-origin, none", "same-origin;a=1", 7],
)  # fmt: skip
def test_a_read_of_another_site_or_of_no_page_is_refused(
    site: Any, target: Target, mint: Mint
) -> None:
    """R10: an image, a link, a frame, the address bar, a browser that says nothing."""
    assert judge(target, mint, sec_fetch_site=site) == "origin_not_allowed"


def test_a_method_that_only_a_header_names_counts_for_nothing(target: Target, mint: Mint) -> None:
    """R10: the gateway says what the method is."""
    for name in ("x_http_method_override", "x_http_method", "x_method_override"):
        assert judge(target, mint, method="POST", **{name: "GET"}) == "origin_not_allowed"


@pytest.mark.parametrize("origin", [None, PAGE_ORIGIN])
@pytest.mark.parametrize(
    "shape",
    ["", "x", "{} ", " {}", "{}=", '"{}"', "{0},{0}", "{0} {0}", "Bearer {}", "{}\0", "\ud800", "\u00e4", "null", "undefined", "true"],
)  # fmt: skip
def test_a_request_that_does_not_hold_the_anti_csrf_token_is_refused(
    shape: str, origin: str | None, target: Target, mint: Mint
) -> None:
    """R11: even of our own origin: a form that somebody has smuggled into our page knows it not."""
    csrf = shape.format(csrf_token(mint.token()))
    assert judge(target, mint, csrf=csrf, origin=origin) == "csrf_token_invalid"


def test_a_missing_anti_csrf_token_is_refused(target: Target, mint: Mint) -> None:
    """R11: and one under another name is a missing one."""
    for name in ("x_xsrf_token", "csrf_token", "x_csrftoken", "x_csrf_token_"):
        changes: dict[str, Any] = {"x_csrf_token": None, name: csrf_token(mint.token())}
        assert judge(target, mint, **changes) == "csrf_token_invalid"


def test_another_users_anti_csrf_token_is_refused(target: Target, mint: Mint) -> None:
    """R11: whoever has signed in as himself has one, and it opens no one else's cookie."""
    mallory = mint.token(claims=mint.claims(sub="mallory"))
    assert judge(target, mint, csrf=csrf_token(mallory)) == "csrf_token_invalid"


def test_an_earlier_tokens_anti_csrf_token_is_refused(target: Target, mint: Mint) -> None:
    """R11: each access token has its own, so it dies with it."""
    earlier = mint.token(claims=mint.claims(jti="earlier"))
    assert judge(target, mint, csrf=csrf_token(earlier)) == "csrf_token_invalid"


def test_the_anti_csrf_token_is_not_the_access_token_or_a_plain_digest_of_it(
    target: Target, mint: Mint
) -> None:
    """R11: nothing that stands in a log or in the cookie will do."""
    token = mint.token()
    for csrf in (token, token.rpartition(".")[2], csrf_token(token.rpartition(".")[0])):
        assert judge(target, mint, csrf=csrf) == "csrf_token_invalid"


def test_two_anti_csrf_tokens_are_refused(target: Target, mint: Mint) -> None:
    """R11: even if one of them is right."""
    event = page_event(f"{COOKIE}={mint.token()}")
    event["headers"]["X-CSRF-Token"] = csrf_token(mint.token())
    assert target.judge(event).reason == "csrf_token_invalid"


@pytest.mark.parametrize("csrf", [7, True, ["x"], {"a": 1}])
def test_an_anti_csrf_token_that_is_no_string_is_refused(
    csrf: Any, target: Target, mint: Mint
) -> None:
    """R11: JSON can hold anything."""
    assert judge(target, mint, csrf=csrf) == "csrf_token_invalid"


def test_a_forged_token_with_its_own_anti_csrf_token_is_still_forged(
    target: Target, mint: Mint
) -> None:
    """R11: the derivation needs no key, so it can prove nothing but that the page knows the token."""
    forged = mint.token()[:-4] + "AAAA"
    verdict = target.judge(page_event(f"{COOKIE}={forged}", origin=PAGE_ORIGIN))
    assert verdict.reason == "signature_invalid"
