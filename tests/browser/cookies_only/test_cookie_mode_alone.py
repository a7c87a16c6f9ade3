"""`test_cookie_mode.py` once more, where there is no other mode."""

from tests.browser.test_cookie_mode import *  # noqa: F403  # every test of it
