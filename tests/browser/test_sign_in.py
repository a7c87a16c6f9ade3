import re

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.page_object import COOKIE, STORAGE, AppPage
from tests.browser.served_app import App


def test_a_person_signs_in_and_sees_both_tokens(context: BrowserContext, app: App) -> None:
    page = AppPage.opened(context, app.url)
    page.sign_in(app.users["user"])
    assert page.tab.url == f"{app.url}/app", "the code is out of the address"
    expect(page.countdown).to_have_text(re.compile("expires in 1[0-4] min"))
    assert page.claims("Access token")["scope"] == "openid email profile orders/read orders/write"
    assert page.claims("ID token")["email"] == "user@example.com"


@pytest.mark.parametrize("mode", [STORAGE, COOKIE])
def test_whoever_opens_the_page_by_localhost_signs_in_under_its_own_name(
    context: BrowserContext, app: App, mode: str
) -> None:
    page = AppPage.opened(context, app.url.replace("127.0.0.1", "localhost"), mode=mode)
    page.sign_in(app.users["user"])
    page.expect_signed_in(app.users["user"])
    assert page.tab.url == f"{app.url}/app"


def test_a_reload_keeps_the_session_and_the_mode(context: BrowserContext, app: App) -> None:
    page = AppPage.opened(context, app.url)
    page.sign_in(app.users["user"])
    page.tab.reload()
    page.expect_signed_in(app.users["user"])


def test_a_first_visitor_gets_the_mode_that_gives_xss_less(
    context: BrowserContext, app: App
) -> None:
    page = AppPage.opened(context, app.url, mode=None)
    expect(page.tab.get_by_role("radio", name="Cookie")).to_be_checked()
    expect(page.tab.get_by_role("radio", name="Cookie")).to_have_accessible_description(
        "The server keeps the tokens in HttpOnly cookies, and this page never sees them. "
        "What XSS could take: nothing out of these cookies. But as long as this page also offers "
        "the other way, a script can begin a sign-in of its own and take those tokens."
    )


def test_an_answer_without_state_is_told_in_words(context: BrowserContext, app: App) -> None:
    page = AppPage.opened(context, app.url)
    page.open("/app/callback?code=stolen")
    expect(page.problem).to_contain_text(
        "This address is not an answer to a sign-in: it has no state."
    )
    page.expect_signed_out()
    assert page.tab.url == f"{app.url}/app"


def test_a_stolen_state_is_thrown_away_before_anybody_is_asked(
    context: BrowserContext, app: App
) -> None:
    page = AppPage.opened(context, app.url)
    asked: list[str] = []
    page.tab.on("request", lambda request: asked.append(request.url))
    page.open("/app/callback?code=stolen&state=of-somebody-else&error_description=Call+0900")
    expect(page.problem).to_contain_text("belongs to no sign-in that this tab has begun")
    expect(page.tab.locator("body")).not_to_contain_text("0900")
    page.expect_signed_out()
    assert not any("/oauth2/token" in url for url in asked)


def test_an_answer_counts_once(context: BrowserContext, app: App) -> None:
    page = AppPage.opened(context, app.url)
    answers: list[str] = []
    page.tab.on("request", lambda request: answers.append(request.url))
    page.sign_in(app.users["user"])
    [answer] = [url for url in answers if "/app/callback?" in url]
    page.open(answer.removeprefix(app.url))
    expect(page.problem).to_contain_text("belongs to no sign-in that this tab has begun")
    page.expect_signed_in(app.users["user"])


def test_an_error_of_the_issuer_is_told_in_words(context: BrowserContext, app: App) -> None:
    page = AppPage.opened(context, app.url)
    page.tab.route(
        "**/oauth2/authorize?*",
        lambda route: route.continue_(url=route.request.url.replace("orders%2Fread", "phone")),
    )
    page.button("Sign in").click()
    expect(page.problem).to_contain_text(
        "The issuer does not give this page one of the scopes that it asked for. "
        "It says: invalid_scope - the client may not have one of these scopes."
    )
    page.expect_signed_out()


def test_a_code_that_cannot_be_exchanged_is_told_in_words(
    context: BrowserContext, app: App
) -> None:
    page = AppPage.opened(context, app.url)
    page.button("Sign in").click()
    page.tab.route("**/oauth2/token", lambda route: route.abort())
    user = app.users["user"]
    page.tab.get_by_label("E-mail").fill(user.username)
    page.tab.get_by_label("Password").fill(user.password)
    page.tab.get_by_role("button", name="Sign in").click()
    expect(page.problem).to_contain_text("The issuer's code could not be exchanged for tokens.")
    page.expect_signed_out()


def test_a_page_without_its_settings_says_so_and_offers_a_reload(
    context: BrowserContext, app: App
) -> None:
    context.route("**/app/config.json", lambda route: route.fulfill(status=503))
    page = AppPage.opened(context, app.url, mode=None)
    expect(page.problem).to_contain_text("The page could not load its settings.")
    expect(page.problem).to_contain_text("/app/config.json answered 503")
    context.unroute("**/app/config.json")
    page.button("Reload the page").click()
    expect(page.tab.get_by_role("radio", name="Cookie")).to_be_enabled()


def test_without_the_issuers_addresses_the_page_says_so_and_still_lists_the_routes(
    context: BrowserContext, app: App
) -> None:
    def without_metadata(route: Route) -> None:
        answer = route.fetch()
        config = answer.json()
        config["storage"] |= {"metadata": None, "metadata_problem": "It answered 503."}
        route.fulfill(response=answer, json=config)

    context.route("**/app/config.json", without_metadata)
    page = AppPage.opened(context, app.url)
    expect(page.route("GET /orders")).to_be_visible()
    page.button("Sign in").click()
    expect(page.problem).to_contain_text("The issuer's addresses are not known yet.")


def test_an_issuer_that_the_policy_does_not_know_is_told_with_a_reload(
    context: BrowserContext, app: App
) -> None:
    page = AppPage.opened(context, app.url)
    page.sign_in(app.users["user"])

    def old_policy(route: Route) -> None:
        answer = route.fetch()
        policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"
        route.fulfill(
            response=answer, headers={**answer.headers, "content-security-policy": policy}
        )

    page.tab.route("**/app", old_policy)
    page.tab.reload()
    page.button("Renew now").click()
    expect(page.problem).to_contain_text("while the issuer's addresses were not known")
    page.expect_signed_in(app.users["user"])
    page.tab.unroute("**/app")
    page.button("Reload the page").click()
    expect(page.problem).to_have_text("")
    page.expect_signed_in(app.users["user"])
    first = page.claims("Access token")["jti"]
    page.button("Renew now").click()
    expect(page.tab.get_by_role("table", name="Access token")).not_to_contain_text(first)


@pytest.mark.parametrize("mode", [STORAGE, COOKIE])
def test_somebody_of_the_partners_signs_in_by_the_partners_own_provider(
    context: BrowserContext, app: App, mode: str
) -> None:
    page = AppPage.opened(context, app.url, mode)
    page.button("Sign in").click()
    page.tab.get_by_role("link", name="Continue with partner").click()
    page.tab.get_by_role("button", name="pat", exact=True).click()
    expect(page.status).to_have_text("You are signed in as pat@partner.example.")
    assert "partner" in page.claims("ID token")["identities"]
    expect(page.call("GET /orders").locator(".status")).to_have_text("200 OK")
