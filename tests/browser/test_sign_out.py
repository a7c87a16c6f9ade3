from playwright.sync_api import BrowserContext, expect

from tests.browser.page_object import STORAGE, AppPage
from tests.browser.served_app import App


def signed_in(context: BrowserContext, app: App) -> AppPage:
    return AppPage.signed_in(context, app.url, STORAGE, app.users["user"])


def test_signing_out_revokes_the_refresh_token_and_leaves_nothing_behind(
    context: BrowserContext, app: App
) -> None:
    page = signed_in(context, app)
    with (
        page.tab.expect_response("**/oauth2/revoke") as revoked,
        page.tab.expect_response("**/logout?*") as logged_out,
    ):
        page.sign_out()
    assert revoked.value.ok
    assert "token_type_hint=refresh_token" in (revoked.value.request.post_data or "")
    client = app.stack.client("page")
    assert client
    assert f"client_id={client.id}" in logged_out.value.url
    assert "id_token" not in logged_out.value.url
    page.expect_signed_out()
    assert "token" not in page.stored()


def test_after_it_the_issuer_asks_for_a_password_again(context: BrowserContext, app: App) -> None:
    page = signed_in(context, app)
    page.sign_out()
    page.expect_signed_out()
    page.button("Sign in").click()
    expect(page.tab.get_by_label("Password")).to_be_visible()


def test_another_tab_learns_of_it_and_revokes_its_own_tokens(
    context: BrowserContext, app: App
) -> None:
    first = signed_in(context, app)
    second = AppPage.opened(context, app.url, mode=None)
    second.button("Sign in").click()
    second.expect_signed_in(app.users["user"])
    with second.tab.expect_response("**/oauth2/revoke") as revoked:
        first.sign_out()
    assert revoked.value.ok
    second.expect_signed_out()
    expect(second.status).to_contain_text("You have signed out in another tab.")
    assert "token" not in second.stored()


def test_the_back_button_shows_nothing_of_a_session_that_is_over(
    context: BrowserContext, app: App
) -> None:
    page = signed_in(context, app)
    expect(page.call("GET /orders").locator(".status")).to_have_text("200 OK")
    page.sign_out()
    page.expect_signed_out()
    page.back()
    assert page.tab.url == f"{app.url}/app", "the page as it was before the issuer's logout"
    page.expect_signed_out()
    expect(page.tab.locator("body")).not_to_contain_text(app.users["user"].username)
    expect(page.tab.locator(".result .status")).to_have_count(0)


def test_an_issuer_that_cannot_be_told_is_said_so_after_signing_out(
    context: BrowserContext, app: App
) -> None:
    page = signed_in(context, app)
    page.tab.route("**/oauth2/revoke", lambda route: route.abort())
    page.sign_out()
    page.expect_signed_out()
    expect(page.problem).to_contain_text("the issuer could not be told to end them")
    assert "refresh_token" not in page.stored()


def test_a_page_out_of_the_back_forward_cache_starts_from_nothing(
    context: BrowserContext, app: App
) -> None:
    page = signed_in(context, app)
    expect(page.call("GET /orders").locator(".status")).to_have_text("200 OK")
    page.tab.evaluate("addEventListener('pageshow', (event) => { window.kept = event.persisted; })")
    page.tab.goto(f"{app.url}/health")
    page.tab.evaluate("sessionStorage.clear()")
    page.back()
    page.expect_signed_out()
    assert page.tab.evaluate("window.kept") is True, "the browser kept the page, as this test wants"
    expect(page.tab.locator(".result .status")).to_have_count(0)
