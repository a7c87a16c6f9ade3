"""Any cookies and any headers beside them: a decision or a known refusal, and never a crash."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from function_kit.csrf_token import csrf_token
from tests.attacks.bench import NOW, Bench, usual_mint
from tests.attacks.gateway_event import COOKIE, PAGE_ORIGIN, page_event
from tests.attacks.target import PLAIN_ISSUER, Target, build_target, policy_of
from tests.property.json_values import json_values, texts

TOKEN = usual_mint().token()
CSRF = csrf_token(TOKEN)
THIRDS = [TOKEN[:200], TOKEN[200:400], TOKEN[400:]]
NAMES = st.sampled_from([COOKIE, f"{COOKIE}-1", f"{COOKIE}-2", f"{COOKIE}-01", "access", ""])
PIECES = st.sampled_from([TOKEN, *THIRDS, "", " ", "a.b.c", '"'])
COOKIES = st.builds("{}={}".format, NAMES, PIECES | texts) | texts


@pytest.fixture(scope="module")
def takes_cookies(bench: Bench) -> Target:
    return build_target(
        {**PLAIN_ISSUER, "jwks_uri": bench.jwks_uri()},
        policy=policy_of(orders={"cookie": True}),
        wall_clock=lambda: NOW,
        COOKIE_ORIGINS=json.dumps([PAGE_ORIGIN]),
    )


@given(json_values(st.sampled_from([COOKIE, f"{COOKIE}={TOKEN}"])))
def test_any_json_value_as_the_cookies_gets_a_verdict(takes_cookies: Target, value: Any) -> None:
    """R9: and only the token itself, alone, in a list is let pass."""
    verdict = takes_cookies.judge({**page_event("a=1", csrf=CSRF), "cookies": value})
    assert verdict.status in (200, 401)
    assert (verdict.status == 200) == (isinstance(value, list) and _holds_the_token(value))


@given(st.lists(COOKIES, max_size=5))
@example([f"{COOKIE}={TOKEN}"])
@example([f"{COOKIE}-2={THIRDS[2]}", f"{COOKIE}={THIRDS[0]}", f"{COOKIE}-1={THIRDS[1]}"])
@example([f"{COOKIE}={THIRDS[0]}", f"{COOKIE}-2={THIRDS[1]}"])
def test_whoever_passes_sent_each_part_of_the_token_once(
    takes_cookies: Target, cookies: list[str]
) -> None:
    """R9, R11: in any order, among any other cookies."""
    verdict = takes_cookies.judge({**page_event("a=1", csrf=CSRF), "cookies": cookies})
    assert (verdict.status == 200) == _holds_the_token(cookies)


def _holds_the_token(cookies: list[Any]) -> bool:
    if not all(isinstance(cookie, str) for cookie in cookies):
        return False
    ours = [cookie.split("=", 1) for cookie in cookies if cookie.startswith(COOKIE)]
    names = [COOKIE, *(f"{COOKIE}-{number}" for number in range(1, len(ours)))]
    values = dict(pair for pair in ours if len(pair) > 1 and pair[1])
    is_whole = len(values) == len(ours) and sorted(values) == sorted(names)
    return is_whole and "".join(values[name] for name in names) == TOKEN


@given(
    st.dictionaries(
        st.sampled_from(["origin", "Origin", "sec-fetch-site", "x-csrf-token", "authorization"]),
        st.sampled_from([PAGE_ORIGIN, "same-origin", CSRF, f"Bearer {TOKEN}"]) | json_values(texts),
        max_size=4,
    ),
    st.sampled_from(["GET", "HEAD", "POST", "DELETE"]) | json_values(texts),
)
def test_whoever_passes_with_the_cookie_is_a_script_of_our_page(
    takes_cookies: Target, headers: dict[str, Any], method: Any
) -> None:
    """R8, R10, R11: whatever the headers and the method."""
    event = page_event(f"{COOKIE}={TOKEN}", method=method)
    event["headers"] = headers
    verdict = takes_cookies.judge(event)
    assert verdict.status in (200, 401)
    if verdict.status == 200:
        assert headers["x-csrf-token"] == CSRF
        assert "authorization" not in headers
        origins = [value for name, value in headers.items() if name.lower() == "origin"]
        is_read = method in ("GET", "HEAD") and headers.get("sec-fetch-site") == "same-origin"
        assert origins == [PAGE_ORIGIN] or (not origins and is_read)


@given(st.lists(COOKIES, max_size=5), json_values(texts))
def test_where_cookies_are_not_taken_nothing_about_them_counts(
    target: Target, cookies: list[str], value: Any
) -> None:
    """R7: neither their presence nor their shape."""
    for listed in (cookies, value):
        event = {**page_event("a=1", csrf=CSRF), "cookies": listed}
        assert target.judge(event).reason == "token_missing"
        event["headers"]["authorization"] = f"Bearer {TOKEN}"
        assert target.judge(event).status == 200
