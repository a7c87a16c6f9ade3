"""Where the page keeps tokens too: no link moves a person from one way to the other."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.page_object import COOKIE, STORAGE, AppPage
from tests.browser.served_app import App


@pytest.mark.parametrize("query", ["", "?code=x&state=y", "?error=access_denied&state=y"])
def test_a_link_to_the_pages_callback_moves_nobody(
    context: BrowserContext, app: App, query: str
) -> None:
    page = AppPage.returning(context, app.url, app.users["admin"])
    page.open(f"/app/callback{query}")
    page.expect_signed_in(app.users["admin"])
    expect(page.tab.get_by_role("radio", name=COOKIE)).to_be_checked()
    page.open()
    page.expect_signed_in(app.users["admin"])
    assert "storage" not in str(page.tab.evaluate("JSON.stringify({...localStorage})"))


def test_a_session_in_cookies_is_shown_in_the_other_mode_and_can_be_ended(
    context: BrowserContext, app: App
) -> None:
    page = AppPage.returning(context, app.url, app.users["admin"])
    page.choose(STORAGE)
    page.expect_signed_out()
    other = page.tab.locator("#other-session")
    expect(other).to_have_text("There is also a session in cookies: admin@example.com.")
    page.tab.reload()
    expect(other).to_be_visible()
    page.button("Show that session").click()
    page.expect_signed_in(app.users["admin"])
    page.sign_out()
    page.expect_signed_out()
    expect(other).to_have_count(0)


def test_signing_out_ends_the_session_of_the_other_mode_too(
    context: BrowserContext, app: App
) -> None:
    page = AppPage.returning(context, app.url, app.users["user"])
    page.choose(STORAGE)
    page.button("Sign in").click()
    page.expect_signed_in(app.users["user"])
    page.sign_out()
    page.expect_signed_out()
    page.choose(COOKIE)
    page.expect_signed_out()
