from playwright.sync_api import BrowserContext, expect

from tests.browser.page_object import COOKIE, AppPage
from tests.browser.served_app import LONG_SECONDS, App


def signed_in(context: BrowserContext, app: App) -> AppPage:
    return AppPage.returning(context, app.url, app.users["user"])


def test_a_person_signs_in_and_no_script_can_read_a_token(
    context: BrowserContext, app: App
) -> None:
    page = AppPage.signed_in(context, app.url, COOKIE, app.users["user"])
    assert page.tab.url == f"{app.url}/app"
    assert page.claims("Access token")["scope"] == "openid email profile orders/read orders/write"
    assert page.claims("ID token")["email"] == "user@example.com"
    assert page.tab.evaluate("document.cookie") == ""
    assert "token" not in page.stored()
    cookies = [cookie for cookie in context.cookies(app.url) if "__Host" in cookie["name"]]
    assert cookies
    for cookie in cookies:
        assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Strict")


def test_an_allowed_call_and_a_refused_one(context: BrowserContext, app: App) -> None:
    page = signed_in(context, app)
    expect(page.call("GET /orders").locator(".status")).to_have_text("200 OK")
    result = page.call("POST /orders")
    seen = page.steps(result)
    assert seen[0][3] == "in a cookie that no script can read"
    assert [row[1:] for row in seen if row[0] == "no"] == [
        ["rule", "membership of admins or buyers", "the token lacks the group admins or buyers"]
    ]
    expect(result.locator(".status")).to_have_text("403 Forbidden")
    expect(result.locator(".reason")).to_have_text("The token lacks the group admins or buyers.")


def test_a_route_that_reads_no_cookie_says_so(context: BrowserContext, app: App) -> None:
    page = signed_in(context, app)
    verdict = page.route("GET /me").locator(".verdict")
    expect(verdict).to_have_text(
        "For clients that send an Authorization header: a session in cookies sends none."
    )
    # Nothing is wrong with the token: it is the route that is made for others.
    expect(verdict).to_have_class("verdict note")
    result = page.call("GET /me")
    expect(result.locator(".status")).to_have_text("401 Unauthorized")
    expect(result.locator(".reason")).to_contain_text("This route reads no cookie: GET /me")


def test_after_another_tab_has_renewed_a_call_still_works(
    context: BrowserContext, app: App
) -> None:
    first, second = signed_in(context, app), AppPage.opened(context, app.url, None)
    second.expect_signed_in(app.users["user"])
    first.tab.evaluate(
        """async () => {
          const me = await (await fetch("/session/me")).json();
          const headers = {"x-csrf-token": me.session_csrf_token};
          await fetch("/session/refresh", {method: "POST", headers});
        }"""
    )
    expect(second.call("GET /orders").locator(".status")).to_have_text("200 OK")


def test_two_tabs_renew_and_both_go_on(context: BrowserContext, app: App) -> None:
    context.clock.install()
    first, second = signed_in(context, app), AppPage.opened(context, app.url, None)
    second.expect_signed_in(app.users["user"])
    known = first.claims("Access token")["jti"]
    context.clock.fast_forward((LONG_SECONDS - 30) * 1000)
    for page in (first, second):
        expect(page.access_claims).not_to_contain_text(known)
        expect(page.call("GET /orders").locator(".status")).to_have_text("200 OK")
        page.expect_signed_in(app.users["user"])


def test_signing_out_is_learnt_by_the_other_tab_and_leaves_no_cookie(
    context: BrowserContext, app: App
) -> None:
    first, second = signed_in(context, app), AppPage.opened(context, app.url, None)
    second.expect_signed_in(app.users["user"])
    first.sign_out()
    first.expect_signed_out()
    second.expect_signed_out()
    expect(second.status).to_contain_text("You have signed out in another tab.")
    assert first.own_cookies() == {}


def test_without_a_network_nobody_is_told_that_they_are_signed_out(
    context: BrowserContext, app: App
) -> None:
    page = signed_in(context, app)
    page.tab.route("**/session/logout", lambda route: route.abort())
    page.button("Sign out of this browser").click()
    expect(page.problem).to_contain_text("You are still signed in")
    page.expect_signed_in(app.users["user"])


def test_the_back_button_shows_nothing_of_a_session_that_is_over(
    context: BrowserContext, app: App
) -> None:
    page = signed_in(context, app)
    expect(page.call("GET /orders").locator(".status")).to_have_text("200 OK")
    page.sign_out()
    page.expect_signed_out()
    page.back()
    assert page.tab.url == f"{app.url}/app"
    page.expect_signed_out()
    expect(page.tab.locator("body")).not_to_contain_text(app.users["user"].username)
    expect(page.tab.locator(".result .status")).to_have_count(0)
