"""Where the page keeps tokens too, a script gets tokens in either mode, and the page says so."""

from playwright.sync_api import BrowserContext, expect

from tests.browser.attacker import serve_attacker
from tests.browser.page_object import AppPage
from tests.browser.script_attack import OwnSignIn, looted
from tests.browser.served_app import App


def test_a_sign_in_of_the_scripts_own_takes_tokens_and_the_page_has_said_so(
    context: BrowserContext, app: App
) -> None:
    victim = AppPage.returning(context, app.url, app.users["admin"])
    expect(victim.tab.locator("#about-cookie")).to_contain_text(
        "as long as this page also offers the other way, a script can begin a sign-in of its own "
        "and take those tokens"
    )
    client = app.stack.client("page")
    assert client
    with serve_attacker() as attacker:
        attack = OwnSignIn(client.id, f"{app.url}/app/callback", app.stack.cognito.url)
        attack.inject(context, attacker.same_site)
        victim.tab.evaluate("(address) => { location.href = address; }", attack.address)
        victim.tab.wait_for_url(f"{attacker.same_site}/loot?*")
        [loot] = looted(attacker.received)
    assert "refresh_token" in loot["got"]
