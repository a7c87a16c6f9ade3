"""A session in cookies against time, links and other people: sign-out wins, nothing moves a person."""

from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from tests.browser.page_object import COOKIE, AppPage
from tests.browser.served_app import App

WITHOUT_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });"
RENEW = """async () => {
  const me = await (await fetch("/session/me")).json();
  const headers = {"x-csrf-token": me.session_csrf_token};
  await fetch("/session/refresh", {method: "POST", headers});
}"""


@pytest.fixture
def victim(context: BrowserContext, app: App) -> AppPage:
    return AppPage.returning(context, app.url, app.users["admin"])


def cookies_of(context: BrowserContext, app: App) -> list[Any]:
    """The session's cookies, whole, as a browser keeps them."""
    return [item for item in context.cookies(app.url) if "__Host-" in str(item["name"])]


@pytest.mark.parametrize("locks", ["with Web Locks", "without Web Locks"])
def test_a_sign_out_waits_for_a_renewal_that_is_under_way(
    context: BrowserContext, app: App, locks: str
) -> None:
    if locks == "without Web Locks":
        context.add_init_script(WITHOUT_LOCKS)
    page = AppPage.returning(context, app.url, app.users["admin"])
    happened: list[str] = []
    held: list[Route] = []

    def ask_logout(route: Route) -> None:
        happened.append("sign-out asked")
        route.continue_()

    page.tab.route("**/session/refresh", lambda route: held.append(route))  # noqa: PLW0108  # a built-in has no place for what Playwright notes
    page.tab.route("**/session/logout", ask_logout)
    with page.tab.expect_request("**/session/refresh"):
        page.button("Renew now").click()
    page.button("Sign out of this browser").click()
    # What the page does first it has done by now: this goes the same way, and comes back.
    page.tab.evaluate("fetch('/health')")
    happened.append("renewal goes on")
    with page.tab.expect_navigation(url=f"{app.url}/app"):
        held[0].continue_()
    page.expect_signed_out()
    assert happened == ["renewal goes on", "sign-out asked"]
    assert page.own_cookies() == {}


def test_a_renewal_that_is_answered_after_the_sign_out_brings_nobody_back(
    victim: AppPage, app: App
) -> None:
    context = victim.tab.context
    victim.tab.evaluate(RENEW)
    renewed = cookies_of(context, app)
    victim.sign_out()
    victim.expect_signed_out()
    context.add_cookies(renewed)  # the answer was slow: its cookies come now
    late = AppPage.opened(context, app.url, None)
    late.expect_signed_out()
    expect(late.call("GET /orders").locator(".status")).to_have_text("401 Unauthorized")
    assert late.own_cookies() == {}


def test_another_tab_throws_away_what_came_after_the_sign_out(victim: AppPage, app: App) -> None:
    context = victim.tab.context
    other = AppPage.opened(context, app.url, None)
    other.expect_signed_in(app.users["admin"])
    victim.tab.evaluate(RENEW)
    renewed = cookies_of(context, app)

    def answer_late(route: Route) -> None:
        answer = route.fetch()
        context.add_cookies(renewed)
        route.fulfill(response=answer)

    victim.tab.route("**/session/logout", answer_late)
    victim.sign_out()
    other.expect_signed_out()
    victim.expect_signed_out()
    expect(other.tab.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    victim.open()
    victim.expect_signed_out()
    assert victim.own_cookies() == {}


def test_a_sign_out_that_did_not_reach_the_issuer_is_told(victim: AppPage) -> None:
    def not_revoked(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "revoked": False})

    victim.tab.route("**/session/logout", not_revoked)
    victim.sign_out()
    victim.expect_signed_out()
    expect(victim.problem).to_contain_text("the issuer could not be told to end it")


def test_a_refused_call_is_not_repeated_as_somebody_else(
    browser: Browser, context: BrowserContext, app: App
) -> None:
    """The cookies have become an administrator's, and this tab has not been told."""
    page = AppPage.returning(context, app.url, app.users["user"])
    elsewhere = browser.new_context()
    AppPage.returning(elsewhere, app.url, app.users["admin"])
    context.add_cookies(cookies_of(elsewhere, app))
    elsewhere.close()
    asked: list[str] = []
    page.tab.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.call("DELETE /orders/{id}", id="order-1")
    expect(page.problem).to_contain_text("Somebody else has signed in to this browser since.")
    page.expect_signed_in(app.users["admin"])
    assert [line for line in asked if line.startswith("DELETE ")] == [
        f"DELETE {app.url}/orders/order-1"
    ]


def test_two_tabs_begin_a_sign_in_at_once_and_both_come_back(
    context: BrowserContext, app: App
) -> None:
    first, second = (AppPage.opened(context, app.url, COOKIE) for _ in range(2))
    for page in (first, second):
        page.button("Sign in").click()
        page.tab.wait_for_url("**/login?*")
    user = app.users["user"]
    for page in (first, second):
        page.tab.get_by_label("E-mail").fill(user.username)
        page.tab.get_by_label("Password").fill(user.password)
        page.tab.get_by_role("button", name="Sign in").click()
        page.expect_signed_in(user)


def test_a_link_to_the_callback_disturbs_no_sign_in_that_is_under_way(
    context: BrowserContext, app: App
) -> None:
    page = AppPage.opened(context, app.url, COOKIE)
    page.button("Sign in").click()
    page.tab.wait_for_url("**/login?*")
    foreign = context.new_page()
    answer = foreign.goto(f"{app.url}/session/callback?{urlencode({'state': 'x', 'code': 'y'})}")
    assert answer
    assert answer.status == 400
    user = app.users["user"]
    page.tab.get_by_label("E-mail").fill(user.username)
    page.tab.get_by_label("Password").fill(user.password)
    page.tab.get_by_role("button", name="Sign in").click()
    page.expect_signed_in(user)


def test_no_script_can_put_another_session_into_the_browser(victim: AppPage, app: App) -> None:
    before = victim.own_cookies()
    victim.tab.evaluate(
        """() => {
          for (const name of ["__Host-Http-session", "__Host-Http-access"]) {
            document.cookie = `${name}=of-the-attacker; Secure; Path=/; Max-Age=31536000`;
          }
        }"""
    )
    assert victim.own_cookies() == before
    victim.tab.reload()
    victim.expect_signed_in(app.users["admin"])
