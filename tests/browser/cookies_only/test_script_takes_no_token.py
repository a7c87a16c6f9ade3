"""A script in our own page gets no token, not even by a sign-in of its own (F1 of an audit).

`tests/browser/test_script_takes_tokens.py` runs the same script where the page keeps tokens.
"""

from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.attacker import Attacker, serve_attacker
from tests.browser.page_object import AppPage
from tests.browser.script_attack import VERIFIER, OwnSignIn, looted
from tests.browser.served_app import App


@pytest.fixture(scope="module")
def attacker() -> Iterator[Attacker]:
    with serve_attacker() as site:
        yield site


@pytest.fixture
def victim(context: BrowserContext, app: App) -> AppPage:
    return AppPage.returning(context, app.url, app.users["admin"])


def backend_client(app: App) -> str:
    client = app.stack.client("page_backend")
    assert client
    return client.id


def redeemed_elsewhere(app: App, code: str, redirect_uri: str) -> str:
    """What the issuer tells the attacker, who holds code and verifier, on a machine of theirs."""
    form = {
        "grant_type": "authorization_code",
        "client_id": backend_client(app),
        "code": code,
        "code_verifier": VERIFIER,
        "redirect_uri": redirect_uri,
    }
    asked = Request(f"{app.stack.cognito.url}/oauth2/token", urlencode(form).encode())
    try:
        with urlopen(asked, timeout=60) as answer:
            return str(answer.read().decode())
    except HTTPError as error:
        with error:
            return error.read().decode()


def test_no_client_of_the_page_is_public(app: App) -> None:
    assert app.stack.client("page") is None
    assert app.stack.client("page_backend") is not None


def test_the_issuer_sends_no_answer_to_the_page_itself(victim: AppPage, app: App) -> None:
    attack = OwnSignIn(backend_client(app), f"{app.url}/app/callback", app.stack.cognito.url)
    victim.tab.evaluate("(address) => { location.href = address; }", attack.address)
    expect(victim.tab.locator("body")).to_contain_text("redirect_uri")
    assert victim.tab.url.startswith(app.stack.cognito.url)
    answer = victim.tab.goto(f"{app.url}/app/callback?code=a-code&state=a-state")
    assert answer
    assert answer.status == 404


def test_a_sign_in_of_the_scripts_own_ends_without_a_token(
    victim: AppPage, app: App, attacker: Attacker
) -> None:
    """Silent, for the browser is signed in at the issuer: the code comes back to the backend."""
    attacker.received.clear()
    attack = OwnSignIn(backend_client(app), f"{app.url}/session/callback", app.stack.cognito.url)
    attack.inject(victim.tab.context, attacker.same_site)
    victim.tab.evaluate("(address) => { location.href = address; }", attack.address)
    victim.tab.wait_for_url(f"{attacker.same_site}/loot?*")
    [loot] = looted(attacker.received)
    assert "token" not in loot["got"]
    # The script has the code all the same. Without the backend's secret nobody redeems it.
    told = redeemed_elsewhere(app, loot["code"], attack.redirect_uri)
    assert "invalid_client" in told
    assert "access_token" not in told


def test_a_script_that_waits_for_one_click_and_back_finds_no_token(
    victim: AppPage, app: App
) -> None:
    """It seeds a sign-in of its own, and hopes that the page redeems the code for it."""
    victim.tab.evaluate(
        """(verifier) => {
          const seeded = {id: "of-the-attacker", code_verifier: verifier, request_type: "si:r"};
          sessionStorage.setItem("oidc.of-the-attacker", JSON.stringify(seeded));
        }""",
        VERIFIER,
    )
    asked: list[str] = []
    victim.tab.on("request", lambda request: asked.append(request.url))
    victim.open("/app/callback?code=a-code&state=of-the-attacker")
    victim.open()
    victim.expect_signed_in(app.users["admin"])
    victim.back()
    victim.back()
    victim.expect_signed_in(app.users["admin"])
    assert not any("/oauth2/token" in url for url in asked)
    assert "token" not in victim.stored()


def test_the_pages_policy_names_no_other_origin(victim: AppPage) -> None:
    answer = victim.tab.reload()
    assert answer
    policy = answer.headers["content-security-policy"].split("; ")
    assert "connect-src 'self'" in policy


def test_the_page_says_what_a_script_can_take(victim: AppPage) -> None:
    about = victim.tab.locator("#cookie-only")
    expect(about).to_contain_text("What XSS could take: no token.")
    expect(about).to_contain_text("read and send away what this page reads")
    expect(victim.tab.locator("#modes")).to_be_hidden()
