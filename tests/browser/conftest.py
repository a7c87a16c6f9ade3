from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium, why_none
from tests.browser.page_object import PATIENCE_SECONDS
from tests.browser.served_app import App, serve_app

PATIENCE_MS = PATIENCE_SECONDS * 1000

SHORT_SECONDS = 3

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    executable = find_chromium()
    if executable is None:
        pytest.skip(why_none())
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=executable,
            args=ARGUMENTS,
            ignore_default_args=["--disable-back-forward-cache"],  # as people have it
        )
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that nobody has used."""
    fresh = browser.new_context()
    fresh.set_default_timeout(PATIENCE_MS)
    yield fresh
    fresh.close()


@pytest.fixture(scope="package")
def app() -> Iterator[App]:
    """The page's tokens live for a quarter of an hour."""
    with serve_app() as running:
        yield running


@pytest.fixture
def short_lived(app: App) -> Iterator[App]:
    """The page's new tokens live for three seconds."""
    with app.tokens_live_for(SHORT_SECONDS):
        yield app
