"""`/oauth2/authorize` and `/login`: the page, the redirects, the browser's session."""

import re
from urllib.parse import urlsplit

import pytest

from .conftest import Cognito
from .http_client import Browser, ask, authorize, claims, found, redeem

SECOND = {
    "client_id": "second-web",
    "redirect_uri": "http://localhost:5174/",
    "scope": "openid",
}


def test_whoever_is_not_signed_in_is_sent_to_the_page(cognito: Cognito) -> None:
    answer = Browser(cognito).get("/oauth2/authorize", authorize())
    assert answer.status == 302
    assert urlsplit(answer.headers["location"]).path == "/login"
    assert answer.redirected == authorize()


def test_the_page_can_be_used_with_a_keyboard_and_a_screen_reader(cognito: Cognito) -> None:
    page = Browser(cognito).get("/login", authorize())
    assert page.status == 200
    assert '<html lang="en">' in page.body
    assert "<h1>Sign in</h1>" in page.body
    for field in ("username", "password"):
        assert f'<label for="{field}">' in page.body
        assert f'<input id="{field}" name="{field}"' in page.body
    assert '<button type="submit">' in page.body
    assert "tabindex" not in page.body


def test_the_page_names_who_can_sign_in_and_shows_no_password(cognito: Cognito) -> None:
    page = Browser(cognito).get("/login", authorize())
    assert re.search(r"<li>admin@example\.com \([a-z, ]*admins[a-z, ]*\)</li>", page.body)
    assert "<li>user@example.com</li>" in page.body
    assert not any(person.password in page.body for person in cognito.users.values())
    bare = ask(cognito, "GET", "/sign-in.css").body
    assert "color-scheme: light dark" in bare


def test_what_went_wrong_is_announced_and_tied_to_the_fields(cognito: Cognito) -> None:
    page = Browser(cognito).sign_in(authorize(), password="wrong")
    assert page.status == 401
    assert '<p id="problem" role="alert">Incorrect username or password.</p>' in page.body
    assert page.body.count('aria-describedby="problem"') == 2
    assert "location" not in page.headers


def test_the_page_has_no_inline_script_or_style_and_its_policy_allows_none(
    cognito: Cognito,
) -> None:
    page = Browser(cognito).get("/login", authorize())
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page.body)
    style = ask(cognito, "GET", found(r'<link rel="stylesheet" href="([^"]+)"', page))
    assert (style.status, style.headers["content-type"]) == (200, "text/css; charset=utf-8")


@pytest.mark.parametrize(
    ("redirect_uri", "source"),
    [
        ("http://localhost:5173/callback", "http://localhost:5173"),
        ("myapp://signed-in", "myapp:"),
    ],
)
def test_the_policy_lets_the_form_lead_back_to_the_client(
    cognito: Cognito, redirect_uri: str, source: str
) -> None:
    page = Browser(cognito).get("/login", authorize(redirect_uri=redirect_uri))
    assert f"form-action 'self' {source};" in page.headers["content-security-policy"]


def test_the_state_comes_back_unchanged(cognito: Cognito) -> None:
    for state in ("opaque & odd", "", 'a%20b+c="ü"'):
        back = Browser(cognito).sign_in(authorize(state=state))
        assert back.redirected["state"] == state
    assert "state" not in Browser(cognito).sign_in(authorize(state=None)).redirected


def test_a_callback_keeps_its_own_query(cognito: Cognito) -> None:
    back = Browser(cognito).sign_in(
        authorize(redirect_uri="http://localhost:5173/other?kept=1&empty=")
    )
    assert back.headers["location"].startswith("http://localhost:5173/other?kept=1&empty=&code=")


def test_a_form_without_the_browsers_own_token_signs_nobody_in(cognito: Cognito) -> None:
    admin = cognito.users["admin"]
    form = {"username": admin.username, "password": admin.password}
    browser = Browser(cognito)
    page = browser.get("/login", authorize())
    target = found(r'action="([^"]+)"', page).replace("&amp;", "&")
    for sent in (form, {**form, "_csrf": ""}, {**form, "_csrf": "guessed"}):
        answer = browser.post(target, sent)
        assert (answer.status, "location" in answer.headers) == (403, False)
    stranger = Browser(cognito)
    token = found(r'name="_csrf" value="([^"]+)"', page)
    assert stranger.post(target, {**form, "_csrf": token}).status == 403


def test_a_form_from_another_origin_signs_nobody_in(cognito: Cognito) -> None:
    admin = cognito.users["admin"]
    browser = Browser(cognito)
    page = browser.get("/login", authorize())
    form = {
        "username": admin.username,
        "password": admin.password,
        "_csrf": found(r'name="_csrf" value="([^"]+)"', page),
    }
    target = found(r'action="([^"]+)"', page).replace("&amp;", "&")
    for origin in ("http://127.0.0.1:1", "null", "https://evil.example"):
        assert browser.post(target, form, origin).status == 403


def test_two_tabs_of_a_browser_can_both_sign_in(cognito: Cognito) -> None:
    browser = Browser(cognito)
    first = browser.get("/login", authorize())
    browser.get("/login", authorize(state="other tab"))
    admin = cognito.users["admin"]
    form = {
        "username": admin.username,
        "password": admin.password,
        "_csrf": found(r'name="_csrf" value="([^"]+)"', first),
    }
    target = found(r'action="([^"]+)"', first).replace("&amp;", "&")
    assert browser.post(target, form).status == 302


