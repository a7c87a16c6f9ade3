import re

from playwright.sync_api import Browser

from tests.browser.chromium import OF_PLAYWRIGHT, OF_THE_WINDOW


def test_what_playwright_switches_off_stays_off(browser: Browser) -> None:
    started = browser.new_browser_cdp_session().send("SystemInfo.getInfo")["commandLine"]
    lists = [set(given.split(",")) for given in re.findall(r"--disable-features=(\S+)", started)]
    assert lists == [set(OF_PLAYWRIGHT), {*OF_THE_WINDOW, *OF_PLAYWRIGHT}]
