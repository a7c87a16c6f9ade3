from playwright.sync_api import BrowserContext, expect

from tests.browser.page_object import AppPage
from tests.browser.served_app import App

BLOCKED = """
for (const name of ["sessionStorage", "localStorage"]) {
  Object.defineProperty(window, name, {
    get() { throw new DOMException("blocked by the person", "SecurityError"); },
  });
}
"""
FULL = """
Storage.prototype.setItem = () => {
  throw new DOMException("no room", "QuotaExceededError");
};
"""


def test_blocked_storage_is_said_and_the_page_still_works(
    context: BrowserContext, app: App
) -> None:
    context.add_init_script(BLOCKED)
    page = AppPage.opened(context, app.url, mode=None)
    expect(page.problem).to_contain_text("This browser's storage is blocked")
    page.choose("Browser storage")
    page.expect_signed_out()
    expect(page.call("GET /health").locator(".status")).to_have_text("200 OK")


def test_with_blocked_storage_a_sign_in_is_refused_before_it_is_lost(
    context: BrowserContext, app: App
) -> None:
    context.add_init_script(BLOCKED)
    page = AppPage.opened(context, app.url)
    page.button("Sign in").click()
    expect(page.problem).to_contain_text("Allow storage for this page, or choose")
    assert page.tab.url == f"{app.url}/app"


def test_full_storage_keeps_a_session_for_as_long_as_the_page_lives(
    context: BrowserContext, app: App
) -> None:
    page = AppPage.opened(context, app.url)
    page.button("Sign in").click()
    user = app.users["user"]
    page.tab.get_by_label("E-mail").fill(user.username)
    page.tab.get_by_label("Password").fill(user.password)
    page.tab.add_init_script(FULL)
    page.tab.get_by_role("button", name="Sign in").click()
    page.expect_signed_in(user)
    expect(page.problem).to_contain_text("This browser's storage is full")
    expect(page.call("GET /orders").locator(".status")).to_have_text("200 OK")
    page.tab.reload()
    page.choose("Browser storage")  # not even this can be remembered
    page.expect_signed_out()


def test_a_damaged_session_is_said_and_forgotten(context: BrowserContext, app: App) -> None:
    page = AppPage.opened(context, app.url)
    page.sign_in(app.users["user"])
    page.tab.evaluate(
        """() => {
          for (const key of Object.keys(sessionStorage)) {
            if (key.startsWith("oidc.user:")) sessionStorage.setItem(key, "{damaged");
          }
        }"""
    )
    page.tab.reload()
    page.expect_signed_out()
    expect(page.status).to_contain_text("This tab's stored session is damaged.")
    assert "damaged" not in page.stored()
