"""How a session goes on, in both modes: in time, without a network, unrenewed, by a wrong clock."""

import re

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.page_object import COOKIE, STORAGE, AppPage
from tests.browser.served_app import LONG_SECONDS, App

RENEWALS = {STORAGE: "**/oauth2/token", COOKIE: "**/session/refresh"}
"""Where a renewal goes in each mode."""

in_both_modes = pytest.mark.parametrize("mode", RENEWALS)


def signed_in(context: BrowserContext, app: App, mode: str) -> AppPage:
    return AppPage.signed_in(context, app.url, mode, app.users["user"])


def without_renewals(route: Route) -> None:
    """Lose every renewal; in browser storage the sign-in itself goes the same way."""
    if "grant_type=authorization_code" in (route.request.post_data or ""):
        route.continue_()
    else:
        route.abort()


@in_both_modes
def test_the_session_is_renewed_before_the_token_expires(
    context: BrowserContext, app: App, mode: str
) -> None:
    context.clock.install()
    page = signed_in(context, app, mode)
    first = page.claims("Access token")["jti"]
    with page.tab.expect_response(RENEWALS[mode]) as renewal:
        page.tab.clock.fast_forward((LONG_SECONDS - 30) * 1000)
    assert renewal.value.ok
    expect(page.access_claims).not_to_contain_text(first)
    expect(page.countdown).to_contain_text("expires in")
    expect(page.call("GET /orders").locator(".status")).to_have_text("200 OK")


@in_both_modes
def test_a_network_loss_during_renewal_is_told_and_loses_nothing(
    context: BrowserContext, app: App, mode: str
) -> None:
    # The browser's clock is the test's: however busy the machine, the token outlives the loss.
    context.clock.install()
    page = signed_in(context, app, mode)
    first = page.claims("Access token")["jti"]
    page.tab.route(RENEWALS[mode], lambda route: route.abort())
    page.tab.clock.fast_forward((LONG_SECONDS - 30) * 1000)
    expect(page.renewal).to_contain_text("The session could not be renewed.")
    page.expect_signed_in(app.users["user"])
    page.tab.unroute(RENEWALS[mode])
    expect(page.access_claims).not_to_contain_text(first)
    expect(page.renewal).to_have_text("")


@in_both_modes
def test_an_answer_lost_on_its_way_is_made_up_for_by_the_next_try(
    context: BrowserContext, app: App, mode: str
) -> None:
    """The issuer has rotated the refresh token, and the browser has never seen the new one."""
    page = signed_in(context, app, mode)
    first = page.claims("Access token")["jti"]

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.tab.route(RENEWALS[mode], lose, times=1)
    page.button("Renew now").click()
    expect(page.access_claims).not_to_contain_text(first)
    expect(page.renewal).to_have_text("")


@in_both_modes
def test_a_token_that_expires_unrenewed_says_so_and_a_refusal_by_it_is_explained(
    context: BrowserContext, short_lived: App, mode: str
) -> None:
    context.route(RENEWALS[mode], without_renewals)
    page = signed_in(context, short_lived, mode)
    expect(page.countdown).to_have_text("has expired")
    expect(page.renewal).to_contain_text("Nothing is lost: renew when the network is back.")
    result = page.call("GET /orders")
    expect(result.locator(".status")).to_have_text("401 Unauthorized")
    expect(result.locator(".reason")).to_have_text(
        "The access token has expired. Renew the session, then call again."
    )
    context.unroute(RENEWALS[mode])
    with short_lived.tokens_live_for(LONG_SECONDS):
        page.button("Renew now").click()
        expect(page.countdown).to_contain_text("expires in")
        expect(page.call("GET /orders").locator(".status")).to_have_text("200 OK")


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        (STORAGE, "The issuer has ended the session: Invalid Refresh Token."),
        (COOKIE, "The session has ended"),
    ],
)
def test_an_issuer_that_has_ended_the_session_signs_the_person_out_in_words(
    context: BrowserContext, app: App, mode: str, words: str
) -> None:
    page = signed_in(context, app, mode)
    app.pool.sessions.sign_out(page.claims("Access token")["username"])
    page.button("Renew now").click()
    page.expect_signed_out()
    expect(page.status).to_contain_text(words)
    assert "refresh_token" not in page.stored()
    assert page.own_cookies() == {}


@in_both_modes
@pytest.mark.parametrize(
    ("milliseconds", "words"), [(7_200_000, "ahead of"), (-7_200_000, "behind")]
)
def test_a_browser_whose_clock_is_wrong_counts_by_the_servers(
    context: BrowserContext, app: App, mode: str, milliseconds: int, words: str
) -> None:
    context.add_init_script(f"const now = Date.now; Date.now = () => now() + {milliseconds};")
    page = signed_in(context, app, mode)
    expect(page.countdown).to_have_text(re.compile("expires in 1[0-5] min"))
    expect(page.tab.locator("#session-content")).to_contain_text(
        re.compile(f"clock is (2 h 0 min|1 h 59 min) {words} the server's")
    )
    page.tab.reload()
    page.expect_signed_in(app.users["user"])
    expect(page.countdown).to_have_text(re.compile("expires in 1[0-4] min"))
