from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.page_object import COOKIE, STORAGE, AppPage
from tests.browser.served_app import App

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (360, 1280)


def expect_well_shown(page: AppPage) -> None:
    """Style sheets alone tell schemes and widths apart, so a page need not be loaded for each."""
    for scheme, width in product(SCHEMES, WIDTHS):
        page.tab.emulate_media(color_scheme=scheme)
        page.tab.set_viewport_size({"width": width, "height": 800})
        assert page.accessibility_violations() == [], (scheme, width)
        assert page.tab.evaluate("document.documentElement.scrollWidth") == width, scheme


@pytest.mark.parametrize("mode", [STORAGE, COOKIE])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    browser: Browser, app: App, mode: str
) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = AppPage.opened(context, app.url, mode)
    page.expect_signed_out()
    expect_well_shown(page)
    if mode == STORAGE:
        page.open("/app/callback?code=stolen&state=foreign")
        expect(page.problem).to_contain_text("belongs to no sign-in")
    page.sign_in(app.users["user"])
    for key in ("GET /orders", "POST /orders", "GET /machine/me"):
        expect(page.call(key).locator(".status")).to_be_visible()
    expect_well_shown(page)
    context.close()


def test_a_keyboard_is_enough_to_sign_in_call_and_sign_out(
    context: BrowserContext, app: App
) -> None:
    page = AppPage.opened(context, app.url, mode=None)
    expect(page.tab.get_by_role("radio", name="Cookie")).to_be_enabled()
    keyboard = page.tab.keyboard
    keyboard.press("Tab")
    expect(page.tab.get_by_role("link", name="Skip to the routes")).to_be_focused()
    keyboard.press("Tab")
    expect(page.tab.get_by_role("radio", name="Cookie")).to_be_focused()
    keyboard.press("ArrowDown")
    expect(page.tab.get_by_role("radio", name="Browser storage")).to_be_checked()
    # The button comes when the page has asked whether somebody is signed in.
    page.expect_signed_out()
    keyboard.press("Tab")
    expect(page.button("Sign in")).to_be_focused()
    keyboard.press("Enter")
    user = app.users["user"]
    expect(page.tab.get_by_label("E-mail")).to_be_focused()
    keyboard.type(user.username)
    keyboard.press("Tab")
    keyboard.type(user.password)
    keyboard.press("Enter")
    page.expect_signed_in(user)
    page.tab.get_by_role("link", name="Skip to the routes").focus()
    keyboard.press("Enter")
    expect(page.tab.locator("#routes")).to_be_focused()
    keyboard.press("Tab")
    expect(page.tab.get_by_role("button", name="Call GET /health")).to_be_focused()
    keyboard.press("Enter")
    expect(page.route("GET /health").locator(".status")).to_have_text("200 OK")
    expect(page.tab.get_by_role("button", name="Call GET /health")).to_be_focused()
    page.button("Sign out of this browser").focus()
    keyboard.press("Enter")
    page.expect_signed_out()


def test_a_renewal_leaves_the_focus_at_its_button(context: BrowserContext, app: App) -> None:
    page = AppPage.opened(context, app.url)
    page.sign_in(app.users["user"])
    first = page.claims("Access token")["jti"]
    page.button("Renew now").press("Enter")
    expect(page.tab.get_by_role("table", name="Access token")).not_to_contain_text(first)
    expect(page.button("Renew now")).to_be_focused()


def test_who_stood_at_a_button_that_is_gone_is_taken_to_the_sessions_heading(
    context: BrowserContext, app: App
) -> None:
    page = AppPage.opened(context, app.url)
    page.sign_in(app.users["user"])
    page.button("Renew now").focus()
    page.tab.evaluate(
        'new BroadcastChannel("aws-jwt-authorizer.session").postMessage({kind: "signed_out"})'
    )
    page.expect_signed_out()
    expect(page.tab.get_by_role("heading", name="Session", exact=True)).to_be_focused()