def test_a_second_client_of_the_pool_signs_in_without_a_password(cognito: Cognito) -> None:
    browser = Browser(cognito)
    first = redeem(cognito, browser.sign_in(authorize()).redirected["code"]).json
    back = browser.get("/oauth2/authorize", authorize(**SECOND))
    assert back.headers["location"].startswith("http://localhost:5174/?code=")
    second = redeem(
        cognito,
        back.redirected["code"],
        client_id="second-web",
        redirect_uri="http://localhost:5174/",
    ).json
    mine, theirs = claims(second["access_token"]), claims(first["access_token"])
    assert (mine["sub"], mine["auth_time"]) == (theirs["sub"], theirs["auth_time"])
    assert mine["origin_jti"] != theirs["origin_jti"]


def test_the_session_cookie_is_for_no_script_and_for_one_hour(cognito: Cognito) -> None:
    back = Browser(cognito).sign_in(authorize())
    cookie = next(line for line in back.set_cookies if line.startswith("cognito="))
    assert {"HttpOnly", "Max-Age=3600", "SameSite=Lax"} <= set(cookie.split("; "))


def test_the_session_ends_after_an_hour(clocked: Cognito) -> None:
    browser = Browser(clocked)
    browser.sign_in(authorize())
    clocked.clock.advance(3599)
    assert "code" in browser.get("/oauth2/authorize", authorize()).redirected
    clocked.clock.advance(1)
    back = browser.get("/oauth2/authorize", authorize())
    assert urlsplit(back.headers["location"]).path == "/login"


def test_the_session_of_a_disabled_person_signs_nobody_in(clocked: Cognito) -> None:
    browser = Browser(clocked)
    browser.sign_in(authorize())
    clocked.api.admin_disable_user(
        UserPoolId=clocked.pool.id, Username=clocked.users["admin"].username
    )
    back = browser.get("/oauth2/authorize", authorize())
    assert urlsplit(back.headers["location"]).path == "/login"
    assert "User is disabled." in browser.sign_in(authorize()).body


def test_prompt_login_asks_again_and_prompt_none_never_asks(cognito: Cognito) -> None:
    browser = Browser(cognito)
    refused = browser.get("/oauth2/authorize", authorize(prompt="none"))
    assert refused.headers["location"].startswith("http://localhost:5173/callback?")
    assert refused.redirected["error"] == "login_required"
    browser.sign_in(authorize())
    assert "code" in browser.get("/oauth2/authorize", authorize(prompt="none")).redirected
    again = browser.get("/oauth2/authorize", authorize(prompt="login"))
    assert urlsplit(again.headers["location"]).path == "/login"


def test_a_login_hint_fills_the_name_in(cognito: Cognito) -> None:
    page = Browser(cognito).get("/login", authorize(login_hint='"><b>someone'))
    assert 'value="&quot;&gt;&lt;b&gt;someone"' in page.body


def test_an_unknown_person_is_told_like_a_wrong_password(cognito: Cognito) -> None:
    unknown = Browser(cognito).sign_in(authorize(), username="nobody@example.com")
    wrong = Browser(cognito).sign_in(authorize(), password="wrong")
    assert unknown.status == wrong.status == 401
    assert "Incorrect username or password." in unknown.body


def test_a_temporary_password_signs_nobody_in_on_the_page(cognito: Cognito) -> None:
    cognito.api.admin_create_user(
        UserPoolId=cognito.pool.id,
        Username="temporary@example.com",
        TemporaryPassword="Temporary-Passw0rd",
    )
    page = Browser(cognito).sign_in(authorize(), "temporary@example.com", "Temporary-Passw0rd")
    assert page.status == 401
    assert "This password is temporary" in page.body


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "http://localhost:5173/callback/"},
        {"redirect_uri": "http://localhost:5173/callback?x=1"},
        {"redirect_uri": "http://localhost:5173/callback#x"},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": None},
        {"client_id": "nobody"},
        {"client_id": None},
    ],
)
def test_an_unknown_client_or_redirect_uri_is_told_on_the_page_in_words(
    cognito: Cognito, changes: dict[str, str | None]
) -> None:
    for path in ("/oauth2/authorize", "/login"):
        answer = Browser(cognito).get(path, authorize(**changes))
        assert answer.status == 400
        assert "location" not in answer.headers
        assert "This sign-in link does not work" in answer.body
        assert "form-action 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"scope": "orders/delete"}, "invalid_scope"),
        ({"scope": "openid openid-not"}, "invalid_scope"),
        ({"scope": "email"}, "invalid_scope"),
        ({"prompt": "never"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"identity_provider": "Google"}, "invalid_request"),
        ({"idp_identifier": "example.com"}, "invalid_request"),
        ({"resource": "https://api.example.com"}, "invalid_request"),
    ],
)
def test_a_wrong_authorization_request_is_told_to_the_client(
    cognito: Cognito, changes: dict[str, str | None], code: str
) -> None:
    answer = Browser(cognito).get("/oauth2/authorize", authorize(**changes))
    assert (answer.status, answer.redirected["error"]) == (302, code)
    assert answer.redirected["state"] == "opaque & odd"


def test_what_a_link_says_is_escaped_on_the_page(cognito: Cognito) -> None:
    hostile = '"><script>alert(1)</script>'
    assert "<script>" not in Browser(cognito).get("/login", authorize(state=hostile)).body
    assert "<script>" not in Browser(cognito).get("/login", {"client_id": hostile}).body


def test_the_page_takes_get_and_post_only(cognito: Cognito) -> None:
    assert ask(cognito, "PUT", "/login").status == 405
    assert ask(cognito, "POST", "/oauth2/authorize", {"a": "b"}).status == 405
