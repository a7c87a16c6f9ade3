"""The pictures in the README; `make screenshots` takes them anew."""

import os
import struct
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.page_object import COOKIE, STORAGE, AppPage
from tests.browser.served_app import App

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
WIDTH, HEIGHT = 1280, 2300
PICTURES = {COOKIE: "page-cookie.png", STORAGE: "page-browser-storage.png"}


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG (ISO/IEC 15948 section 11.2.2)."""
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


@pytest.mark.parametrize("mode", PICTURES)
def test_the_readme_shows_the_page_in_both_modes(browser: Browser, app: App, mode: str) -> None:
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", reduced_motion="reduce"
    )
    page = AppPage.opened(context, app.url, mode)
    page.sign_in(app.users["user"])
    expect(page.call("GET /orders").locator(".status")).to_have_text("200 OK")
    refused = page.call("DELETE /orders/{id}", id="order-1")
    expect(refused.locator(".reason")).to_have_text("The token lacks the group admins.")
    page.tab.evaluate("scrollTo(0, 0)")
    taken = page.tab.screenshot()
    file = IMAGES / PICTURES[mode]
    if os.environ.get("UPDATE_SCREENSHOTS"):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(taken)
    assert size(file.read_bytes()) == size(taken) == (WIDTH, HEIGHT)
    readme = (IMAGES.parents[1] / "README.md").read_text(encoding="utf-8")
    assert f"docs/images/{file.name}" in readme
    context.close()
