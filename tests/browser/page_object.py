"""The web page as a person uses it: all that tests know of its words and elements."""

import re
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Locator, Page, expect

from local.cognito.demo_users import DemoUser

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
STORAGE, COOKIE = "Browser storage", "Cookie"
PATIENCE_SECONDS = 60
"""For whatever a page does: only a test that fails waits so long, however busy the machine is."""

_NOT_YET = "Not attached to an active page"
OF_A_NAVIGATION = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@dataclass(frozen=True)
class AppPage:
    """One tab with the page in it."""

    tab: Page
    url: str

    @classmethod
    def opened(cls, context: BrowserContext, url: str, mode: str | None = STORAGE) -> "AppPage":
        page = cls(context.new_page(), url)
        page.open()
        if mode is not None:
            page.choose(mode)
        return page

    @classmethod
    def signed_in(cls, context: BrowserContext, url: str, mode: str, user: DemoUser) -> "AppPage":
        page = cls.opened(context, url, mode)
        page.sign_in(user)
        return page

    @classmethod
    def returning(cls, context: BrowserContext, url: str, user: DemoUser) -> "AppPage":
        """The page for somebody whose session is in this browser's cookies already.

        The browser's own requests make the session, as in a sign-in, with no window to show them:
        half the cost, for a test of what comes after.
        """
        form = context.request.get(f"{url}/session/login", headers=OF_A_NAVIGATION)
        [csrf_token] = re.findall('name="_csrf" value="([^"]+)"', form.text())
        entries = {"_csrf": csrf_token, "username": user.username, "password": user.password}
        context.request.post(form.url, form=entries, headers=OF_A_NAVIGATION)
        page = cls.opened(context, url, mode=None)
        page.expect_signed_in(user)
        return page

    def open(self, path: str = "/app") -> None:
        self.tab.goto(f"{self.url}{path}")

    def choose(self, mode: str) -> None:
        """Choose a mode; a page that has only one needs no choice."""
        ready = self.tab.locator("#modes:not([disabled]):visible, #cookie-only:visible")
        expect(ready).to_be_visible()
        if mode == COOKIE and self.tab.locator("#cookie-only").is_visible():
            return
        self.tab.get_by_role("radio", name=mode).check()

    def back(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.tab.go_back(wait_until="commit")
            except Error as error:
                # The page that was just gone back to is not the tab's own yet; nothing has moved.
                if _NOT_YET not in str(error) or time.monotonic() > deadline:
                    raise
                self.tab.wait_for_timeout(50)
            else:
                return

    @property
    def status(self) -> Locator:
        return self.tab.locator("#session-status")

    @property
    def problem(self) -> Locator:
        return self.tab.locator("#notices")

    @property
    def countdown(self) -> Locator:
        return self.tab.locator("#countdown")

    @property
    def renewal(self) -> Locator:
        return self.tab.locator("#renewal")

    def button(self, name: str) -> Locator:
        return self.tab.get_by_role("button", name=name, exact=True)

    def sign_in(self, user: DemoUser) -> None:
        self.button("Sign in").click()
        self.tab.get_by_label("E-mail").fill(user.username)
        self.tab.get_by_label("Password").fill(user.password)
        self.tab.get_by_role("button", name="Sign in").click()
        self.expect_signed_in(user)
        # A page that is left before it has loaded is no entry of the history.
        self.tab.wait_for_load_state("load")

    def sign_out(self) -> None:
        # The page forgets first; then it goes by way of the issuer, and comes back as a new one.
        with self.tab.expect_navigation(url=f"{self.url}/app"):
            self.button("Sign out of this browser").click()

    def expect_signed_in(self, user: DemoUser) -> None:
        expect(self.status).to_have_text(f"You are signed in as {user.username}.")

    def expect_signed_out(self) -> None:
        expect(self.status).to_contain_text("You are signed out.")

    @property
    def access_claims(self) -> Locator:
        return self.tab.get_by_role("table", name="Access token")

    def own_cookies(self) -> dict[str, str]:
        """The session's cookies, as only a test can see them."""
        return {
            str(item["name"]): str(item["value"])
            for item in self.tab.context.cookies(self.url)
            if "__Host-" in str(item["name"])
        }

    def claims(self, title: str) -> dict[str, str]:
        rows = self.tab.get_by_role("table", name=title).get_by_role("row").all()
        return {
            row.get_by_role("rowheader").inner_text(): row.get_by_role("cell").inner_text()
            for row in rows
        }

    def route(self, key: str) -> Locator:
        return self.tab.locator(f'[data-route="{key}"]')

    def call(self, key: str, **parameters: str) -> Locator:
        """Press a route's button; its result."""
        card = self.route(key)
        for name, value in parameters.items():
            card.get_by_label(name, exact=True).fill(value)
        card.get_by_role("button", name=f"Call {key}").click()
        return card.locator(".result")

    def steps(self, result: Locator) -> list[list[str]]:
        """Open what a result says check by check; the texts of each row."""
        result.get_by_text("Why, check by check").click()
        rows = result.locator("details.steps tbody tr")
        expect(rows.first).to_be_visible()
        return [row.locator("td").all_inner_texts() for row in rows.all()]

    def stored(self) -> str:
        """Everything in the tab's storages, as text."""
        script = "JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)])"
        return str(self.tab.evaluate(script))

    def accessibility_violations(self) -> list[str]:
        """What axe finds, each with the elements that it is about."""
        if not self.tab.evaluate('"axe" in window'):
            self.tab.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[str] = self.tab.evaluate(
            """async () => {
              const { violations } = await axe.run({ resultTypes: ["violations"] });
              return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`);
            }"""
        )
        return found
